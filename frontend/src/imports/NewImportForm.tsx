import { type FormEvent, useState } from "react";
import { useSources } from "../api/queries";
import { FieldErrors } from "../newaudit/FieldErrors";
import type { NewImport } from "./useImports";

interface NewImportFormProps {
  pending: boolean;
  fields: Record<string, string[]>;
  onMake: (wanted: NewImport) => void;
}

/** Whose data, and one ZIP. Nothing is imported before it was checked. */
export function NewImportForm({ pending, fields, onMake }: NewImportFormProps) {
  const sources = useSources();
  const [source, setSource] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [startAudits, setStartAudits] = useState(false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (source && file) onMake({ source, file, startAudits });
  };
  return (
    <form className="card import-form" onSubmit={send} aria-label="New import">
      <label className="field">
        <span>Source</span>
        <select
          className="input"
          required
          value={source}
          onChange={(event) => setSource(event.target.value)}
        >
          <option value="">Choose a source</option>
          {sources.data?.map(({ slug, name, licence }) => (
            <option key={slug} value={slug}>
              {name}, {licence}
            </option>
          ))}
        </select>
        <FieldErrors errors={fields["source"]} />
      </label>
      <label className="field">
        <span>ZIP of images with drafts, a manifest or a dataset&apos;s tables</span>
        <input
          type="file"
          accept=".zip,application/zip"
          required
          onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        />
        <FieldErrors errors={fields["size"]} />
      </label>
      <label className="row g8">
        <input
          type="checkbox"
          checked={startAudits}
          onChange={(event) => setStartAudits(event.target.checked)}
        />
        Audit what is imported
      </label>
      <button type="submit" className="btn go" disabled={pending || !source || !file}>
        Upload and check
      </button>
    </form>
  );
}
