import { useState } from "react";
import { Link, useLocation } from "wouter";
import type { Adjudication } from "../api/types";
import { Cap } from "../keys/own";
import { useKeysOf } from "../keys/KeysPanel";
import { useKeys } from "../keys/useKeys";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { useQueues } from "../queues/useQueues";
import { ageOf, count, LABEL_WORDS } from "../words";
import { SubmittedReads } from "./SubmittedReads";
import { useOpenAdjudications } from "./useAdjudications";
import "../styles/adjudications.css";

interface RowProps {
  row: Adjudication;
  queue: string;
  chosen: boolean;
  onChoose: () => void;
}

const labelsOf = ({ differs }: Adjudication): string =>
  [...new Set(differs.map(({ label }) => LABEL_WORDS[label]))].join(", ");

function Row({ row, queue, chosen, onChoose }: RowProps) {
  return (
    <tr
      className={chosen ? "sel" : undefined}
      aria-current={chosen ? "true" : undefined}
      onPointerDown={onChoose}
    >
      <td className="md">
        <Link href={`/adjudications/${row.id}`}>{labelsOf(row)}</Link>
      </td>
      <td>{count(row.differs.length, "difference")}</td>
      <td className="t2">{queue}</td>
      <td className="t2">{row.held ? "Being adjudicated" : "Open"}</td>
      <td className="r t2">{ageOf(row.opened_at, Date.now())}</td>
    </tr>
  );
}

/** What reads differ in, in the queues this person adjudicates; the oldest first. */
export default function AdjudicationsPage() {
  const list = useOpenAdjudications();
  const queues = useQueues();
  const rows = list.data?.results ?? [];
  const [chosen, setChosen] = useState(0);
  const [, go] = useLocation();
  const free = rows.find(({ held }) => !held);
  const open = (row: Adjudication | undefined) => row && go(`/adjudications/${row.id}`);
  const step = (by: number) => setChosen((now) => Math.min(rows.length - 1, Math.max(0, now + by)));
  useKeysOf("adjudications");
  useKeys("adjudications", {
    next: () => step(1),
    previous: () => step(-1),
    open: () => open(rows[chosen]),
    adjudicateNext: () => open(free),
  });
  const nameOf = (id: string) => queues.data?.results.find((queue) => queue.id === id)?.name ?? "";
  return (
    <Frame>
      <div className="ph">
        <h1>Adjudication</h1>
        <span className="t2">
          {list.data
            ? `${count(rows.length, "item")} open${list.data.next ? ", more to come" : ""}`
            : ""}
        </span>
        <span className="sp" />
        <button
          type="button"
          className={free ? "btn go" : "btn off"}
          disabled={!free}
          onClick={() => open(free)}
        >
          Adjudicate next <Cap of="adjudicateNext" />
        </button>
      </div>
      <Faults
        faults={[["The open items could not be loaded", list.error, () => void list.refetch()]]}
      />
      <div className="scroll">
        {list.data && rows.length === 0 ? (
          <div className="pad">
            <Empty title="No reads differ">
              In the queues you adjudicate, every read agrees or is not in yet.
            </Empty>
          </div>
        ) : (
          <table className="audits open-items">
            <thead>
              <tr>
                {["Finding", "Differs", "Queue", "State", "Open for"].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <Row
                  key={row.id}
                  row={row}
                  queue={nameOf(row.queue)}
                  chosen={index === chosen}
                  onChoose={() => setChosen(index)}
                />
              ))}
            </tbody>
          </table>
        )}
        <SubmittedReads nameOf={nameOf} />
      </div>
    </Frame>
  );
}
