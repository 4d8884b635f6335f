import { Link, useLocation } from "wouter";
import type { Batch } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { Cap } from "../keys/own";
import { useKeys } from "../keys/useKeys";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { useCurates } from "../session/session";
import { momentOf } from "../words";
import { BatchView } from "./BatchView";
import { NewBatchForm } from "./NewBatchForm";
import { isAtWork, useAct, useBatch, useBatches, useMakeBatch } from "./useBatches";
import { BATCH_WORDS, shareOf } from "./words";
import "../styles/side.css";
import "../styles/queues.css";
import "../styles/worklist.css";
import "../styles/people.css";
import "../styles/batches.css";

const NEW = "new";

function nameOf({ selection }: Batch): string {
  const source = selection["source"];
  return typeof source === "string" ? source : "Chosen cases";
}

function List({ all, chosen, more }: { all: readonly Batch[]; chosen: string; more: boolean }) {
  return (
    <nav className="side-list" aria-label="Batches">
      {all.map((batch) => (
        <Link
          key={batch.id}
          href={`/batches/${batch.id}`}
          aria-current={batch.id === chosen ? "true" : undefined}
        >
          <b>{nameOf(batch)}</b>
          <span className="bar" aria-hidden="true">
            <i style={{ width: `${shareOf(batch.progress) * 100}%` }} />
          </span>
          {BATCH_WORDS[batch.state]}
          {batch.progress.failed
            ? `, ${batch.progress.failed.toLocaleString("en")} failed`
            : ""}, {momentOf(batch.created_at)}
        </Link>
      ))}
      {more ? <p>Only the newest are listed.</p> : null}
    </nav>
  );
}

function New() {
  const make = useMakeBatch();
  const [, go] = useLocation();
  return (
    <>
      <div className="ph">
        <h1>New batch</h1>
      </div>
      <div className="scroll">
        <Faults faults={[["The batch was not made", make.error, () => make.reset()]]} />
        <NewBatchForm
          pending={make.isPending}
          fields={make.error?.fields ?? {}}
          onMake={(wanted) => make.mutate(wanted, { onSuccess: ({ id }) => go(`/batches/${id}`) })}
        />
      </div>
    </>
  );
}

function OneBatch({ batch }: { batch: Batch }) {
  const retry = useAct(batch.id, "retry");
  const cancel = useAct(batch.id, "cancel");
  const failed = batch.state === "cancelled" ? 0 : batch.progress.failed;
  const tryAgain = () => {
    if (failed && !retry.isPending) retry.mutate();
  };
  useKeys("batches", { retry: tryAgain });
  return (
    <>
      <div className="ph">
        <h1>{nameOf(batch)}</h1>
        <span className="inv plain-inv">{BATCH_WORDS[batch.state]}</span>
        <span className="sp" />
        {failed ? (
          <button type="button" className="btn" disabled={retry.isPending} onClick={tryAgain}>
            Retry {failed > 200 ? "200 of the " : ""}
            {failed.toLocaleString("en")} failed <Cap of="retry" />
          </button>
        ) : null}
        {batch.state !== "cancelled" && isAtWork(batch) ? (
          <button
            type="button"
            className="btn"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            Cancel the rest
          </button>
        ) : null}
      </div>
      <Faults
        faults={[
          ["They were not tried again", retry.error, () => retry.mutate()],
          ["The batch was not cancelled", cancel.error, () => cancel.mutate()],
        ]}
      />
      <div className="scroll">
        <BatchView batch={batch} />
      </div>
    </>
  );
}

function Chosen({ id }: { id: string }) {
  const found = useBatch(id);
  if (found.data) return <OneBatch batch={found.data} />;
  return (
    <>
      <div className="ph">
        <h1>Batches</h1>
      </div>
      <Faults
        faults={[["The batch could not be loaded", found.error, () => void found.refetch()]]}
      />
    </>
  );
}

function Batches({ chosen }: { chosen: string | null }) {
  const list = useBatches();
  const [, go] = useLocation();
  const all = list.data?.results ?? [];
  const shown = chosen ?? all[0]?.id ?? "";
  const step = (by: 1 | -1) => () => {
    const next = all[all.findIndex(({ id }) => id === shown) + by];
    if (next) go(`/batches/${next.id}`);
  };
  useKeys("batches", {
    next: step(1),
    previous: step(-1),
    make: () => go(`/batches/${NEW}`),
  });
  return (
    <div className="side-grid">
      <div className="side">
        <List all={all} chosen={shown} more={Boolean(list.data?.next)} />
        <Link className="btn" href={`/batches/${NEW}`}>
          New batch <Cap of="make" />
        </Link>
      </div>
      <div className="main-part">
        <Faults
          faults={[["The batches could not be loaded", list.error, () => void list.refetch()]]}
        />
        {shown === NEW ? <New /> : shown ? <Chosen key={shown} id={shown} /> : null}
        {list.data && !shown ? (
          <>
            <div className="ph">
              <h1>Batches</h1>
            </div>
            <div className="pad">
              <Empty title="No batches yet">Make one to audit a whole source.</Empty>
            </div>
          </>
        ) : null}
      </div>
    </div>
  );
}

/** Audits over many cases at once: a list of batches beside one of them whole. */
export default function BatchesPage({ chosen }: { chosen: string | null }) {
  const curates = useCurates();
  useKeysOf("batches");
  return (
    <Frame>
      {curates ? (
        <Batches chosen={chosen} />
      ) : (
        <div className="pad">
          <Empty title="Batches are for curators">Ask one, or audit a case by New audit.</Empty>
        </div>
      )}
    </Frame>
  );
}
