/** Lengths on the image: in mm where the spacing of its pixels is known, else in pixels. */
import type { Point, Size } from "./geometry";

/** From one point of the image to another, in fractions of it. */
export interface Ruler {
  from: Point;
  to: Point;
}

/** mm from one pixel to the next: down a column, along a row. */
export type Spacing = readonly [row: number, column: number];

/** Where a ruler begins that is drawn by keyboard: across the middle third. */
export const MIDDLE_RULER: Ruler = { from: { x: 0.4, y: 0.5 }, to: { x: 0.6, y: 0.5 } };

export function lengthOf({ from, to }: Ruler, image: Size, spacing: Spacing | null): number {
  const [row, column] = spacing ?? [1, 1];
  return Math.hypot((to.x - from.x) * image.width * column, (to.y - from.y) * image.height * row);
}

/** "42.3 mm", or "512 px": a length without a scale never looks like one with it. */
export function lengthWords(ruler: Ruler, image: Size, spacing: Spacing | null): string {
  const length = lengthOf(ruler, image, spacing);
  return spacing ? `${length.toFixed(1)} mm` : `${Math.round(length)} px`;
}

/** A point moved by so much, kept on the image. */
export function movedPoint({ x, y }: Point, by: Point): Point {
  const within = (value: number) => Math.min(1, Math.max(0, value));
  return { x: within(x + by.x), y: within(y + by.y) };
}
