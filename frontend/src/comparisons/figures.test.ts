import { describe, expect, it } from "vitest";
import type { WholeComparison } from "../api/types";
import { differenceWords, figuresOf } from "./figures";

const measure = (value: number | null) => ({ value, n: 10, low: -0.1, high: 0.3 });

const report = {
  scores: {
    a: { presence: { macro: { f1: measure(0.5) } }, urgent_recall: measure(0.2) },
    b: { presence: { macro: { f1: measure(0.6) } }, urgent_recall: measure(null) },
  },
  flags: { a: { precision: measure(0.4), recall: measure(0.5) } },
  differences: {
    presence_f1: { ...measure(0.1), sure: false },
    urgent_recall: { ...measure(0.27), sure: true },
    flag_precision: { ...measure(-0.05), sure: false },
    iou: { ...measure(0), sure: false },
  },
} as unknown as WholeComparison["report"];

describe("the figures of a comparison", () => {
  it("has each side's own beside the difference, where it is kept", () => {
    const rows = figuresOf({ report } as WholeComparison);
    expect(rows.map(({ key }) => key)).toEqual([
      "presence_f1",
      "urgent_recall",
      "flag_precision",
      "iou",
    ]);
    expect(rows[0]?.a?.value).toBe(0.5);
    expect(rows[2]?.b).toBeNull();
    expect(rows[3]?.a).toBeNull();
    expect(rows[1]?.sure).toBe(true);
  });

  it("writes a difference with its sign, and a dash for what is not known", () => {
    expect(differenceWords({ value: 0.27, n: 1, low: 0.184, high: 0.361 })).toEqual({
      value: "+.270",
      range: "+.184 to +.361",
    });
    expect(differenceWords({ value: -1, n: 1, low: null, high: null })).toEqual({
      value: "−1.000",
      range: "",
    });
    expect(differenceWords({ value: null, n: 0, low: null, high: null }).value).toBe("–");
  });
});
