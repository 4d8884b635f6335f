import { kindClass } from "../parts/KindSignal";
import { BRACKET_GAP, BoxTag } from "./BoxTag";
import { type Rect, rectOf, type Size, type View } from "./geometry";
import type { Mark } from "./marks";

interface BoxLayerProps {
  marks: readonly Mark[];
  view: View;
  image: Size;
  stage: Size;
  lit: number | null;
  onLight: (card: number | null) => void;
  onPick: (card: number) => void;
}

const BRACKET = 14;

function strokeWidth(mark: Mark): number {
  if (mark.decided) return 1;
  if (mark.active) return 2;
  return mark.line === "dotted" ? 1 : 1.5;
}

const DASHES: Record<Mark["line"], string | undefined> = {
  solid: undefined,
  dashed: "6 4",
  dotted: "1.5 3",
};

/** Four corners outside the box: URGENT without its colour. */
function brackets({ x, y, width, height }: Rect): string {
  const [left, top] = [x - BRACKET_GAP, y - BRACKET_GAP];
  const [right, bottom] = [x + width + BRACKET_GAP, y + height + BRACKET_GAP];
  const b = BRACKET;
  return [
    `M${left} ${top + b}V${top}H${left + b}`,
    `M${right - b} ${top}H${right}V${top + b}`,
    `M${right} ${bottom - b}V${bottom}H${right - b}`,
    `M${left + b} ${bottom}H${left}V${bottom - b}`,
  ].join("");
}

const classOf = (mark: Mark, lit: boolean): string =>
  ["bx", mark.kind ? kindClass(mark.kind) : "bx-plain", lit ? "lit" : ""].join(" ");

function Outline({ mark, rect }: { mark: Mark; rect: Rect }) {
  const width = strokeWidth(mark);
  const corners = mark.kind === "URGENT" ? brackets(rect) : null;
  return (
    <>
      {mark.line === "dotted" ? null : (
        <rect {...rect} className="bx-halo" strokeWidth={width + 2} />
      )}
      <rect {...rect} className="bx-line" strokeWidth={width} strokeDasharray={DASHES[mark.line]} />
      {corners ? <path d={corners} className="bx-halo" strokeWidth={4} /> : null}
      {corners ? <path d={corners} className="bx-line" strokeWidth={2} /> : null}
      {/* Takes the pointer on the line only, so that the image under a box can be windowed. */}
      <rect {...rect} className="bx-hit" />
    </>
  );
}

/** Boxes over the image. Each is a button: hover, focus or press lights its flag and phrase. */
export function BoxLayer({ marks, view, image, stage, lit, onLight, onPick }: BoxLayerProps) {
  const placed = marks.map((mark) => ({ mark, rect: rectOf(mark.box, view, image, stage) }));
  return (
    <>
      <svg
        className="boxes"
        width={stage.width}
        height={stage.height}
        role="group"
        aria-label="Boxes"
      >
        {placed.map(({ mark, rect }) =>
          mark.card === null ? (
            <g key={mark.key} className={classOf(mark, false)} role="img" aria-label={mark.name}>
              <Outline mark={mark} rect={rect} />
            </g>
          ) : (
            <g
              key={mark.key}
              className={classOf(mark, lit === mark.card)}
              role="button"
              tabIndex={0}
              aria-label={mark.name}
              onPointerEnter={() => onLight(mark.card)}
              onPointerLeave={() => onLight(null)}
              onFocus={() => onLight(mark.card)}
              onBlur={() => onLight(null)}
              onClick={() => onPick(mark.card ?? 0)}
            >
              <Outline mark={mark} rect={rect} />
            </g>
          ),
        )}
      </svg>
      {placed.map(({ mark, rect }) => (
        <BoxTag key={mark.key} mark={mark} rect={rect} />
      ))}
    </>
  );
}
