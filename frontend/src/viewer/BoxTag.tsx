import { Icon } from "../parts/Icon";
import { kindClass } from "../parts/KindSignal";
import type { Rect } from "./geometry";
import type { Mark } from "./marks";

/** How far the corner brackets of URGENT stand off its box. */
export const BRACKET_GAP = 6;
const HEIGHT = 18;
const ROOM = 30;

interface BoxTagProps {
  mark: Pick<Mark, "kind" | "card" | "icon" | "words" | "active">;
  rect: Rect;
}

/** Number, glyph and, when active, the label: outside the box, below it at the top edge. */
export function BoxTag({ mark, rect }: BoxTagProps) {
  const { kind, card, icon } = mark;
  const words = mark.active || card === null ? mark.words : "";
  if (!words && card === null) return null;
  const stand = kind === "URGENT" ? BRACKET_GAP : 0;
  const gap = stand + (stand ? 2 : 3);
  const top = rect.y < ROOM ? rect.y + rect.height + gap : rect.y - gap - HEIGHT;
  return (
    <span
      className={`tag ${kind ? kindClass(kind) : "bx-plain"}`}
      style={{ left: Math.max(0, rect.x - stand - 1), top }}
      aria-hidden="true"
    >
      {card === null ? null : <b>{card}</b>}
      {icon ? <Icon name={icon} /> : null}
      {words ? <span>{words}</span> : null}
    </span>
  );
}
