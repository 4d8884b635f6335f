import { useEffect, useRef } from "react";
import { Link } from "wouter";
import { isActive } from "../api/queries";
import type { AuditRow } from "../api/types";
import { Empty } from "../parts/Banner";
import { studyOf, ageOf } from "../words";
import { CancelledCells, DoneCells, FailedCells, RunningCells } from "./AuditCells";

interface TableProps {
  rows: readonly AuditRow[];
  chosen: number;
  onChoose: (index: number) => void;
  onRetry: (id: string) => void;
}

const WIDTHS = [112, 104, 158, null, 190, 66, 150, 76];
const HEADS = ["Case", "Study", "Flags", "Draft", "Top flag", "Reads", "State", "Age"];

function Cells({ row, onRetry }: { row: AuditRow; onRetry: TableProps["onRetry"] }) {
  if (isActive(row.state)) return <RunningCells row={row} />;
  if (row.state === "failed") return <FailedCells row={row} onRetry={onRetry} />;
  return row.state === "cancelled" ? <CancelledCells /> : <DoneCells row={row} />;
}

function Row({
  row,
  chosen,
  onChoose,
  onRetry,
}: {
  row: AuditRow;
  chosen: boolean;
  onChoose: () => void;
  onRetry: TableProps["onRetry"];
}) {
  const element = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <tr
      ref={element}
      className={chosen ? "sel" : undefined}
      aria-current={chosen ? "true" : undefined}
      onPointerDown={onChoose}
    >
      <td className="md">
        <Link href={`/audits/${row.id}`}>{row.case.code}</Link>
      </td>
      <td className="t2">
        {row.case.phantom ? <span title="Computer-made image, no patient">Phantom </span> : null}
        {studyOf(row.case)}
      </td>
      <Cells row={row} onRetry={onRetry} />
      <td className="r t2">{ageOf(row.created_at, Date.now())}</td>
    </tr>
  );
}

export function AuditTable({ rows, chosen, onChoose, onRetry }: TableProps) {
  return (
    <table className="audits">
      <colgroup>
        {WIDTHS.map((width, index) => (
          <col key={HEADS[index]} style={width === null ? undefined : { width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {HEADS.map((head) => (
            <th key={head} scope="col" className={head === "Age" ? "r" : undefined}>
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
            chosen={index === chosen}
            onChoose={() => onChoose(index)}
            onRetry={onRetry}
          />
        ))}
      </tbody>
    </table>
  );
}

export function NoRows({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return (
    <div className="pad">
      {filtered ? (
        <Empty title="No audits match">
          <button type="button" className="btn sm" onClick={onClear}>
            Remove the filters
          </button>
        </Empty>
      ) : (
        <Empty title="No cases yet">
          Import a manifest or <Link href="/new">drop an image</Link>.
        </Empty>
      )}
    </div>
  );
}
