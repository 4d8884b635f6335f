import { type FormEvent, useState } from "react";
import { useSources } from "../api/queries";
import { Check, Field, Select } from "../parts/fields";
import type { NewImport } from "./useImports";

interface NewImportFormProps {
  pending: boolean;
  fields: Record<string, string[]>;
  onMake: (wanted: NewImport) => void;
}

const ZIP_WORDS = "ZIP of images with drafts, a manifest or a dataset's tables";

/** Whose data, and one ZIP. Nothing is imported before it was checked. */
export function NewImportForm({ pending, fields, onMake }: NewImportFormProps) {
  const sources = useSources().data ?? [];
  const [source, setSource] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [startAudits, setStartAudits] = useState(false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (source && file) onMake({ source, file, startAudits });
  };
  return (
    <form className="card import-form" onSubmit={send} aria-label="New import">
      <Select
        words="Source"
        any="Choose a source"
        required
        value={source}
        options={sources.map(({ slug, name, licence }) => [slug, `${name}, ${licence}`] as const)}
        errors={fields["source"]}
        onChange={setSource}
      />
      <Field words={ZIP_WORDS} errors={fields["size"]}>
        <input
          type="file"
          accept=".zip,application/zip"
          required
          onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        />
      </Field>
      <Check words="Audit what is imported" checked={startAudits} onChange={setStartAudits} />
      <button type="submit" className="btn go" disabled={pending || !source || !file}>
        Upload and check
      </button>
    </form>
  );
}
