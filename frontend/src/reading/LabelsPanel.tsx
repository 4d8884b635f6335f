import type { Label, State } from "../api/types";
import { Cap } from "../keys/own";
import { LABEL_WORDS, LABELS } from "../words";
import { EditGrid } from "./EditGrid";
import { linesOf } from "./lines";
import type { Blind } from "./useBlind";

const ANSWERS: readonly (readonly [state: State, action: string, words: string])[] = [
  ["present", "confirm", "There"],
  ["uncertain", "unsure", "Uncertain"],
  ["absent", "dismiss", "Not there"],
];

/** A state for each label, by keys or by hand; the active one may be boxed. */
export function LabelsPanel({ blind }: { blind: Blind }) {
  const { mode, active } = blind;
  return (
    <div className="fs" role="group" aria-label="Labels">
      {LABELS.map((label, index) =>
        label === active && mode.name === "editing" ? (
          <section key={label} className="fl act" aria-label={LABEL_WORDS[label]}>
            <div className="fl-head">
              <h3>{LABEL_WORDS[label]}</h3>
            </div>
            <EditGrid mode={mode} actions={blind} keep="Keep this box" drop="No box" />
          </section>
        ) : (
          <LabelRow key={label} blind={blind} label={label} digit={index + 1} />
        ),
      )}
    </div>
  );
}

function LabelRow({ blind, label, digit }: { blind: Blind; label: Label; digit: number }) {
  const { view, active } = blind;
  const boxes = view.boxes.filter((seen) => seen.label === label).length;
  const isActive = label === active;
  return (
    <section
      className={isActive ? "fl blind-label act" : "fl blind-label"}
      aria-label={LABEL_WORDS[label]}
      aria-current={isActive ? "true" : undefined}
    >
      <div className="row g8">
        <button type="button" className="row g8 md" onClick={() => blind.pick(label)}>
          <kbd>{digit}</kbd>
          {LABEL_WORDS[label]}
        </button>
        <span className="sp" />
        <span className="s12 t3">
          {boxes > 0 ? `${boxes} ${boxes === 1 ? "box" : "boxes"}` : ""}
        </span>
      </div>
      <div className="blind-answers">
        {ANSWERS.map(([state, action, words]) => {
          const chosen = view.states[label] === state;
          return (
            <button
              key={state}
              type="button"
              className={chosen ? "btn sm chosen" : "btn sm"}
              aria-pressed={chosen}
              onClick={() => blind.say(label, state)}
            >
              {isActive ? <Cap of={action} /> : null}
              {words}
            </button>
          );
        })}
      </div>
    </section>
  );
}

/** The draft as it was written: no underline, no alignment, since those are the auditor's. */
export function DraftAlone({ text }: { text: string }) {
  if (!text.trim()) return <p className="sec t3">No draft. The flags come next.</p>;
  return (
    <div className="sec drw blind-draft">
      <div className="dr">
        {linesOf(text, []).map((line) =>
          line.kind === "heading" ? (
            <h3 key={line.start} className="dh">
              {text.slice(line.start, line.end).replace(/\s*:$/, "")}
            </h3>
          ) : (
            <p key={line.start}>{text.slice(line.start, line.end)}</p>
          ),
        )}
      </div>
    </div>
  );
}
