import { useState } from "react";
import { Link } from "wouter";
import type { Batch, BatchItem } from "../api/types";
import { Faults } from "../parts/ErrorBanner";
import { Facts } from "../parts/Facts";
import { PageTurner } from "../parts/PageTurner";
import { count, momentOf } from "../words";
import { useItems } from "./useBatches";
import { BATCH_WORDS, etaOf, ITEM_STATES, selectionOf, shareOf } from "./words";

function HowFar({ batch }: { batch: Batch }) {
  const { progress } = batch;
  const share = Math.round(shareOf(progress) * 100);
  return (
    <section className="card" aria-label="Progress">
      <div className="queue-progress">
        <div className="row g12">
          <b className="big">
            {(progress.total - progress.left).toLocaleString("en")} of{" "}
            {count(progress.total, "audit")} ended
          </b>
          <span className="sp" />
          <span className="t2 s12">
            {progress.rate_per_minute === null ? "" : `${progress.rate_per_minute} a minute, `}
            {etaOf(progress)}
          </span>
        </div>
        <div
          className="bar batch-bar"
          role="progressbar"
          aria-label={BATCH_WORDS[batch.state]}
          aria-valuenow={share}
        >
          <i style={{ width: `${share}%` }} />
        </div>
      </div>
    </section>
  );
}

function About({ batch }: { batch: Batch }) {
  const rows = [
    ["Chosen", selectionOf(batch.selection)],
    ["Grounder", `${batch.grounder.name} ${batch.grounder.version}`],
    ["Parser", `${batch.parser.name} ${batch.parser.version}`],
    ["Policy", batch.policy],
    ["Made", `${momentOf(batch.created_at)}, ${batch.requested_by ?? "by the platform"}`],
  ] as const;
  return (
    <section className="card" aria-label="What it is">
      <Facts rows={rows} />
    </section>
  );
}

function Item({ item }: { item: BatchItem }) {
  return (
    <tr>
      <td className="m">
        {item.audit ? (
          <Link href={`/audits/${item.audit}`}>{item.audit.slice(0, 8)}</Link>
        ) : (
          <span className="t3">none</span>
        )}
      </td>
      <td className="m t2">{item.case.slice(0, 8)}</td>
      <td className="m t2">{item.code}</td>
      <td className="wrap">{item.message}</td>
    </tr>
  );
}

/** The items by what became of them; what failed is shown first where something did. */
function Items({ batch }: { batch: Batch }) {
  const { progress } = batch;
  const [asked, setAsked] = useState<BatchItem["state"] | null>(null);
  const [address, setAddress] = useState<string | null>(null);
  const state = asked ?? (progress.failed ? "failed" : progress.refused ? "refused" : "done");
  const items = useItems(batch, state, address);
  return (
    <section className="card" aria-label="Its audits">
      <div className="row g8 wraps card-in">
        <div className="row g4 wraps" role="group" aria-label="State">
          {ITEM_STATES.map(([value, words]) => (
            <button
              key={value}
              type="button"
              className="chip"
              aria-pressed={value === state}
              onClick={() => {
                setAsked(value);
                setAddress(null);
              }}
            >
              {words} <b>{progress[value].toLocaleString("en")}</b>
            </button>
          ))}
        </div>
      </div>
      <Faults
        faults={[["Its audits could not be loaded", items.error, () => void items.refetch()]]}
      />
      <table className="batch-items">
        <thead>
          <tr>
            <th scope="col">Audit</th>
            <th scope="col">Case</th>
            <th scope="col">Code</th>
            <th scope="col">What went wrong</th>
          </tr>
        </thead>
        <tbody>
          {items.data?.results.map((item) => (
            <Item key={item.id} item={item} />
          ))}
        </tbody>
      </table>
      {items.data?.results.length === 0 ? <p className="none t3 s12">None of them.</p> : null}
      <PageTurner page={items.data} onTurn={setAddress} />
    </section>
  );
}

/** One batch whole: how far it is, what it is, and what became of each of its audits. */
export function BatchView({ batch }: { batch: Batch }) {
  return (
    <div className="queue">
      <HowFar batch={batch} />
      <About batch={batch} />
      <Items batch={batch} />
    </div>
  );
}
