import { describe, expect, it } from "vitest";
import type { Box } from "../api/types";
import { boxBetween, HANDLES, movedBox, overlapOf, resizedBox, SMALLEST } from "./boxes";
import {
  FITTED,
  fitOrFull,
  linkedView,
  type QuarterTurns,
  rectOf,
  toImage,
  toStage,
  turned,
  type View,
  zoomed,
} from "./geometry";

const IMAGE = { width: 1920, height: 2320 };
const STAGE = { width: 900, height: 800 };
const TURNS: QuarterTurns[] = [0, 1, 2, 3];
const POINTS = [
  { x: 0, y: 0 },
  { x: 0.3, y: 0.8 },
  { x: 1, y: 1 },
];

describe("the stage", () => {
  it.each(TURNS)("gives every point back after %d quarter turns", (turns) => {
    const view: View = { scale: 0.7, pan: { x: 31, y: -12 }, turns };
    for (const point of POINTS) {
      const back = toImage(toStage(point, view, IMAGE, STAGE), view, IMAGE, STAGE);
      expect(back.x).toBeCloseTo(point.x, 9);
      expect(back.y).toBeCloseTo(point.y, 9);
    }
  });

  it.each(TURNS)("shows the whole image when fitted, after %d quarter turns", (turns) => {
    const rect = rectOf([0, 0, 1, 1], { ...FITTED, turns }, IMAGE, STAGE);
    expect(rect.x).toBeGreaterThanOrEqual(0);
    expect(rect.y).toBeGreaterThanOrEqual(0);
    expect(rect.x + rect.width).toBeLessThanOrEqual(STAGE.width);
    expect(rect.y + rect.height).toBeLessThanOrEqual(STAGE.height);
  });

  it("keeps what lies under the pointer while zooming", () => {
    const anchor = { x: 250, y: 600 };
    const before = toImage(anchor, FITTED, IMAGE, STAGE);
    const after = toImage(anchor, zoomed(FITTED, 1.7, anchor, IMAGE, STAGE), IMAGE, STAGE);
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
  });

  it.each(TURNS)("carries a view over to another image and back, %d turns", (turns) => {
    const here = { image: IMAGE, stage: STAGE };
    const there = { image: { width: 1024, height: 900 }, stage: { width: 400, height: 700 } };
    const view: View = { scale: 1.3, pan: { x: 40, y: -70 }, turns };
    const carried = linkedView(view, here, there);
    // What lies in the middle of one stage lies in the middle of the other.
    const middle = ({ stage }: typeof here) => ({ x: stage.width / 2, y: stage.height / 2 });
    const a = toImage(middle(here), view, here.image, here.stage);
    const b = toImage(middle(there), carried, there.image, there.stage);
    expect([b.x, b.y]).toEqual([expect.closeTo(a.x, 9), expect.closeTo(a.y, 9)]);
    const back = linkedView(carried, there, here);
    expect(back.scale).toBeCloseTo(1.3, 9);
    expect(back.pan.x).toBeCloseTo(40, 9);
    expect(linkedView({ ...FITTED, turns }, here, there)).toEqual({ ...FITTED, turns });
  });

  it("comes back to where it was after four turns, and after fit and full size", () => {
    expect(turned(turned(turned(turned(FITTED))))).toEqual(FITTED);
    expect(fitOrFull(fitOrFull(FITTED))).toEqual(FITTED);
    expect(fitOrFull(FITTED).scale).toBe(1);
  });
});

const isBox = ([y0, x0, y1, x1]: Box) =>
  0 <= y0 && y0 < y1 && y1 <= 1 && 0 <= x0 && x0 < x1 && x1 <= 1;

describe("boxes", () => {
  const box: Box = [0.2, 0.3, 0.5, 0.7];

  it("stay valid however far they are moved or resized", () => {
    for (const by of [-3, -0.4, -0.001, 0.001, 0.4, 3]) {
      expect(isBox(movedBox(box, { x: by, y: -by }))).toBe(true);
      for (const handle of HANDLES) {
        expect(isBox(resizedBox(box, handle, { x: by, y: by }))).toBe(true);
      }
    }
  });

  it("keep their size when moved", () => {
    const moved = movedBox(box, { x: 5, y: -5 });
    expect(moved[2] - moved[0]).toBeCloseTo(0.3, 9);
    expect(moved[3] - moved[1]).toBeCloseTo(0.4, 9);
    expect(moved[3]).toBeCloseTo(1, 9);
  });

  it("are drawn from either corner, and not at all by a click", () => {
    expect(boxBetween({ x: 0.6, y: 0.1 }, { x: 0.2, y: 0.4 })).toEqual([0.1, 0.2, 0.4, 0.6]);
    expect(boxBetween({ x: 0.5, y: 0.5 }, { x: 0.5 + SMALLEST / 2, y: 0.9 })).toBeNull();
  });

  it("overlap themselves wholly and strangers not at all", () => {
    expect(overlapOf(box, box)).toBeCloseTo(1, 9);
    expect(overlapOf([0, 0, 0.1, 0.1], [0.1, 0.1, 0.2, 0.2])).toBe(0);
    expect(overlapOf([0, 0, 0.2, 0.2], [0, 0.1, 0.2, 0.3])).toBeCloseTo(1 / 3, 9);
  });
});
