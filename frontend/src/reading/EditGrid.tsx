import { overlapOf } from "../viewer/boxes";
import { Cap } from "../keys/own";
import type { CardActions } from "./FlagCard";
import type { Mode } from "./mode";

type Editing = Extract<Mode, { name: "editing" }>;

/** Keys that can be changed, each by its action. */
const NEXT = ["nextBox", "Next box of this flag"] as const;
const NOTE = ["note", "Keep it, with a note"] as const;
const HIDE = ["hide", "Hold to hide boxes"] as const;

const HINTS = [
  ["Arrows", "Move"],
  ["Shift", "with arrows, resize"],
  ["Hold", "arrows to go faster"],
] as const;

const isOfFlag = ({ of, before }: Editing): boolean => "card" in of && before !== null;

function overlapWords({ box, before }: Editing): string {
  if (!box) return "Draw with the mouse, or press an arrow to begin in the middle";
  return before ? `Overlap with the box before ${overlapOf(box, before).toFixed(2)}` : "A new box";
}

/** In the blind step there is no note. */
export type EditActions = Pick<CardActions, "edit" | "cancel"> & Partial<Pick<CardActions, "note">>;

interface EditGridProps {
  mode: Editing;
  actions: EditActions;
  keep: string;
  drop: string;
}

/** Takes the place of verdicts and reasons while a box is edited. */
export function EditGrid({ mode, actions, keep, drop }: EditGridProps) {
  const keys = [...(isOfFlag(mode) ? [NEXT] : []), ...(actions.note ? [NOTE] : []), HIDE];
  return (
    <>
      <div className="vd two">
        <button type="button" className="btn go" disabled={!mode.box} onClick={actions.edit}>
          <Cap of="edit" />
          {keep}
        </button>
        <button type="button" className="btn" onClick={actions.cancel}>
          <kbd>Esc</kbd>
          {drop}
        </button>
      </div>
      <div className="answers">
        <div className="row s11 t3 answers-head">{overlapWords(mode)}</div>
        <div className="rs hints">
          {keys.map(([action, words]) => (
            <span key={action}>
              <Cap of={action} />
              {words}
            </span>
          ))}
          {HINTS.map(([cap, words]) => (
            <span key={words}>
              <kbd>{cap}</kbd>
              {words}
            </span>
          ))}
        </div>
      </div>
    </>
  );
}
