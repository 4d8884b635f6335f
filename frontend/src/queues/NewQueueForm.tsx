import { type FormEvent, useState } from "react";
import { useSources } from "../api/queries";
import type { FlagKind, Label, Queue, QueueInput } from "../api/types";
import { Check, Field, FieldErrors, NumberField, Select } from "../parts/fields";
import { KINDS, LABEL_WORDS, LABELS } from "../words";
import { ORDER_WORDS } from "./words";

const FIRST = {
  name: "",
  source: "",
  label: "",
  kind: "",
  urgency: "",
  notReviewed: false,
  share: "0",
  informed: "100",
  mode: "flags_first" as Queue["mode"],
  order: "urgent" as Queue["order"],
  reads: "2",
  minutes: "15",
  guideline: "",
  takesDone: false,
  openToAll: true,
};

type Draft = typeof FIRST;

/** What the form says, as the API takes it: what is left open is left out. */
export function inputOf(draft: Draft): QueueInput {
  const { source, label, kind, urgency, notReviewed } = draft;
  // It draws from all audits itself, once; a blind queue is read in random order whatever was chosen.
  const drawsItself = draft.mode !== "blind_first" && draft.order === "informative";
  return {
    name: draft.name.trim(),
    mode: draft.mode,
    // Any other order would tell of the flags.
    order: draft.mode === "blind_first" ? "random" : draft.order,
    reads_per_item: Number(draft.reads),
    lease_minutes: Number(draft.minutes),
    guideline: draft.guideline,
    filter: {
      ...(source && { source }),
      ...(label && { label: label as Label }),
      ...(kind && { kind: kind as FlagKind }),
      ...(urgency && { urgency: urgency as "any" | "unreported" }),
      ...(notReviewed && { not_reviewed: true }),
    },
    unflagged_share: drawsItself ? 0 : Number(draft.share) / 100,
    informed_share: drawsItself ? Number(draft.informed) / 100 : 1,
    box_iou_bar: 0.5,
    takes_done_audits: draft.takesDone && !drawsItself,
    open_to_all: draft.openToAll,
  };
}

interface FormPartProps {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  fields: Record<string, string[]>;
}

function Takes({ draft, set, fields }: FormPartProps) {
  const sources = useSources().data ?? [];
  return (
    <fieldset className="card form-part">
      <legend>Which audits it takes</legend>
      <Select
        words="Source"
        any="any"
        value={draft.source}
        options={sources.map(({ slug, name }) => [slug, name] as const)}
        onChange={(source) => set({ source })}
      />
      <Select
        words="Flag"
        any="any, or none"
        value={draft.kind}
        options={KINDS.map((kind) => [kind, kind] as const)}
        onChange={(kind) => set({ kind })}
      />
      <Select
        words="Label"
        any="any"
        value={draft.label}
        options={LABELS.map((label) => [label, LABEL_WORDS[label]] as const)}
        onChange={(label) => set({ label })}
      />
      <Select
        words="Urgency"
        any="urgent or not"
        value={draft.urgency}
        options={[
          ["any", "urgent"],
          ["unreported", "urgent, not reported"],
        ]}
        onChange={(urgency) => set({ urgency })}
      />
      <NumberField
        words="Random share of the others, %"
        errors={fields["unflagged_share"]}
        min={0}
        max={100}
        step="any"
        value={draft.share}
        onChange={(share) => set({ share })}
      />
      <Check
        words="Only what nobody reviewed before"
        checked={draft.notReviewed}
        onChange={(notReviewed) => set({ notReviewed })}
      />
      <Check
        words="Audits that end later enter by themselves"
        checked={draft.takesDone}
        onChange={(takesDone) => set({ takesDone })}
      />
    </fieldset>
  );
}

function Reading({ draft, set, fields }: FormPartProps) {
  return (
    <fieldset className="card form-part">
      <legend>How it is read</legend>
      <Select
        words="Readers see"
        value={draft.mode}
        options={[
          ["flags_first", "everything at once"],
          ["blind_first", "the image alone, then the draft, then the rest"],
        ]}
        onChange={(mode) => set({ mode: mode as Queue["mode"] })}
      />
      <Select
        words="Order"
        value={draft.mode === "blind_first" ? "random" : draft.order}
        options={
          draft.mode === "blind_first"
            ? [["random", ORDER_WORDS.random]]
            : Object.entries(ORDER_WORDS)
        }
        onChange={(order) => set({ order: order as Queue["order"] })}
      />
      {draft.mode === "flags_first" && draft.order === "informative" ? (
        <NumberField
          words="Chance of the most telling audit, %"
          errors={fields["informed_share"]}
          min={0.1}
          max={100}
          step="any"
          value={draft.informed}
          onChange={(informed) => set({ informed })}
        >
          <span className="s12 t3">
            Drawn once, from all audits the filter is about: the more versions differ, scores are
            near a threshold and labels are rare, the likelier. The random share of the others and
            later audits don’t apply.
          </span>
        </NumberField>
      ) : null}
      <NumberField
        words="Reads an item"
        errors={fields["reads_per_item"]}
        min={1}
        max={9}
        value={draft.reads}
        onChange={(reads) => set({ reads })}
      />
      <NumberField
        words="Lease, minutes"
        errors={fields["lease_minutes"]}
        min={1}
        max={240}
        value={draft.minutes}
        onChange={(minutes) => set({ minutes })}
      />
      <Check
        words="Everybody may read in it"
        checked={draft.openToAll}
        onChange={(openToAll) => set({ openToAll })}
      />
      <Field words="Guideline" errors={fields["guideline"]}>
        <textarea
          className="input"
          rows={4}
          value={draft.guideline}
          onChange={(event) => set({ guideline: event.target.value })}
        />
      </Field>
    </fieldset>
  );
}

interface NewQueueFormProps {
  pending: boolean;
  fields: Record<string, string[]>;
  onMake: (wanted: QueueInput) => void;
}

/** A queue by its rules. It is empty until it is filled. */
export function NewQueueForm({ pending, fields, onMake }: NewQueueFormProps) {
  const [draft, setDraft] = useState<Draft>(FIRST);
  const set = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    onMake(inputOf(draft));
  };
  return (
    <form className="queue" onSubmit={send} aria-label="New queue">
      <Field words="Name" errors={fields["name"]}>
        <input
          className="input"
          required
          maxLength={120}
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <div className="pair">
        <Takes draft={draft} set={set} fields={fields} />
        <Reading draft={draft} set={set} fields={fields} />
      </div>
      <FieldErrors errors={fields["filter"]} />
      <div className="row g12">
        <button type="submit" className="btn go" disabled={pending || !draft.name.trim()}>
          Make the queue
        </button>
        <span className="s12 t3">It is empty until you fill it. Readers see no rule of it.</span>
      </div>
    </form>
  );
}
