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

const HEADS = ["Case", "Study", "Flags", "Draft", "Top flag", "Reads", "State", "Age"];

const columnOf = (head: string): string => `col-${head.toLowerCase().replace(" ", "-")}`;

// A browser opens six connections to one address: most stay free for everything else. The other
// rows are brought up to date with the list.
const FOLLOWED = 2;

const followedOf = (rows: readonly AuditRow[]): string[] =>
  rows
    .filter((row) => isActive(row.state))
    .slice(0, FOLLOWED)
    .map((row) => row.id);

interface CellsProps {
  row: AuditRow;
  followed: boolean;
  onRetry: TableProps["onRetry"];
}

function Cells({ row, followed, onRetry }: CellsProps) {
  if (isActive(row.state)) return <RunningCells row={row} followed={followed} />;
  if (row.state === "failed") return <FailedCells row={row} onRetry={onRetry} />;
  return row.state === "cancelled" ? <CancelledCells /> : <DoneCells row={row} />;
}

interface RowProps extends CellsProps {
  chosen: boolean;
  onChoose: () => void;
}

function Row({ row, followed, chosen, onChoose, onRetry }: RowProps) {
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
      <Cells row={row} followed={followed} onRetry={onRetry} />
      <td className="r t2">{ageOf(row.created_at, Date.now())}</td>
    </tr>
  );
}

export function AuditTable({ rows, chosen, onChoose, onRetry }: TableProps) {
  const followed = followedOf(rows);
  return (
    <table className="audits">
      <colgroup>
        {HEADS.map((head) => (
          <col key={head} className={columnOf(head)} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {HEADS.map((head) => (
            <th key={head} scope="col" className={columnOf(head)}>
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
            followed={followed.includes(row.id)}
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
