/** Box arithmetic: `[y0, x0, y1, x1]`, 0..1, y0 < y1 and x0 < x1, always within the image. */
import type { Box } from "../api/types";
import type { Point } from "./geometry";

/** The smallest side an edited box may have, as a fraction of the image. */
export const SMALLEST = 0.01;

const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));

/** Shifts a box and keeps its size; it stops at the image's edge. */
export function movedBox([y0, x0, y1, x1]: Box, by: Point): Box {
  const dx = clamp(by.x, -x0, 1 - x1);
  const dy = clamp(by.y, -y0, 1 - y1);
  return [y0 + dy, x0 + dx, y1 + dy, x1 + dx];
}

/** One of the eight handles: which edges it drags (-1 first, 1 last, 0 none). */
export interface Handle {
  x: -1 | 0 | 1;
  y: -1 | 0 | 1;
}

export const HANDLES: readonly Handle[] = [
  { x: -1, y: -1 },
  { x: 0, y: -1 },
  { x: 1, y: -1 },
  { x: -1, y: 0 },
  { x: 1, y: 0 },
  { x: -1, y: 1 },
  { x: 0, y: 1 },
  { x: 1, y: 1 },
];

function pulled(low: number, high: number, by: number, end: -1 | 0 | 1): [number, number] {
  if (end < 0) return [clamp(low + by, 0, high - SMALLEST), high];
  if (end > 0) return [low, clamp(high + by, low + SMALLEST, 1)];
  return [low, high];
}

/** Drags the edges of a handle; they never cross and never leave the image. */
export function resizedBox([y0, x0, y1, x1]: Box, handle: Handle, by: Point): Box {
  const [top, bottom] = pulled(y0, y1, by.y, handle.y);
  const [left, right] = pulled(x0, x1, by.x, handle.x);
  return [top, left, bottom, right];
}

/** The box between two points, or null if it is too small to mean one. */
export function boxBetween(a: Point, b: Point): Box | null {
  const x0 = clamp(Math.min(a.x, b.x), 0, 1);
  const x1 = clamp(Math.max(a.x, b.x), 0, 1);
  const y0 = clamp(Math.min(a.y, b.y), 0, 1);
  const y1 = clamp(Math.max(a.y, b.y), 0, 1);
  return x1 - x0 >= SMALLEST && y1 - y0 >= SMALLEST ? [y0, x0, y1, x1] : null;
}

const areaOf = ([y0, x0, y1, x1]: Box): number => (y1 - y0) * (x1 - x0);

/** Intersection over union, 0..1. */
export function overlapOf(a: Box, b: Box): number {
  const height = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const width = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (height <= 0 || width <= 0) return 0;
  const shared = height * width;
  return shared / (areaOf(a) + areaOf(b) - shared);
}

export function sameBox(a: Box, b: Box): boolean {
  return a.every((value, index) => Math.abs(value - (b[index] ?? Number.NaN)) < 1e-6);
}
