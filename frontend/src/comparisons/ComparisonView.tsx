import { type FormEvent, Fragment, useState } from "react";
import { Link } from "wouter";
import type { Label, Measure, WholeComparison } from "../api/types";
import { Banner, Empty } from "../parts/Banner";
import { Field } from "../parts/fields";
import { Faults } from "../parts/ErrorBanner";
import { Icon } from "../parts/Icon";
import { measureWords } from "../queues/words";
import { useUser } from "../session/session";
import { count, LABEL_WORDS, LABELS } from "../words";
import { Changed } from "./Changed";
import { differenceWords, figuresOf, nameOf } from "./figures";
import { usePromote } from "./useComparisons";

type Whole = { comparison: WholeComparison };
const SIDES = ["a", "b"] as const;

/** Every answer of both sides, before any score. What is unequal is said in words, not by colour. */
function Accounting({ comparison }: Whole) {
  const { accounting } = comparison.report;
  return (
    <section className="card" aria-label="Every answer accounted for">
      <h2>
        Every answer accounted for
        <span className="t3 plain">one that is missing counts against its version</span>
      </h2>
      <table className="ag">
        <thead>
          <tr>
            <th scope="col">Version</th>
            {["Cases", "Whole", "In part", "Failed", "Missing"].map((words) => (
              <th key={words} scope="col" className="r">
                {words}
              </th>
            ))}
            <th scope="col" className="r wrap">
              Generations: used, repaired, failed
            </th>
          </tr>
        </thead>
        <tbody>
          {SIDES.map((side) => {
            const account = accounting[side];
            const { used, recovered, failed } = account.generations;
            const lost = account.failed + account.missing;
            return (
              <tr key={side}>
                <th scope="row">
                  <b>{side.toUpperCase()}</b> {nameOf(comparison[side])}
                </th>
                <td className="r">{account.images}</td>
                <td className="r">{account.used}</td>
                <td className="r">{account.partial}</td>
                <td className={lost ? "r b" : "r"}>{account.failed}</td>
                <td className={lost ? "r b" : "r"}>{account.missing}</td>
                <td className="r t2">
                  {used}, {recovered}, {failed}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Own({ measure }: { measure: Measure | null }) {
  if (!measure) return <td className="r t3">–</td>;
  const { value, range } = measureWords(measure, 1);
  return (
    <td className="r">
      <span className="md">{value}</span> <span className="t3 s12">{range}</span>
    </td>
  );
}

function Figures({ comparison }: Whole) {
  return (
    <section className="card" aria-label="Figures">
      <h2>
        Figures
        <span className="sp" />
        <span className="t3 plain">95 % intervals, the same patients drawn for both</span>
      </h2>
      <table className="ag">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col" className="r">
              A
            </th>
            <th scope="col" className="r">
              B
            </th>
            <th scope="col" className="r">
              B − A
            </th>
            <th scope="col">Sure</th>
          </tr>
        </thead>
        <tbody>
          {figuresOf(comparison).map(({ key, words, a, b, difference, sure }) => {
            const told = differenceWords(difference);
            return (
              <tr key={key}>
                <th scope="row">{words}</th>
                <Own measure={a} />
                <Own measure={b} />
                <td className="r">
                  <span className="md">{told.value}</span>{" "}
                  <span className="t3 s12">{told.range}</span>
                </td>
                <td className="t2">{sure ? "Yes, 0 is outside" : "No"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** McNemar's exact test, label by label. */
function ByLabel({ comparison }: Whole) {
  return (
    <section className="card" aria-label="By label">
      <h2>
        By label
        <span className="t3 plain">cases that one version alone got right, and the exact p</span>
      </h2>
      <table className="ag">
        <thead>
          <tr>
            <th scope="col">Label</th>
            {["n", "Both right", "Only A", "Only B", "p"].map((words) => (
              <th key={words} scope="col" className="r">
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {LABELS.map((label) => {
            const pairs = comparison.report.mcnemar[label];
            return pairs ? (
              <tr key={label}>
                <th scope="row">{LABEL_WORDS[label]}</th>
                <td className="r t2">{pairs.n}</td>
                <td className="r">{pairs.both}</td>
                <td className="r">{pairs.only_a}</td>
                <td className="r">{pairs.only_b}</td>
                <td className="r">{pairs.p < 0.001 ? "under .001" : pairs.p.toFixed(3)}</td>
              </tr>
            ) : null;
          })}
        </tbody>
      </table>
    </section>
  );
}

const SHOWN = 100;

function Differing({ comparison }: Whole) {
  const { cases } = comparison.report;
  return (
    <section className="card" aria-label="Where they differ">
      <h2>
        Where they differ
        <span className="t3 plain">
          {count(cases.length, "case")}
          {cases.length > SHOWN ? `, the first ${SHOWN} shown` : ""}
        </span>
      </h2>
      {cases.length === 0 ? (
        <p className="card-words t2">They say the same of every case.</p>
      ) : (
        <table className="ag">
          <thead>
            <tr>
              <th scope="col">Case</th>
              <th scope="col">What</th>
              <th scope="col">Open</th>
            </tr>
          </thead>
          <tbody>
            {cases.slice(0, SHOWN).map((row) => (
              <tr key={row.id}>
                <th scope="row" className="m">
                  {row.code}
                </th>
                <td className="wrap">
                  {SIDES.filter((side) => !row.answered[side]).map((side) => (
                    <span key={side}>{side.toUpperCase()} gave no usable answer. </span>
                  ))}
                  {Object.entries(row.labels).map(([label, said]) => (
                    <Fragment key={label}>{differenceOf(label as Label, said)} </Fragment>
                  ))}
                </td>
                <td className="nw">
                  {SIDES.map((side) => {
                    const audit = row.audits[side];
                    return audit ? (
                      <Link key={side} className="link" href={`/audits/${audit}`}>
                        {side.toUpperCase()}{" "}
                      </Link>
                    ) : null;
                  })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** "Nodule or mass is there: A missed it, B saw it." */
function differenceOf(label: Label, said: Record<string, unknown>): string {
  const there = said["truth"] === "present" ? "is there" : said["truth"] ? "is not there" : "";
  const saw = said["a"] ? "A says so, B does not" : "B says so, A does not";
  return there ? `${LABEL_WORDS[label]} ${there}: ${saw}.` : `${LABEL_WORDS[label]}: ${saw}.`;
}

function Promote({ comparison }: Whole) {
  const { b } = comparison;
  const promote = usePromote(b.id);
  const [reason, setReason] = useState("");
  if (!useUser().roles.includes("administrator")) return null;
  if (promote.data) {
    return (
      <Banner icon="check" title={`${nameOf(b)} is the current version of ${b.name}`}>
        {promote.data.rollback ? "Rolled back to. " : ""}The reason is in the audit log.
      </Banner>
    );
  }
  const send = (event: FormEvent) => {
    event.preventDefault();
    promote.mutate({ reason, comparison: comparison.id });
  };
  return (
    <form className="card promote" onSubmit={send} aria-label="Promote B">
      <h2>Make B the current version</h2>
      <Faults faults={[["B was not promoted", promote.error, () => promote.reset()]]} />
      <Field words="Reason, kept in the audit log">
        <textarea
          className="input"
          rows={2}
          maxLength={2000}
          required
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
      <button type="submit" className="btn" disabled={promote.isPending || !reason.trim()}>
        Promote {nameOf(b)}
      </button>
    </form>
  );
}

/** Who answered at all, then who was right, then where they differ. */
export function ComparisonView({ comparison }: Whole) {
  const { red, warnings, cases, left_out } = comparison;
  return (
    <div className="queue">
      {red ? (
        <section className="bn red" role="alert">
          <Icon name="bang" />
          <b className="b">Read no score before this: answers are missing</b>
          <p>{warnings.join(" ")}</p>
        </section>
      ) : null}
      <p className="s12 t2">
        {count(cases, "settled case")} compared
        {left_out > 0 ? `, ${count(left_out, "case")} left out: nothing of them is settled` : ""}.
      </p>
      <Accounting comparison={comparison} />
      <Changed comparison={comparison} />
      <Figures comparison={comparison} />
      <ByLabel comparison={comparison} />
      <Differing comparison={comparison} />
      <Promote comparison={comparison} />
    </div>
  );
}

export function NoComparison() {
  return (
    <div className="pad">
      <Empty title="Nothing compared yet">
        Choose two versions of a grounder and a set of settled cases.
      </Empty>
    </div>
  );
}
