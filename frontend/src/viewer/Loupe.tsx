import { useLayoutEffect, useRef } from "react";
import { type Point, scaleOf, type Size, toImage, type View } from "./geometry";
import type { Levels } from "./levels";
import { paint, Scratch } from "./paint";
import { useTable } from "./Picture";
import type { ViewerState } from "./useViewer";

const SIZE = 220;
const MAGNIFIES = 2.5;
const LENS = { width: SIZE, height: SIZE };

/** The view of the lens: what lies under the pointer in its middle, larger. */
function viewAt(pointer: Point, image: Size, { view, stage }: ViewerState): View {
  const scale = scaleOf(view, image, stage) * MAGNIFIES;
  const at = toImage(pointer, view, image, stage);
  let [x, y] = [(0.5 - at.x) * image.width * scale, (0.5 - at.y) * image.height * scale];
  for (let turn = 0; turn < view.turns; turn += 1) [x, y] = [-y, x];
  return { scale, turns: view.turns, pan: { x, y } };
}

interface LoupeProps {
  image: Size;
  levels: Levels;
  state: ViewerState;
  pointer: Point;
}

/** A square lens beside the pointer, under the same window as the image. */
export function Loupe({ image, levels, state, pointer }: LoupeProps) {
  const { stage } = state;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scratch = useRef<Scratch>(null);
  const table = useTable(state, levels);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d", { alpha: false });
    if (!context) return;
    scratch.current ??= new Scratch();
    const place = { view: viewAt(pointer, image, state), stage: LENS, image, ratio: 1 };
    paint(context, levels, table, place, scratch.current);
  }, [image, levels, table, state, pointer]);
  const left = pointer.x + SIZE + 24 > stage.width ? pointer.x - SIZE - 16 : pointer.x + 16;
  const top = Math.min(Math.max(8, pointer.y - SIZE / 2), stage.height - SIZE - 8);
  return (
    <canvas
      ref={canvas}
      className="loupe"
      width={SIZE}
      height={SIZE}
      style={{ left, top }}
      aria-hidden="true"
    />
  );
}
