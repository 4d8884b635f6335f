import { type Size, toStage, type View } from "./geometry";
import { lengthWords, type Ruler, type Spacing } from "./ruler";

const TICK = 6;

interface RulerLayerProps {
  ruler: Ruler;
  spacing: Spacing | null;
  view: View;
  image: Size;
  stage: Size;
}

/** The line with a tick at each end; its length stands beyond the end, off what is measured. */
export function RulerLayer({ ruler, spacing, view, image, stage }: RulerLayerProps) {
  const a = toStage(ruler.from, view, image, stage);
  const b = toStage(ruler.to, view, image, stage);
  const long = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [x, y] = [(-(b.y - a.y) / long) * TICK, ((b.x - a.x) / long) * TICK];
  const path = [
    `M${a.x} ${a.y}L${b.x} ${b.y}`,
    `M${a.x - x} ${a.y - y}L${a.x + x} ${a.y + y}`,
    `M${b.x - x} ${b.y - y}L${b.x + x} ${b.y + y}`,
  ].join("");
  const words = lengthWords(ruler, image, spacing);
  const toLeft = b.x > stage.width - 90;
  return (
    <>
      <svg
        className="boxes ruler"
        width={stage.width}
        height={stage.height}
        role="img"
        aria-label={`Ruler, ${words}`}
      >
        <path d={path} className="bx-halo" strokeWidth={4} />
        <path d={path} className="bx-line" strokeWidth={1.5} />
      </svg>
      <span
        className="tag bx-plain"
        aria-hidden="true"
        style={{
          left: toLeft ? b.x - 80 : b.x + 10,
          top: Math.min(Math.max(4, b.y - 9), stage.height - 22),
        }}
      >
        {words}
      </span>
    </>
  );
}
