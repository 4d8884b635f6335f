import { type FormEvent, useState } from "react";
import { useBackends, useSources } from "../api/queries";
import type { BatchInput, OfferedBackend } from "../api/types";
import { FieldErrors } from "../newaudit/FieldErrors";

interface BackendChoiceProps {
  words: string;
  offered: readonly OfferedBackend[];
  value: string;
  errors: string[] | undefined;
  onChange: (name: string) => void;
}

function BackendChoice({ words, offered, value, errors, onChange }: BackendChoiceProps) {
  return (
    <label className="field">
      <span>{words}</span>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">The platform&apos;s own</option>
        {offered.map(({ name, up }) => (
          <option key={name} value={name}>
            {name}
            {up ? "" : ", down"}
          </option>
        ))}
      </select>
      <FieldErrors errors={errors} />
    </label>
  );
}

interface CheckProps {
  words: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function Check({ words, checked, onChange }: CheckProps) {
  return (
    <label className="row g8">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      {words}
    </label>
  );
}

interface FormProps {
  pending: boolean;
  fields: Record<string, string[]>;
  onMake: (wanted: BatchInput) => void;
}

/** Whose cases, by which backends. An audit that is there already is not made again. */
export function NewBatchForm({ pending, fields, onMake }: FormProps) {
  const sources = useSources().data ?? [];
  const backends = useBackends().data ?? [];
  const [wanted, setWanted] = useState<BatchInput>({
    source: "",
    limit: 0,
    grounder: "",
    parser: "",
    latest_draft_only: true,
    retry_failed: false,
  });
  const set = (part: Partial<BatchInput>) => setWanted((now) => ({ ...now, ...part }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    onMake(wanted);
  };
  return (
    <form className="queue" onSubmit={send} aria-label="New batch">
      <div className="pair">
        <fieldset className="card form-part">
          <legend>Cases</legend>
          <label className="field">
            <span>Of a source</span>
            <select
              className="input"
              required
              value={wanted.source}
              onChange={(event) => set({ source: event.target.value })}
            >
              <option value="">Choose a source</option>
              {sources.map(({ slug, name }) => (
                <option key={slug} value={slug}>
                  {name}
                </option>
              ))}
            </select>
            <FieldErrors errors={fields["source"] ?? fields["selection"]} />
          </label>
          <label className="field">
            <span>At most, oldest first; 0 is all of them</span>
            <input
              className="input"
              type="number"
              min={0}
              value={wanted.limit}
              onChange={(event) => set({ limit: event.target.valueAsNumber || 0 })}
            />
            <FieldErrors errors={fields["limit"]} />
          </label>
          <Check
            words="Only the newest draft of each case"
            checked={wanted.latest_draft_only}
            onChange={(latest_draft_only) => set({ latest_draft_only })}
          />
        </fieldset>
        <fieldset className="card form-part">
          <legend>Audited by</legend>
          {(["grounder", "parser"] as const).map((kind) => (
            <BackendChoice
              key={kind}
              words={kind === "grounder" ? "Grounder" : "Parser"}
              offered={backends.filter((each) => each.kind === kind)}
              value={wanted[kind]}
              errors={fields[kind]}
              onChange={(name) => set({ [kind]: name })}
            />
          ))}
          <Check
            words="Try again what these backends failed on before"
            checked={wanted.retry_failed}
            onChange={(retry_failed) => set({ retry_failed })}
          />
        </fieldset>
      </div>
      <div className="row g12">
        <button type="submit" className="btn go" disabled={pending || !wanted.source}>
          {pending ? "Choosing" : "Audit them"}
        </button>
        <span className="s12 t3">
          It waits behind what people ask for. Audits that are there already are counted, not made
          again.
        </span>
      </div>
    </form>
  );
}
