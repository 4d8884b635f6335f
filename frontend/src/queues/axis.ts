/** Where a value stands on an axis from `from` to 1, widened left when something is below 0. */
import type { Measure } from "../api/types";

export const AXIS_WIDTH = 80;
export const AXIS_PAD = 8;

/** The left end of an axis that holds all of them: 0, or the next half below. */
export function axisStart(measures: readonly Measure[]): number {
  const lowest = Math.min(0, ...measures.map(({ value, low }) => low ?? value ?? 0));
  return lowest < 0 ? Math.max(-1, Math.floor(lowest * 2) / 2) : 0;
}

/** Pixels from the left edge of the plot. Outside the axis counts as its end. */
export function placeOn(value: number, from: number): number {
  const share = (value - from) / (1 - from);
  return AXIS_PAD + Math.min(1, Math.max(0, share)) * AXIS_WIDTH;
}

/** The marks of an axis: quarters of it. */
export const ticksOf = (from: number): number[] =>
  [0, 1, 2, 3, 4].map((quarter) => from + ((1 - from) * quarter) / 4);
