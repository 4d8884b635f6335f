import { expect, test } from "vitest";
import { ratesOf } from "./rates";

const NOTHING = { schema_valid: null, repair: null, retry: null, drop: null, failure: null };
const NO_STATS = {
  counted_at: "2026-11-29T10:00:00Z",
  generations: 0,
  used: 0,
  recovered: 0,
  failed: 0,
  retries: 0,
  ledger: 0,
  emitted: 0,
};

test("shares and times of a version that answered", () => {
  const rows = ratesOf({
    counts: { done: 7, failed: 1 },
    stats: {
      ...NO_STATS,
      generations: 8,
      emitted: 40,
      rates: { schema_valid: 0.75, repair: 0.125, retry: 0, drop: 0.05, failure: 0.125 },
      ms: { mean: 340.4, p95: 2440 },
    },
  });
  expect(rows.map(({ value, of }) => `${value} of ${of}`)).toEqual([
    "75.0 % of 8 answers",
    "12.5 % of 8 answers",
    "0.0 % of 8 answers",
    "5.0 % of 40 outputs",
    "12.5 % of 8 steps",
    "2.4 s of mean 340 ms, 7 steps",
  ]);
});

test("a version that did nothing yet has no rate, not a good one", () => {
  const rows = ratesOf({
    counts: { done: 0, failed: 0 },
    stats: { ...NO_STATS, rates: NOTHING, ms: null },
  });
  expect(new Set(rows.map(({ value }) => value))).toEqual(new Set(["–"]));
});
