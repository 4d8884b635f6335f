/** Where the image lies on the stage, and how boxes and points go from one to the other. */
import type { Box } from "../api/types";

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Rect extends Point, Size {}

export type QuarterTurns = 0 | 1 | 2 | 3;

/** `scale` is stage pixels an image pixel; null means fit. `pan` is in stage pixels. */
export interface View {
  scale: number | null;
  pan: Point;
  turns: QuarterTurns;
}

export const FITTED: View = { scale: null, pan: { x: 0, y: 0 }, turns: 0 };

const MARGIN = 6;
const ZOOM_LIMITS = { low: 0.05, high: 16 };

const isAside = (turns: QuarterTurns): boolean => turns % 2 === 1;

function turnedSize(image: Size, turns: QuarterTurns): Size {
  return isAside(turns) ? { width: image.height, height: image.width } : image;
}

/** Stage pixels an image pixel when the whole image is seen. */
export function fitScale(image: Size, stage: Size, turns: QuarterTurns): number {
  const { width, height } = turnedSize(image, turns);
  const room = { width: stage.width - 2 * MARGIN, height: stage.height - 2 * MARGIN };
  return Math.max(0.01, Math.min(room.width / width, room.height / height));
}

export function scaleOf(view: View, image: Size, stage: Size): number {
  return view.scale ?? fitScale(image, stage, view.turns);
}

/** Image fractions (x right, y down, 0..1) to stage pixels. */
export function toStage(point: Point, view: View, image: Size, stage: Size): Point {
  const scale = scaleOf(view, image, stage);
  let x = (point.x - 0.5) * image.width * scale;
  let y = (point.y - 0.5) * image.height * scale;
  for (let turn = 0; turn < view.turns; turn += 1) [x, y] = [-y, x];
  return { x: x + stage.width / 2 + view.pan.x, y: y + stage.height / 2 + view.pan.y };
}

/** Stage pixels to image fractions; the inverse of {@link toStage}. */
export function toImage(point: Point, view: View, image: Size, stage: Size): Point {
  const scale = scaleOf(view, image, stage);
  let x = point.x - stage.width / 2 - view.pan.x;
  let y = point.y - stage.height / 2 - view.pan.y;
  for (let turn = 0; turn < view.turns; turn += 1) [x, y] = [y, -x];
  return { x: x / (image.width * scale) + 0.5, y: y / (image.height * scale) + 0.5 };
}

/** A box as it lies on the stage. Quarter turns keep it upright. */
export function rectOf(box: Box, view: View, image: Size, stage: Size): Rect {
  const [y0, x0, y1, x1] = box;
  const a = toStage({ x: x0, y: y0 }, view, image, stage);
  const b = toStage({ x: x1, y: y1 }, view, image, stage);
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  };
}

/** Zooms by a factor and keeps what lies under `anchor` (stage pixels) where it is. */
export function zoomed(view: View, factor: number, anchor: Point, image: Size, stage: Size): View {
  const before = scaleOf(view, image, stage);
  const scale = Math.min(ZOOM_LIMITS.high, Math.max(ZOOM_LIMITS.low, before * factor));
  const grown = scale / before;
  const centre = { x: stage.width / 2 + view.pan.x, y: stage.height / 2 + view.pan.y };
  return {
    ...view,
    scale,
    pan: {
      x: view.pan.x + (anchor.x - centre.x) * (1 - grown),
      y: view.pan.y + (anchor.y - centre.y) * (1 - grown),
    },
  };
}

export function turned(view: View): View {
  return { ...FITTED, turns: ((view.turns + 1) % 4) as QuarterTurns };
}

/** The view of one image carried over to another: the same part of it, as large against its fit. */
export function linkedView(view: View, from: Placed, to: Placed): View {
  const before = scaleOf(view, from.image, from.stage);
  const grown = before / fitScale(from.image, from.stage, view.turns);
  const after = grown * fitScale(to.image, to.stage, view.turns);
  const [a, b] = [turnedSize(from.image, view.turns), turnedSize(to.image, view.turns)];
  return {
    scale: view.scale === null ? null : after,
    turns: view.turns,
    pan: {
      x: (view.pan.x * b.width * after) / (a.width * before),
      y: (view.pan.y * b.height * after) / (a.height * before),
    },
  };
}

/** An image and the stage it is shown on. */
export interface Placed {
  image: Size;
  stage: Size;
}

/** Fit, or one image pixel for one stage pixel. */
export function fitOrFull(view: View): View {
  return { ...FITTED, turns: view.turns, scale: view.scale === null ? 1 : null };
}

/** The edges of the stage, in the order in which a quarter turn moves one to the next. */
export const EDGES = ["left", "top", "right", "bottom"] as const;
export type Edge = (typeof EDGES)[number];
