import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { get } from "../api/client";
import type { Page, ReadRow } from "../api/types";
import { Faults } from "../parts/ErrorBanner";
import { ageOf } from "../words";
import { Reopen } from "./Reopen";

const MOST = 50;

/** The newest submitted reads of the queues this person adjudicates, without names. */
export function SubmittedReads({ nameOf }: { nameOf: (queue: string) => string }) {
  const reads = useQuery({
    queryKey: ["reads"],
    queryFn: () => get<Page<ReadRow>>(`reads?limit=${MOST}`),
  });
  const rows = reads.data?.results ?? [];
  return (
    <section aria-label="Submitted reads">
      <div className="ph">
        <h2>Submitted reads</h2>
        <span className="t2">
          {reads.data?.next ? `the newest ${MOST}; the rest by the API` : "without names"}
        </span>
      </div>
      <Faults
        faults={[["The reads could not be loaded", reads.error, () => void reads.refetch()]]}
      />
      {rows.length === 0 ? null : (
        <table className="audits open-items">
          <thead>
            <tr>
              {["Audit", "Queue", "State", "Submitted"].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((read) => (
              <tr key={read.id}>
                <td>
                  <Link href={`/audits/${read.audit}`}>{read.audit.slice(0, 8)}</Link>
                </td>
                <td className="t2">{nameOf(read.queue)}</td>
                <td className="t2">
                  {read.reopened ? (
                    `Reopened: ${read.reopened.reason}`
                  ) : (
                    <Reopen read={read.id} name="this read" onDone={() => undefined} />
                  )}
                </td>
                <td className="r t2">{ageOf(read.submitted_at, Date.now())}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
