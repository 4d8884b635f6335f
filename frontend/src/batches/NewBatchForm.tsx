import { type FormEvent, useState } from "react";
import { useBackends, useSources } from "../api/queries";
import type { BatchInput, OfferedBackend } from "../api/types";
import { Check, NumberField, Select } from "../parts/fields";

interface FormProps {
  pending: boolean;
  fields: Record<string, string[]>;
  onMake: (wanted: BatchInput) => void;
}

const choiceOf = ({ name, up }: OfferedBackend) => [name, up ? name : `${name}, down`] as const;

/** Whose cases, by which backends. An audit that is there already is not made again. */
export function NewBatchForm({ pending, fields, onMake }: FormProps) {
  const sources = useSources().data ?? [];
  const backends = useBackends().data ?? [];
  const [wanted, setWanted] = useState<Omit<BatchInput, "limit">>({
    source: "",
    grounder: "",
    parser: "",
    latest_draft_only: true,
    retry_failed: false,
  });
  const [limit, setLimit] = useState("0");
  const set = (part: Partial<typeof wanted>) => setWanted((now) => ({ ...now, ...part }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    onMake({ ...wanted, limit: Number(limit) });
  };
  return (
    <form className="queue" onSubmit={send} aria-label="New batch">
      <div className="pair">
        <fieldset className="card form-part">
          <legend>Cases</legend>
          <Select
            words="Of a source"
            any="Choose a source"
            required
            value={wanted.source}
            options={sources.map(({ slug, name }) => [slug, name] as const)}
            errors={fields["source"] ?? fields["selection"]}
            onChange={(source) => set({ source })}
          />
          <NumberField
            words="At most, oldest first; 0 is all of them"
            min={0}
            value={limit}
            errors={fields["limit"]}
            onChange={setLimit}
          />
          <Check
            words="Only the newest draft of each case"
            checked={wanted.latest_draft_only}
            onChange={(latest_draft_only) => set({ latest_draft_only })}
          />
        </fieldset>
        <fieldset className="card form-part">
          <legend>Audited by</legend>
          {(["grounder", "parser"] as const).map((kind) => (
            <Select
              key={kind}
              words={kind === "grounder" ? "Grounder" : "Parser"}
              any="The platform’s own"
              value={wanted[kind]}
              options={backends.filter((each) => each.kind === kind).map(choiceOf)}
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
