import { Link } from "wouter";
import type { SettledLabel, WholeCase } from "../api/types";
import { Facts } from "../parts/Facts";
import { LABEL_WORDS, momentOf, STATE_WORDS, studyOf } from "../words";
import { ORIGIN_WORDS, RULE_WORDS } from "./words";

const BURNED_IN = {
  suspected: "Something looks like text: wait for a curator",
  cleared: "Looked at by a curator, names nobody",
} as const;

/** Where the case comes from and what is known of it; what is not known says so. */
export function Known({ of }: { of: WholeCase }) {
  const facts = [
    ["Source", of.source],
    ["Study", studyOf(of) || "Nothing known"],
    ["Patient", of.patient_code ? <span className="m">{of.patient_code}</span> : "Not told"],
    ["Image", `${of.width} × ${of.height}`],
    ["Burned-in text", of.burned_in ? BURNED_IN[of.burned_in] : "Nothing looks like text"],
    ["Arrived", momentOf(of.created_at)],
  ] as const;
  return (
    <section className="card" aria-label="What is known">
      <h2>What is known</h2>
      <Facts rows={facts} />
    </section>
  );
}

/** What the reads came to, label by label, whichever audit they were of. */
export function Settled({ rows }: { rows: readonly SettledLabel[] }) {
  return (
    <section className="card" aria-label="Settled">
      <h2>Settled</h2>
      {rows.length === 0 ? (
        <p className="none t2">Nothing is settled: no read of it is done.</p>
      ) : (
        <table>
          <tbody>
            {rows.map(({ label, state, rule }) => (
              <tr key={label}>
                <th scope="row">{LABEL_WORDS[label]}</th>
                <td>{state ? STATE_WORDS[state] : "Open: queues differ"}</td>
                <td className="t2">{RULE_WORDS[rule]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export function Prior({ of }: { of: NonNullable<WholeCase["prior"]> }) {
  return (
    <section className="card case-prior" aria-label="The study before">
      <h2>The study before</h2>
      <div className="row g12">
        <img src={of.thumbnail_url} alt={`Chest X-ray ${of.code}`} />
        <div>
          <Link href={`/cases/${of.id}`}>{of.code}</Link> <span className="t2">{of.view}</span>
          {of.draft ? (
            <>
              <p className="case-text">{of.draft.text}</p>
              <p className="s12 t3">{ORIGIN_WORDS[of.draft.origin]}</p>
            </>
          ) : (
            <p className="t2">No draft that a person wrote</p>
          )}
        </div>
      </div>
    </section>
  );
}
