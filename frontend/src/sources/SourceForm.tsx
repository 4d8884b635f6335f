import { type FormEvent, useState } from "react";
import type { Source, SourceInput } from "../api/types";
import { Field } from "../parts/fields";
import { Faults } from "../parts/ErrorBanner";
import { SWITCHES } from "./switches";
import { useSaveSource } from "./useSources";

const NEW: Required<SourceInput> = {
  slug: "",
  name: "",
  licence: "",
  terms_url: "",
  citation: "",
  consent_note: "",
  pixels_redistributable: false,
  text_redistributable: false,
  boxes_redistributable: false,
  commercial_use: false,
};

const TEXTS = [
  ["slug", "Short name, for files and addresses", "input"],
  ["name", "Name", "input"],
  ["licence", "Licence", "input"],
  ["terms_url", "Address of its terms", "input"],
  ["citation", "To be cited as", "textarea"],
  ["consent_note", "What people agreed to", "textarea"],
] as const;

interface SourceFormProps {
  source: Source | null;
  onDone: (source: Source) => void;
  onCancel: () => void;
}

/** What a source is called and under which terms it came; and what of it may leave. */
export function SourceForm({ source, onDone, onCancel }: SourceFormProps) {
  const [draft, setDraft] = useState<Required<SourceInput>>(source ?? NEW);
  const save = useSaveSource(source);
  const fields = save.error?.fields ?? {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(draft, { onSuccess: onDone });
  };
  return (
    <form
      className="source-form"
      aria-label={source ? "Change source" : "New source"}
      onSubmit={submit}
    >
      <Faults faults={[["The source was not saved", save.error, () => save.mutate(draft)]]} />
      <fieldset className="card form-part">
        <legend>What it is</legend>
        {TEXTS.filter(([name]) => name !== "slug" || !source).map(([name, words, Tag]) => (
          <Field key={name} words={words} errors={fields[name]}>
            <Tag
              className="input"
              required={name === "slug" || name === "name"}
              value={draft[name]}
              onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
            />
          </Field>
        ))}
      </fieldset>
      <fieldset className="card form-part">
        <legend>What may leave in a release</legend>
        {SWITCHES.map(({ name, words, off }) => (
          <label key={name} className="row g8">
            <input
              type="checkbox"
              checked={draft[name]}
              onChange={(event) => setDraft({ ...draft, [name]: event.target.checked })}
            />
            <span>{words}</span>
            <span className="s12 t3">{draft[name] ? "" : off}</span>
          </label>
        ))}
        <p className="s12 t3">
          Releases made before stay as they are: a frozen release never changes.
        </p>
      </fieldset>
      <div className="row g8">
        <button type="submit" className="btn go" disabled={save.isPending}>
          {source ? "Save" : "Make the source"}
        </button>
        <button type="button" className="btn q" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
