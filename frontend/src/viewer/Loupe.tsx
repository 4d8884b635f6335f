import { useLayoutEffect, useRef } from "react";
import { type Point, scaleOf, toImage } from "./geometry";
import type { Pixels } from "./pixels";
import type { ViewerControl } from "./useViewer";
import { levelled } from "./windowing";

const SIZE = 220;
const MAGNIFIES = 2.5;

/** A square lens beside the pointer, under the same window as the image. */
export function Loupe({
  pixels,
  control,
  pointer,
}: {
  pixels: Pixels;
  control: ViewerControl;
  pointer: Point;
}) {
  const { view, window: levels, inverted, stage } = control.state;
  const canvas = useRef<HTMLCanvasElement>(null);
  const source = useRef<{ key: string; drawn: CanvasImageSource } | null>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const key = `${levels.width} ${levels.level} ${inverted} ${pixels.width}x${pixels.height}`;
    if (source.current?.key !== key) {
      source.current = { key, drawn: levelled(pixels, levels, inverted) };
    }
    const at = toImage(pointer, view, pixels, stage);
    const scale = scaleOf(view, pixels, stage) * MAGNIFIES;
    context.resetTransform();
    context.fillRect(0, 0, SIZE, SIZE);
    context.translate(SIZE / 2, SIZE / 2);
    context.rotate((view.turns * Math.PI) / 2);
    context.scale(scale, scale);
    context.drawImage(source.current.drawn, -at.x * pixels.width, -at.y * pixels.height);
  }, [pixels, view, levels, inverted, stage, pointer]);
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
