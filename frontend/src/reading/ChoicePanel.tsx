import type { Label, SkipReason } from "../api/types";
import { LABEL_WORDS, LABELS } from "../words";
import { type EditActions, EditGrid } from "./EditGrid";
import type { Mode } from "./mode";

export const SKIP_REASONS: readonly (readonly [reason: SkipReason, words: string])[] = [
  ["image_quality", "Image quality"],
  ["not_my_field", "Not my field"],
  ["conflict_of_interest", "Conflict of interest"],
  ["other", "Other"],
];

interface ChoiceListProps {
  title: string;
  words: readonly string[];
  onChoose: (digit: number) => void;
  onCancel: () => void;
}

function ChoiceList({ title, words, onChoose, onCancel }: ChoiceListProps) {
  return (
    <section className="fl act choice" aria-label={title}>
      <div className="row fl-head">
        <h3>{title}</h3>
        <span className="sp" />
        <button type="button" className="btn sm q" onClick={onCancel}>
          Cancel <kbd>Esc</kbd>
        </button>
      </div>
      <div className="rs">
        {words.map((word, index) => (
          <button key={word} type="button" onClick={() => onChoose(index + 1)}>
            <kbd>{index + 1}</kbd>
            {word}
          </button>
        ))}
      </div>
    </section>
  );
}

interface ChoicePanelProps {
  mode: Mode;
  onDigit: (digit: number) => void;
  actions: EditActions;
}

/** In place of the flags while a label or a reason is chosen, or a new finding is drawn. */
export function ChoicePanel({ mode, onDigit, actions }: ChoicePanelProps) {
  if (mode.name === "labelling") {
    const words = LABELS.map((label) => LABEL_WORDS[label]);
    const title = "Which finding was missed?";
    return <ChoiceList title={title} words={words} onChoose={onDigit} onCancel={actions.cancel} />;
  }
  if (mode.name === "skipping") {
    const words = SKIP_REASONS.map(([, word]) => word);
    const title = "Why skip? You will not be offered this item again.";
    return <ChoiceList title={title} words={words} onChoose={onDigit} onCancel={actions.cancel} />;
  }
  if (mode.name !== "editing" || !("missed" in mode.of)) return null;
  return <NewFinding label={mode.of.missed} mode={mode} actions={actions} />;
}

function NewFinding({
  label,
  mode,
  actions,
}: {
  label: Label;
  mode: Extract<Mode, { name: "editing" }>;
  actions: ChoicePanelProps["actions"];
}) {
  return (
    <section className="fl act" aria-label={`Add ${LABEL_WORDS[label]}`}>
      <div className="fl-head">
        <h3>{LABEL_WORDS[label]}, missed by the auditor</h3>
        <p className="s12 t2 fl-cause">Draw where you see it. Your box is dashed.</p>
      </div>
      <EditGrid mode={mode} actions={actions} keep="Keep this box" drop="No finding" />
    </section>
  );
}
