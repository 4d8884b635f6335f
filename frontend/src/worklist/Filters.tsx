import { type RefObject, useEffect, useState } from "react";
import { useSearchParams } from "wouter";
import { type AuditFilters, useSources } from "../api/queries";
import { Cap } from "../keys/own";
import { Icon } from "../parts/Icon";
import { Options } from "../parts/fields";
import { KINDS, LABEL_WORDS, LABELS } from "../words";
import { Views } from "./Views";

const NAMES = ["state", "label", "kind", "q", "source", "order"] as const;

export interface FilterState {
  current: AuditFilters;
  set: (part: Partial<AuditFilters>) => void;
  clear: () => void;
  /** All of them at once, as an address writes them. */
  replace: (query: string) => void;
}

/** Filters live in the address, so that a view can be kept and sent. */
export function useFilters(): FilterState {
  const [params, setParams] = useSearchParams();
  const current = Object.fromEntries(
    NAMES.map((name) => [name, params.get(name) ?? ""]),
  ) as unknown as AuditFilters;
  const set = (part: Partial<AuditFilters>) =>
    setParams(
      (now) => {
        for (const [name, value] of Object.entries(part)) {
          if (value) now.set(name, value);
          else now.delete(name);
        }
        return now;
      },
      { replace: true },
    );
  const replace = (query: string) => setParams(new URLSearchParams(query), { replace: true });
  return { current, set, clear: () => replace(""), replace };
}

export const isFiltered = (filters: AuditFilters): boolean =>
  NAMES.some((name) => name !== "order" && filters[name] !== "");

interface ChoiceProps {
  name: string;
  value: string;
  any: string;
  options: readonly (readonly [value: string, words: string])[];
  onChange: (value: string) => void;
}

function Choice({ name, value, any, options, onChange }: ChoiceProps) {
  return (
    <label className="chip">
      {name}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <Options any={any} options={options} />
      </select>
    </label>
  );
}

const STATES = [
  ["done", "done"],
  ["running", "running"],
  ["queued", "queued"],
  ["failed", "failed"],
] as const;

const ORDERS = [
  ["urgent", "urgent first"],
  ["oldest", "oldest first"],
] as const;

const TYPING_MS = 250;

/** Waits until typing pauses, so that each letter is not a request. */
function useTyped(value: string, onSettled: (value: string) => void) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onSettled(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onSettled]);
  return [typed, setTyped] as const;
}

export function Filters({
  filters,
  find,
}: {
  filters: FilterState;
  find: RefObject<HTMLInputElement | null>;
}) {
  const { current, set, clear } = filters;
  const sources = useSources().data ?? [];
  const [typed, setTyped] = useTyped(current.q, (q) => set({ q }));
  return (
    <search className="filters">
      <label className="chip find">
        <Icon name="search" />
        <span className="hidden">Case or draft text</span>
        <input
          ref={find}
          placeholder="Case or draft text"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
        <Cap of="find" />
      </label>
      <Choice
        name="State"
        any="any"
        value={current.state}
        options={STATES}
        onChange={(state) => set({ state })}
      />
      <Choice
        name="Flag"
        any="any"
        value={current.kind}
        options={KINDS.map((kind) => [kind, kind] as const)}
        onChange={(kind) => set({ kind })}
      />
      <Choice
        name="Label"
        any="any"
        value={current.label}
        options={LABELS.map((label) => [label, LABEL_WORDS[label]] as const)}
        onChange={(label) => set({ label })}
      />
      <Choice
        name="Source"
        any="any"
        value={current.source}
        options={sources.map((source) => [source.slug, source.name] as const)}
        onChange={(source) => set({ source })}
      />
      <Choice
        name="Order"
        any="newest first"
        value={current.order}
        options={ORDERS}
        onChange={(order) => set({ order })}
      />
      {isFiltered(current) ? (
        <button type="button" className="btn sm q" onClick={clear}>
          <Icon name="cross" />
          Clear
        </button>
      ) : null}
      <Views filters={filters} />
    </search>
  );
}
