import { Link, useLocation } from "wouter";
import type { AuditRow, FailedStep } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { Cap } from "../keys/own";
import { useKeys } from "../keys/useKeys";
import { Banner, Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { useAdministers } from "../session/session";
import { count, momentOf, STEP_WORDS, triesOf } from "../words";
import { useFailed, useFailuresOf, useRetryMany } from "./useFailures";
import "../styles/side.css";
import "../styles/queues.css";
import "../styles/batches.css";

function List({ all, chosen, more }: { all: readonly AuditRow[]; chosen: string; more: boolean }) {
  return (
    <nav className="side-list" aria-label="Failed audits">
      {all.map(({ id, case: { code }, failure, attempt }) => (
        <Link key={id} href={`/failures/${id}`} aria-current={id === chosen ? "true" : undefined}>
          <b>{code}</b>
          {failure ? failure.code : "unknown"}, {triesOf(attempt)}
        </Link>
      ))}
      {more ? <p>Only the newest are listed.</p> : null}
    </nav>
  );
}

function Failure({ failure }: { failure: FailedStep }) {
  const { step, attempt, code, message, traceback, at } = failure;
  return (
    <section className="card" aria-label={`${STEP_WORDS[step]}, attempt ${attempt}`}>
      <h2>
        {STEP_WORDS[step]}, attempt {attempt}
        <span className="sp" />
        <span className="plain t3">{momentOf(at)}</span>
      </h2>
      <p className="why">
        {message} <span className="m t3">{code}</span>
      </p>
      {/* Focusable, so that the keyboard can scroll it. */}
      <pre className="traceback m" tabIndex={0} role="group" aria-label="Traceback">
        {traceback}
      </pre>
    </section>
  );
}

type Retry = ReturnType<typeof useRetryMany>;

function Tried({ retry }: { retry: Retry }) {
  if (!retry.data) return null;
  const { retried, refused, left } = retry.data;
  return (
    <div className="banners">
      <Banner icon="check" title={`${count(retried, "audit")} tried again`}>
        {refused ? `${count(refused, "audit")} had changed meanwhile. ` : ""}
        {left ? `${count(left, "audit")} of the same kind wait: retry again.` : "None is left."}
      </Banner>
    </div>
  );
}

/** `row` is null once it was tried again: what went wrong before is still told. */
function Chosen({ id, row, retry }: { id: string; row: AuditRow | null; retry: Retry }) {
  const failures = useFailuresOf(id, row?.attempt ?? null);
  const code = row?.failure?.code;
  return (
    <>
      <div className="ph">
        <h1>{row ? row.case.code : "Tried again"}</h1>
        <span className="sp" />
        <Link className="btn q" href={`/audits/${id}`}>
          Open the audit
        </Link>
        {code ? (
          <button
            type="button"
            className="btn"
            disabled={retry.isPending}
            onClick={() => retry.mutate({ code })}
          >
            Retry all with {code}
          </button>
        ) : null}
        {row ? (
          <button
            type="button"
            className="btn go"
            disabled={retry.isPending}
            onClick={() => retry.mutate({ audits: [id] })}
          >
            Retry <Cap of="retry" />
          </button>
        ) : null}
      </div>
      <Faults
        faults={[
          ["They were not tried again", retry.error, () => retry.reset()],
          ["What failed could not be loaded", failures.error, () => void failures.refetch()],
        ]}
      />
      <Tried retry={retry} />
      <div className="scroll">
        <div className="queue">
          {failures.data?.map((failure) => (
            <Failure key={failure.id} failure={failure} />
          ))}
        </div>
      </div>
    </>
  );
}

function Failures({ chosen }: { chosen: string | null }) {
  const list = useFailed();
  const retry = useRetryMany();
  const [, go] = useLocation();
  const all = list.data?.results ?? [];
  const shown = chosen ?? all[0]?.id ?? "";
  const at = all.findIndex(({ id }) => id === shown);
  const step = (by: 1 | -1) => () => {
    const next = all[at + by];
    if (next) go(`/failures/${next.id}`);
  };
  useKeys("failures", {
    next: step(1),
    previous: step(-1),
    retry: () => at >= 0 && !retry.isPending && retry.mutate({ audits: [shown] }),
  });
  return (
    <div className="side-grid">
      <div className="side">
        <List all={all} chosen={shown} more={Boolean(list.data?.next)} />
      </div>
      <div className="main-part">
        <Faults
          faults={[["The failures could not be loaded", list.error, () => void list.refetch()]]}
        />
        {shown ? <Chosen key={shown} id={shown} row={all[at] ?? null} retry={retry} /> : null}
        {list.data && !shown ? (
          <>
            <div className="ph">
              <h1>Failures</h1>
            </div>
            <Tried retry={retry} />
            <div className="pad">
              <Empty title="No audit has failed" />
            </div>
          </>
        ) : null}
      </div>
    </div>
  );
}

/** What went wrong with audits, to the traceback, and trying it again. */
export default function FailuresPage({ chosen }: { chosen: string | null }) {
  const administers = useAdministers();
  useKeysOf("failures");
  return (
    <Frame>
      {administers ? (
        <Failures chosen={chosen} />
      ) : (
        <div className="pad">
          <Empty title="This page is for administrators" />
        </div>
      )}
    </Frame>
  );
}
