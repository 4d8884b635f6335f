import type { UseMutationResult } from "@tanstack/react-query";
import type { ApiError } from "../api/client";
import type { Import } from "../api/types";
import { Banner } from "../parts/Banner";
import { Field } from "../parts/fields";
import { Faults } from "../parts/ErrorBanner";
import { bytesOf, count } from "../words";
import { FailedRows } from "./FailedRows";
import { IMPORT_WORDS, shareOf } from "./states";
import { isAtWork, useCancel, useImport, useStart, type useUpload } from "./useImports";

const COUNTS: readonly (readonly [keyof Import["counts"], string])[] = [
  ["waiting", "Waiting"],
  ["valid", "Good, not imported yet"],
  ["created", "New cases"],
  ["new_drafts", "New drafts"],
  ["known", "Known already"],
  ["skipped", "Skipped"],
  ["failed", "Failed"],
  ["duplicates", "Near-duplicates"],
  ["lost_findings", "Findings not used"],
];

function Counts({ run }: { run: Import }) {
  return (
    <dl className="import-counts" aria-label="Rows">
      {COUNTS.map(([name, words]) => (
        <div key={name}>
          <dt className="t3">{words}</dt>
          <dd>{run.counts[name].toLocaleString("en")}</dd>
        </div>
      ))}
    </dl>
  );
}

function HowFar({ run }: { run: Import }) {
  const share = Math.round(shareOf(run) * 100);
  return (
    <div>
      <div className="row s12 t2">
        {IMPORT_WORDS[run.state]}
        <span className="sp" />
        {run.state === "uploading"
          ? `${bytesOf(run.received)} of ${bytesOf(run.size ?? 0)}`
          : run.total === null
            ? ""
            : count(run.total, "row")}
      </div>
      <div
        className="bar"
        role="progressbar"
        aria-label={IMPORT_WORDS[run.state]}
        aria-valuenow={share}
      >
        <i style={{ width: `${share}%` }} />
      </div>
    </div>
  );
}

interface GoOnProps {
  run: Import;
  sending: boolean;
  onFile: (file: File) => void;
}

/** After a broken upload or a closed page: the same file again, and only the rest is sent. */
function GoOn({ run, sending, onFile }: GoOnProps) {
  if (run.state !== "uploading" || sending) return null;
  return (
    <Field words={`Choose the same ZIP to go on. ${bytesOf(run.received)} of it are kept.`}>
      <input
        type="file"
        accept=".zip,application/zip"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
        }}
      />
    </Field>
  );
}

type Upload = ReturnType<typeof useUpload>;
type Press = UseMutationResult<Import, ApiError, void>;

function Actions({ run, start, cancel }: { run: Import; start: Press; cancel: Press }) {
  // The draft of a case that is known already may be new.
  const good = run.counts.valid + run.counts.known;
  return (
    <div className="row g8">
      {run.state === "checked" ? (
        <button
          type="button"
          className="btn go"
          disabled={start.isPending || good === 0}
          onClick={() => start.mutate()}
        >
          Import {count(good, "good row")}
        </button>
      ) : null}
      {run.state === "uploading" || run.state === "checked" || isAtWork(run) ? (
        <button
          type="button"
          className="btn"
          disabled={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          Cancel this import
        </button>
      ) : null}
    </div>
  );
}

/** One import: how far it is, what became of its rows, and why some failed. */
export function ImportView({ id, sending }: { id: string; sending: Upload }) {
  const answer = useImport(id);
  const start = useStart(id);
  const cancel = useCancel(id);
  const run = answer.data;
  const own = sending.variables?.id === id;
  return (
    <section className="import" aria-label="Import">
      <Faults
        faults={[
          ["This import could not be loaded", answer.error, () => void answer.refetch()],
          ["The import did not start", start.error, () => start.mutate()],
          ["The import was not cancelled", cancel.error, () => cancel.mutate()],
        ]}
      />
      {own && sending.error ? (
        <Banner icon="cross" title="The upload stopped" code={sending.error.code}>
          {sending.error.message} What arrived is kept.
        </Banner>
      ) : null}
      {run?.failure ? (
        <Banner icon="cross" title="This import failed" code={run.failure.code}>
          {run.failure.message}
        </Banner>
      ) : null}
      {run ? (
        <>
          <HowFar run={run} />
          <GoOn
            run={run}
            sending={own && sending.isPending}
            onFile={(file) => sending.mutate({ id, file })}
          />
          <Counts run={run} />
          <Actions run={run} start={start} cancel={cancel} />
          {run.notes.map((note) => (
            <p key={note} className="s12 t2">
              {note}
            </p>
          ))}
          <FailedRows run={run} />
        </>
      ) : null}
    </section>
  );
}
