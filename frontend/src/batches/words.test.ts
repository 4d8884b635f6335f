import { describe, expect, it } from "vitest";
import { etaOf, selectionOf, shareOf } from "./words";

const progress = {
  total: 8,
  unstarted: 0,
  queued: 1,
  running: 1,
  done: 5,
  failed: 1,
  cancelled: 0,
  refused: 0,
  left: 2,
  eta_seconds: null as number | null,
  rate_per_minute: null,
};

describe("a batch in words", () => {
  it("counts what failed as needing no more work", () => {
    expect(shareOf(progress)).toBe(0.75);
    expect(shareOf({ ...progress, total: 0, left: 0 })).toBe(1);
  });

  it.each([
    [null, ""],
    [20, "under a minute left"],
    [100, "about 2 min left"],
    [3 * 3600, "about 3 h left"],
  ])("says of %s seconds: %s", (eta_seconds, words) => {
    expect(etaOf({ ...progress, eta_seconds })).toBe(words);
  });

  it("says what was chosen, and that older drafts were left out", () => {
    expect(selectionOf({ source: "phantom", latest_draft_only: true })).toBe(
      "source: phantom, newest draft of each case",
    );
    expect(selectionOf({ cases: ["a", "b"], limit: 5 })).toBe("cases: 2, limit: 5, every draft");
  });
});
