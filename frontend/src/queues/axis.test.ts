import { describe, expect, it } from "vitest";
import { AXIS_PAD, AXIS_WIDTH, axisStart, placeOn, ticksOf } from "./axis";
import { filledWords, measureWords } from "./words";

const measure = (value: number | null, low: number | null = null, high: number | null = null) => ({
  value,
  n: 40,
  low,
  high,
});

describe("the axis", () => {
  it("starts at 0 while nothing is below it, and at the next half below otherwise", () => {
    expect(axisStart([measure(0.4, 0.1, 0.6), measure(null)])).toBe(0);
    expect(axisStart([measure(0.1, -0.2, 0.4)])).toBe(-0.5);
    expect(axisStart([measure(-0.7)])).toBe(-1);
  });

  it("places its ends and its middle, and never leaves the plot", () => {
    expect(placeOn(0, 0)).toBe(AXIS_PAD);
    expect(placeOn(1, 0)).toBe(AXIS_PAD + AXIS_WIDTH);
    expect(placeOn(0, -1)).toBe(AXIS_PAD + AXIS_WIDTH / 2);
    expect(placeOn(-3, -1)).toBe(AXIS_PAD);
    expect(ticksOf(0)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });
});

describe("a measure in words", () => {
  it("says value and interval in the scale of its column", () => {
    expect(measureWords(measure(0.965, 0.942, 0.979), 100)).toEqual({
      value: "96.5",
      range: "94.2 to 97.9",
    });
    expect(measureWords(measure(0.5), 1)).toEqual({ value: "0.50", range: "" });
  });

  it("is a dash where there is nothing to divide by", () => {
    expect(measureWords(measure(null), 1)).toEqual({ value: "–", range: "" });
  });
});

it("says what filling did, also when it added nothing", () => {
  expect(filledWords({ matched: 4, drawn: 1, added: 0, already: 5, assigned: 0 })).toBe(
    "0 items added. 4 audits matched, 1 drawn by chance, 5 there before.",
  );
});
