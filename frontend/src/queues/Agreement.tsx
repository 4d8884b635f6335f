import { Fragment } from "react";
import type { Agreement, AgreementRow, FlagKind, Label, Measure, Queue } from "../api/types";
import { ErrorBanner } from "../parts/ErrorBanner";
import { Icon } from "../parts/Icon";
import { kindClass, kindIcon } from "../parts/KindSignal";
import { count, LABEL_WORDS } from "../words";
import { axisStart } from "./axis";
import { Axis, IntervalPlot } from "./IntervalPlot";
import { useAgreement } from "./useQueues";
import { FEWEST, measureWords } from "./words";

interface Named {
  kind: string | null;
  label: string | null;
}

function Name({ row }: { row: Named }) {
  const label = row.label ? LABEL_WORDS[row.label as Label] : "";
  if (!row.kind) return <>{label || "All together"}</>;
  const kind = row.kind as FlagKind;
  return (
    <span className={`k ${kindClass(kind)}`}>
      <Icon name={kindIcon({ kind })} />
      {kind} <small>{label}</small>
    </span>
  );
}

const keyOf = (row: Named): string => `${row.kind} ${row.label}`;

function Numbers({ measure, scale }: { measure: Measure; scale: 1 | 100 }) {
  const { value, range } = measureWords(measure, scale);
  return (
    <td className="r">
      <span className="md">{value}</span> <span className="t3 s12">{range}</span>
    </td>
  );
}

interface Column {
  name: string;
  scale: 1 | 100;
  of: (row: AgreementRow) => Measure;
}

const COLUMNS: readonly Column[] = [
  { name: "Agree, %", scale: 100, of: (row) => row.percent },
  { name: "AC1", scale: 1, of: (row) => row.gwet_ac1 },
  { name: "Alpha", scale: 1, of: (row) => row.krippendorff_alpha },
];

function Rows({ rows }: { rows: readonly AgreementRow[] }) {
  const from = axisStart(rows.flatMap((row) => [row.gwet_ac1, row.krippendorff_alpha]));
  const startOf = ({ scale }: Column) => (scale === 100 ? 0 : from);
  return (
    <table className="ag">
      <thead>
        <tr>
          <th scope="col">Flag</th>
          <th scope="col" className="r">
            n
          </th>
          {COLUMNS.map((column) => (
            <Fragment key={column.name}>
              <th scope="col" className="r">
                {column.name}
              </th>
              <td className="plot">
                <Axis from={startOf(column)} scale={column.scale} />
              </td>
            </Fragment>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            <td>
              <Name row={row} />
            </td>
            <td className="r t2">{row.n}</td>
            {row.n < FEWEST ? (
              <td colSpan={6} className="t3">
                Too few to judge: intervals from {FEWEST} flags read twice
              </td>
            ) : (
              COLUMNS.map((column) => (
                <Cells key={column.name} row={row} column={column} from={startOf(column)} />
              ))
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cells({ row, column, from }: { row: AgreementRow; column: Column; from: number }) {
  const measure = column.of(row);
  return (
    <>
      <Numbers measure={measure} scale={column.scale} />
      <td className="plot">
        <IntervalPlot measure={measure} from={from} />
      </td>
    </>
  );
}

type ShareRow = Measure & { kind?: string | null; label: string | null };

/** Precision or recall: one share a row, with what it is a share of. */
function Shares({ title, note, rows }: { title: string; note: string; rows: ShareRow[] }) {
  return (
    <section className="card">
      <h2>
        {title}
        <span className="t3 plain">{note}</span>
      </h2>
      <table className="ag">
        <tbody>
          {rows.map(({ kind = null, ...row }) => (
            <tr key={keyOf({ ...row, kind })}>
              <td>
                <Name row={{ ...row, kind }} />
              </td>
              <td className="r t2">{row.n}</td>
              {row.n < FEWEST ? (
                <td colSpan={2} className="t3">
                  Too few to judge
                </td>
              ) : (
                <>
                  <Numbers measure={row} scale={100} />
                  <td className="plot">
                    <IntervalPlot measure={row} from={0} />
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A blind queue: what readers saw before the draft and the flags, and what came of it after. */
function FirstViews({ report, rows }: { report: Agreement; rows: readonly AgreementRow[] }) {
  return (
    <>
      <section className="card" aria-label="Agreement on first views">
        <h2>
          Agreement on first views
          <span className="t3 plain">
            {count(rows[0]?.n ?? 0, "label")} of images seen by two or more, before any flag
          </span>
        </h2>
        <Rows rows={rows} />
      </section>
      <section className="card" aria-label="After the flags">
        <h2>
          After the flags
          <span className="t3 plain">
            followed: their first view spoke against the flag; left: it spoke for it
          </span>
        </h2>
        <table className="ag">
          <thead>
            <tr>
              <th scope="col">Flag</th>
              <th scope="col" className="r">
                n
              </th>
              <th scope="col" className="r">
                Followed it, %
              </th>
              <th scope="col" className="r">
                Left it, %
              </th>
            </tr>
          </thead>
          <tbody>
            {report.automation.map((row) => (
              <tr key={keyOf(row)}>
                <td>
                  <Name row={row} />
                </td>
                <td className="r t2">{row.n}</td>
                <Numbers measure={row.followed} scale={100} />
                <Numbers measure={row.left} scale={100} />
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Report({ report }: { report: Agreement }) {
  const blind = report.rows.filter((row) => row.blind);
  const flags = report.rows.filter((row) => !row.blind);
  const [all] = flags;
  return (
    <>
      {blind.length > 0 ? <FirstViews report={report} rows={blind} /> : null}
      <section className="card" aria-label="Agreement">
        <h2>
          Agreement
          <span className="t3 plain">
            {count(all?.n ?? 0, "flag")} read by two or more. All saw the flags first.
          </span>
          <span className="sp" />
          <span className="t3 plain">95 % bootstrap intervals, by patient</span>
        </h2>
        <Rows rows={flags} />
      </section>
      <div className="pair wider-first">
        <Shares title="Precision" note="settled flags that were right, %" rows={report.precision} />
        {report.recall ? (
          <Shares
            title="Recall"
            note="settled findings that a flag named, %"
            rows={report.recall}
          />
        ) : (
          <section className="card">
            <h2>Recall</h2>
            <p className="card-words t2">
              Not known here: this queue takes no unflagged audits, and what is never looked at
              cannot be counted.
            </p>
          </section>
        )}
      </div>
    </>
  );
}

/** What the submitted reads say of readers together and of the auditor. No reader is named. */
export function QueueAgreement({ queue }: { queue: Queue }) {
  const report = useAgreement(queue);
  if (report.data) return <Report report={report.data} />;
  if (report.error?.status === 403) {
    return (
      <p className="s12 t3">Agreement is shown to curators and to the queue&apos;s adjudicators.</p>
    );
  }
  if (!report.error) return null;
  return (
    <ErrorBanner
      what="The agreement could not be loaded"
      error={report.error}
      onRetry={() => void report.refetch()}
    />
  );
}
