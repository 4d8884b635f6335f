import { type FormEvent, useState } from "react";
import { useModels, useSources } from "../api/queries";
import type { ComparisonInput } from "../api/types";
import { Select } from "../parts/fields";
import { useQueues } from "../queues/useQueues";

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
  const versions = grounders.map(({ id, name, version }) => [id, `${name} ${version}`] as const);
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
          <Select
            words="A, as it is"
            any="choose"
            value={chosen.a}
            options={versions}
            errors={fields["a"]}
            onChange={(a) => set({ a })}
          />
          <Select
            words="B, against it"
            any="choose"
            value={chosen.b}
            options={versions}
            errors={fields["b"]}
            onChange={(b) => set({ b })}
          />
        </fieldset>
        <fieldset className="card form-part">
          <legend>Settled cases</legend>
          <Select
            words="Of a queue"
            any="none"
            value={chosen.queue}
            options={queues.map(({ id, name }) => [id, name] as const)}
            errors={fields["queue"]}
            onChange={(queue) => set({ queue })}
          />
          <Select
            words="Of a source"
            any="none"
            value={chosen.source}
            options={sources.map(({ slug, name }) => [slug, name] as const)}
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
