import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiError, get } from "../api/client";
import type { Release, ReleaseDiff } from "../api/types";
import { ErrorBanner } from "../parts/ErrorBanner";
import { count } from "../words";

type TableRow = ReleaseDiff["tables"][number];

const nameOf = ({ name, version }: Pick<Release, "name" | "version">): string =>
  [name, version].filter(Boolean).join(" ") || "Release";

const signed = (n: number, sign: string): string => (n ? `${sign}${n.toLocaleString("en")}` : "0");

const hasChanged = ({ added, removed, changed }: TableRow): boolean =>
  added + removed + changed > 0;

function Rows({ rows }: { rows: readonly TableRow[] }) {
  return (
    <table>
      <thead>
        <tr>
          {["Table", "Before", "After", "Added", "Removed", "Changed"].map((head, index) => (
            <th key={head} scope="col" className={index > 0 ? "r" : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.table}>
            <td>{row.table}</td>
            <td className="r t2">{row.before.toLocaleString("en")}</td>
            <td className="r">{row.after.toLocaleString("en")}</td>
            <td className="r t2">{signed(row.added, "+")}</td>
            <td className="r t2">{signed(row.removed, "−")}</td>
            <td className="r t2">{row.changed.toLocaleString("en")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** "Needs a major version. 2 columns added, 1 removed. 3 cases are in another split." */
export function changeWords({ needs, columns, cases_moved }: ReleaseDiff): string {
  const gone = columns.filter(({ change }) => change === "removed").length;
  const come = columns.length - gone;
  return [
    `Needs a ${needs} version.`,
    columns.length > 0 ? `${count(come, "column")} added, ${gone} removed.` : "The same columns.",
    cases_moved > 0
      ? `${count(cases_moved, "case")} ${cases_moved === 1 ? "is" : "are"} in another split.`
      : "No case is in another split.",
  ].join(" ");
}

function Found({ diff }: { diff: ReleaseDiff }) {
  const rows = diff.tables.filter(hasChanged);
  return (
    <>
      <p className="card-words t2">
        {changeWords(diff)} {rows.length === 0 ? "Every table is the same." : ""}
        {diff.columns.map(({ table, column, change }) => (
          <span key={`${table}.${column}`} className="diff-column">
            {change === "added" ? "+" : "−"} <span className="m">{`${table}.${column}`}</span>
          </span>
        ))}
      </p>
      {rows.length > 0 ? <Rows rows={rows} /> : null}
    </>
  );
}

interface DiffProps {
  release: Release;
  /** Those it may be compared with, newest first. */
  others: readonly Release[];
}

/** What changed since the release before, or since any other one. */
export function Diff({ release, others }: DiffProps) {
  const before = others.filter((other) => other.created_at < release.created_at);
  const [against, setAgainst] = useState(before[0]?.id ?? "");
  const diff = useQuery<ReleaseDiff, ApiError>({
    queryKey: ["releases", "diff", release.id, against],
    queryFn: () => get<ReleaseDiff>(`releases/${release.id}/diff?against=${against}`),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: against !== "",
  });
  return (
    <section className="card" aria-label="What changed">
      <h2>
        What changed
        <span className="sp" />
        <label className="chip">
          Since
          <select value={against} onChange={(event) => setAgainst(event.target.value)}>
            {against ? null : <option value="">no release</option>}
            {others.map((other) => (
              <option key={other.id} value={other.id}>
                {nameOf(other)}
              </option>
            ))}
          </select>
        </label>
      </h2>
      {diff.isLoading ? <p className="card-words t2">Comparing.</p> : null}
      {diff.data ? <Found diff={diff.data} /> : null}
      {against ? null : <p className="card-words t2">No release was made before this one.</p>}
      {diff.error ? (
        <ErrorBanner
          what="The releases could not be compared"
          error={diff.error}
          onRetry={() => void diff.refetch()}
        />
      ) : null}
    </section>
  );
}
