import { type FormEvent, useState } from "react";
import { useModels, useSources } from "../api/queries";
import type { ComparisonInput } from "../api/types";
import { FieldErrors } from "../newaudit/FieldErrors";
import { useQueues } from "../queues/useQueues";

interface ChoiceProps {
  words: string;
  value: string;
  options: readonly (readonly [value: string, words: string])[];
  errors: string[] | undefined;
  onChange: (value: string) => void;
}

function Choice({ words, value, options, errors, onChange }: ChoiceProps) {
  return (
    <label className="field">
      <span>{words}</span>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      <FieldErrors errors={errors} />
    </label>
  );
}

interface FormProps {
  pending: boolean;
  fields: Record<string, string[]>;
  onCompare: (wanted: ComparisonInput) => void;
}

/** Two versions and the cases to weigh them on. Nothing is run: audits that are there are compared. */
export function NewComparisonForm({ pending, fields, onCompare }: FormProps) {
  const grounders = (useModels().data ?? []).filter(({ kind }) => kind === "grounder");
  const queues = useQueues().data?.results ?? [];
  const sources = useSources().data ?? [];
  const [chosen, setChosen] = useState({ a: "", b: "", queue: "", source: "" });
  const set = (part: Partial<typeof chosen>) => setChosen((now) => ({ ...now, ...part }));
  const versions = [
    ["", "choose"],
    ...grounders.map(({ id, name, version }) => [id, `${name} ${version}`] as const),
  ] as const;
  const send = (event: FormEvent) => {
    event.preventDefault();
    onCompare({ ...chosen, queue: chosen.queue || null, seed: 0 });
  };
  const ready = chosen.a && chosen.b && chosen.a !== chosen.b && (chosen.queue || chosen.source);
  return (
    <form className="queue" onSubmit={send} aria-label="New comparison">
      <div className="pair">
        <fieldset className="card form-part">
          <legend>Versions</legend>
          <Choice
            words="A, as it is"
            value={chosen.a}
            options={versions}
            errors={fields["a"]}
            onChange={(a) => set({ a })}
          />
          <Choice
            words="B, against it"
            value={chosen.b}
            options={versions}
            errors={fields["b"]}
            onChange={(b) => set({ b })}
          />
        </fieldset>
        <fieldset className="card form-part">
          <legend>Settled cases</legend>
          <Choice
            words="Of a queue"
            value={chosen.queue}
            options={[["", "none"], ...queues.map(({ id, name }) => [id, name] as const)]}
            errors={fields["queue"]}
            onChange={(queue) => set({ queue })}
          />
          <Choice
            words="Of a source"
            value={chosen.source}
            options={[["", "none"], ...sources.map(({ slug, name }) => [slug, name] as const)]}
            errors={fields["source"]}
            onChange={(source) => set({ source })}
          />
        </fieldset>
      </div>
      <div className="row g12">
        <button type="submit" className="btn go" disabled={pending || !ready}>
          {pending ? "Comparing" : "Compare"}
        </button>
        <span className="s12 t3">
          Both must have audited the same drafts. A case that one left out counts against it.
        </span>
      </div>
    </form>
  );
}
