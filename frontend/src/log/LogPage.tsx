import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "../api/client";
import type { ChainState, LogEntry, Page } from "../api/types";
import { useKeysOf } from "../keys/KeysPanel";
import { Empty } from "../parts/Banner";
import { Faults } from "../parts/ErrorBanner";
import { Frame } from "../parts/Frame";
import { PageTurner } from "../parts/PageTurner";
import { useAdministers } from "../session/session";
import { count, momentOf } from "../words";
import "../styles/worklist.css";
import "../styles/people.css";

const FILTERS = [
  ["username", "Who", "text"],
  ["action", "Action, such as audit.done", "text"],
  ["object", "Id of an object", "text"],
  ["since", "From", "datetime-local"],
  ["until", "Before", "datetime-local"],
] as const;

type Filters = Partial<Record<(typeof FILTERS)[number][0], string>>;

/** As the API takes them: what is empty is not asked; times are of this machine's clock. */
function queryOf(filters: Filters): string {
  const asked = new URLSearchParams();
  for (const [name, , type] of FILTERS) {
    const value = filters[name]?.trim();
    if (value) asked.set(name, type === "text" ? value : new Date(value).toISOString());
  }
  return asked.toString();
}

function Chain() {
  const chain = useQuery({
    queryKey: ["log", "chain"],
    queryFn: () => get<ChainState>("audit-log/chain"),
    refetchInterval: 30_000,
  });
  if (chain.error) return <span className="t2">The chain&apos;s state could not be asked for</span>;
  if (!chain.data) return null;
  const { sealed, unsealed, head } = chain.data;
  return (
    <span className="t2 clip" title={head}>
      {count(sealed, "entry").replace("entrys", "entries")} sealed, {unsealed.toLocaleString("en")}{" "}
      waiting; head <span className="m">{head.slice(0, 16)}</span>
    </span>
  );
}

function Row({ entry, onFilter }: { entry: LogEntry; onFilter: (more: Filters) => void }) {
  const data = Object.keys(entry.data).length ? JSON.stringify(entry.data) : "";
  const { actor, action, object_id: object } = entry;
  return (
    <tr>
      <td className="t2">{momentOf(entry.at)}</td>
      <td title={entry.address ?? undefined}>
        {actor ? (
          <button type="button" onClick={() => onFilter({ username: actor })}>
            {actor}
          </button>
        ) : (
          <span className="t3">The platform</span>
        )}{" "}
        <span className="m t3">{entry.address}</span>
      </td>
      <td>
        <button type="button" onClick={() => onFilter({ action })}>
          {action}
        </button>
      </td>
      <td className="m" title={object}>
        <button type="button" onClick={() => onFilter({ object })}>
          {object}
        </button>
      </td>
      <td className="m t2" title={data}>
        {data}
      </td>
    </tr>
  );
}

function Log() {
  const [filters, setFilters] = useState<Filters>({});
  const [address, setAddress] = useState<string | null>(null);
  const query = queryOf(filters);
  const log = useQuery({
    queryKey: ["log", query, address],
    queryFn: () => get<Page<LogEntry>>(address ?? `audit-log?${query}`),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const narrow = (more: Filters) => {
    setFilters({ ...filters, ...more });
    setAddress(null);
  };
  return (
    <>
      <div className="filters log-filters">
        {FILTERS.map(([name, words, type]) => (
          <label key={name} className="chip">
            {type === "text" ? null : words}
            <input
              type={type}
              aria-label={words}
              placeholder={words}
              value={filters[name] ?? ""}
              onChange={(event) => narrow({ [name]: event.target.value })}
            />
          </label>
        ))}
        {query ? (
          <button
            type="button"
            className="btn sm q"
            onClick={() => {
              setFilters({});
              setAddress(null);
            }}
          >
            Clear
          </button>
        ) : null}
        <span className="sp" />
        <span className="row g8">
          {["jsonl", "csv"].map((as) => (
            <a
              key={as}
              className="btn sm"
              href={`/api/v1/audit-log/export?${[`as=${as}`, query].filter(Boolean).join("&")}`}
              download
            >
              {as === "csv" ? "CSV" : "JSON lines"}
            </a>
          ))}
        </span>
      </div>
      <Faults faults={[["The log could not be loaded", log.error, () => void log.refetch()]]} />
      <div className="scroll">
        <table className="log">
          <thead>
            <tr>
              <th className="col-at">When</th>
              <th className="col-who">Who, from where</th>
              <th className="col-what">What</th>
              <th className="col-object">Object</th>
              <th>More</th>
            </tr>
          </thead>
          <tbody>
            {log.data?.results.map((entry) => (
              <Row key={entry.id} entry={entry} onFilter={narrow} />
            ))}
          </tbody>
        </table>
        {log.data?.results.length === 0 ? <Empty title="No entry fits" /> : null}
      </div>
      <PageTurner page={log.data} onTurn={setAddress} />
    </>
  );
}

/** Every change: who, what, when, from where; newest first. A cell pressed narrows to its like. */
export default function LogPage() {
  const administers = useAdministers();
  useKeysOf("anywhere");
  return (
    <Frame>
      <div className="ph">
        <h1>Audit log</h1>
        {administers ? <Chain /> : null}
      </div>
      {administers ? <Log /> : <Empty title="This page is for administrators" />}
    </Frame>
  );
}
