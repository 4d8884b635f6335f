import type { PointerEvent } from "react";
import type { Box } from "../api/types";
import { kindClass } from "../parts/KindSignal";
import { BoxTag } from "./BoxTag";
import { HANDLES, type Handle, movedBox, resizedBox } from "./boxes";
import { type Point, rectOf, type Size, toImage, toStage, type View } from "./geometry";
import type { Mark } from "./marks";

interface BoxEditorProps {
  box: Box;
  /** What the box belongs to, written beside it. */
  tag: Pick<Mark, "kind" | "card" | "icon" | "words">;
  view: View;
  image: Size;
  stage: Size;
  onChange: (box: Box) => void;
}

const SEEN = 7;
const HIT = 24;

/** Eight handles of 7 px with a hit area of 24, and the inside to move the whole. */
export function BoxEditor({ box, tag, view, image, stage, onChange }: BoxEditorProps) {
  const rect = rectOf(box, view, image, stage);

  const drag = (change: (from: Box, by: Point) => Box) => (event: PointerEvent<SVGElement>) => {
    event.stopPropagation();
    event.preventDefault();
    const target = event.currentTarget;
    target.setPointerCapture(event.pointerId);
    const start = toImage({ x: event.clientX, y: event.clientY }, view, image, stage);
    const move = (moved: globalThis.PointerEvent) => {
      const now = toImage({ x: moved.clientX, y: moved.clientY }, view, image, stage);
      onChange(change(box, { x: now.x - start.x, y: now.y - start.y }));
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", () => target.removeEventListener("pointermove", move), {
      once: true,
    });
  };

  const [y0, x0, y1, x1] = box;
  const at = (handle: Handle) =>
    toStage(
      { x: x0 + ((x1 - x0) * (handle.x + 1)) / 2, y: y0 + ((y1 - y0) * (handle.y + 1)) / 2 },
      view,
      image,
      stage,
    );

  return (
    <>
      <svg
        className={`boxes box-editor ${tag.kind ? kindClass(tag.kind) : "bx-plain"}`}
        width={stage.width}
        height={stage.height}
        role="group"
        aria-label="Box being edited. Arrows move it, Shift and arrows resize it."
      >
        <rect {...rect} className="bx-halo" strokeWidth={4} />
        <rect {...rect} className="bx-line" strokeWidth={2} strokeDasharray="6 4" />
        <rect {...rect} className="box-inside" onPointerDown={drag(movedBox)} />
        {HANDLES.map((handle) => {
          const { x, y } = at(handle);
          return (
            <g
              key={`${handle.x},${handle.y}`}
              onPointerDown={drag((from, by) => resizedBox(from, handle, by))}
            >
              <rect x={x - HIT / 2} y={y - HIT / 2} width={HIT} height={HIT} className="box-hit" />
              <rect
                x={x - SEEN / 2}
                y={y - SEEN / 2}
                width={SEEN}
                height={SEEN}
                className="box-handle"
              />
            </g>
          );
        })}
      </svg>
      <BoxTag mark={{ ...tag, active: true }} rect={rect} />
    </>
  );
}
