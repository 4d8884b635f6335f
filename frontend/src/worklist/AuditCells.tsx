import { Link } from "wouter";
import { useRowProgress } from "../api/progress";
import { Cap } from "../keys/own";
import type { AuditRow, Flag, Step } from "../api/types";
import { Icon } from "../parts/Icon";
import { kindClass, kindDetail, kindIcon } from "../parts/KindSignal";
import { KINDS, LABEL_WORDS, STEP_WORDS, triesOf } from "../words";

const ORDER: readonly Step[] = ["grounding", "parsing", "comparing"];

function Dots({ reads }: { reads: AuditRow["reads"] }) {
  const { needed, submitted, reading } = reads;
  const dot = (index: number) =>
    index < submitted ? "read" : index < submitted + reading ? "reading" : "open";
  return (
    <span className="dots" role="img" aria-label={`${submitted} of ${needed} read`}>
      {Array.from({ length: needed }, (_, index) => {
        const state = dot(index);
        return <i key={index} className={state} />;
      })}
    </span>
  );
}

function readsWords({ needed, submitted, reading }: AuditRow["reads"]): string {
  if (needed > 0 && submitted >= needed) return "Read";
  if (reading > 0) return `${reading} reading now`;
  return submitted > 0 ? `${submitted} of ${needed} read` : "Waiting";
}

/** "Pneumothorax, denied". */
export function topFlagWords(flag: Pick<Flag, "kind" | "label" | "reason" | "reported">): string {
  const label = LABEL_WORDS[flag.label];
  if (flag.kind === "UNSUPPORTED") return `${label}, unsupported`;
  return flag.kind === "URGENT" && flag.reported === null ? label : `${label}, ${kindDetail(flag)}`;
}

function FlagCounts({ row }: { row: AuditRow }) {
  const none = KINDS.every((kind) => row.flag_counts[kind] === 0);
  if (none && row.draft_state === "unparsed") {
    return (
      <span className="st t2">
        <Icon name="tilde" />
        Draft not parsed
      </span>
    );
  }
  return (
    <span className="fk">
      {KINDS.map((kind) => {
        const n = row.flag_counts[kind];
        const reported = kind === "URGENT" && row.top_flag?.kind === kind && row.top_flag.reported;
        return (
          <span
            key={kind}
            className={`k ${kindClass(kind)}`}
            title={n ? `${n} ${kind}` : undefined}
          >
            {n > 0 ? (
              <>
                <Icon name={kindIcon({ kind, reported: reported ?? null })} />
                <span className="hidden">{kind}</span>
                {n}
              </>
            ) : null}
          </span>
        );
      })}
    </span>
  );
}

function NoFlag({ row }: { row: AuditRow }) {
  const words = row.draft_state === "unparsed" ? "Image only, no missing flags" : "No flags";
  return <span className="t3">{words}</span>;
}

export function DoneCells({ row }: { row: AuditRow }) {
  return (
    <>
      <td>
        <FlagCounts row={row} />
      </td>
      <td className="t2">
        {row.draft_excerpt || <span className="t3">No draft, image only</span>}
      </td>
      <td>{row.top_flag ? topFlagWords(row.top_flag) : <NoFlag row={row} />}</td>
      <td className="col-reads">
        <Dots reads={row.reads} />
      </td>
      <td className="t2">{readsWords(row.reads)}</td>
    </>
  );
}

export function RunningCells({ row, followed }: { row: AuditRow; followed: boolean }) {
  const progress = useRowProgress(row.id, followed);
  const step = progress?.step ?? row.step;
  const done = progress
    ? ORDER.filter((each) => progress.steps[each] === "done").length
    : step === "comparing"
      ? 2
      : 0;
  const waiting = row.state === "queued" && !step;
  return (
    <>
      <td colSpan={3}>
        <span className="row g12">
          <span className="row g8 t2">
            <Icon name="running" />
            {waiting ? "Waiting for a worker" : STEP_WORDS[step ?? "grounding"]}
          </span>
          <span className="bar running">
            <i style={{ width: `${(done / ORDER.length) * 100}%` }} />
          </span>
          <span className="s12 t3">{done} of 3 steps</span>
        </span>
      </td>
      <td className="col-reads">
        <Dots reads={row.reads} />
      </td>
      <td className="t2">Auditing</td>
    </>
  );
}

export function FailedCells({ row, onRetry }: { row: AuditRow; onRetry: (id: string) => void }) {
  return (
    <>
      <td colSpan={3}>
        <span className="row g8">
          <span className="inv">
            <Icon name="cross" />
            Failed
          </span>
          <span className="clip">{row.failure?.message ?? "The audit did not end."}</span>
          <span className="t3">{triesOf(row.attempt)}, nothing compared</span>
        </span>
      </td>
      <td className="col-reads">
        <Dots reads={row.reads} />
      </td>
      <td>
        <span className="row g4">
          <button type="button" className="btn sm" onClick={() => onRetry(row.id)}>
            Retry <Cap of="retry" />
          </button>
          <Link href={`/audits/${row.id}`} className="btn sm q">
            Why
          </Link>
        </span>
      </td>
    </>
  );
}

export function CancelledCells() {
  return (
    <>
      <td colSpan={3} className="t3">
        Cancelled before it ended. Nothing was compared.
      </td>
      <td className="col-reads" />
      <td className="t3">Cancelled</td>
    </>
  );
}
