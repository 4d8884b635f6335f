import { describe, expect, it } from "vitest";
import type { Flag } from "../api/types";
import { decisionsFor, reasonsOf } from "./answers";
import type { Card } from "./flags";

const flag = (id: string, kind: Flag["kind"]): Flag => ({
  id,
  kind,
  label: "pneumothorax",
  reason: kind === "MISSING" ? "denied" : null,
  reported: kind === "URGENT" ? false : null,
  side: null,
  side_agrees: null,
  boxes: [],
  spans: [],
  rule: "",
  urgency: null,
});

const card = (...kinds: Flag["kind"][]): Card => ({
  number: 1,
  label: "pneumothorax",
  flags: kinds.map((kind) => flag(kind.toLowerCase(), kind)),
});

function circumstances() {
  let made = 0;
  return {
    newId: () => {
      made += 1;
      return `id-${made}`;
    },
    activeSeconds: 3,
    seen: { boxes: true, window_changed: false },
  };
}

describe("decisionsFor", () => {
  it("writes one decision for each flag of a shared card", () => {
    const made = decisionsFor(card("URGENT", "MISSING"), { verdict: "confirmed" }, circumstances());
    expect(made.map((each) => [each.id, each.flag, each.verdict])).toEqual([
      ["id-1", "urgent", "confirmed"],
      ["id-2", "missing", "confirmed"],
    ]);
  });

  it.each(["draft_misread", "draft_says_it"] as const)(
    "lets %s dismiss MISSING and confirm URGENT",
    (reason) => {
      const answer = { verdict: "dismissed", reason } as const;
      const made = decisionsFor(card("URGENT", "MISSING"), answer, circumstances());
      expect(made.map((each) => [each.flag, each.verdict, each.reason])).toEqual([
        ["urgent", "confirmed", null],
        ["missing", "dismissed", reason],
      ]);
    },
  );

  it("dismisses both flags for a reason about the image", () => {
    const answer = { verdict: "dismissed", reason: "not_on_image" } as const;
    const made = decisionsFor(card("URGENT", "MISSING"), answer, circumstances());
    expect(made.map((each) => each.verdict)).toEqual(["dismissed", "dismissed"]);
  });
});

describe("reasonsOf", () => {
  it("gives eight different reasons for each kind of card", () => {
    for (const each of [
      card("MISSING"),
      card("URGENT", "MISSING"),
      card("URGENT"),
      card("UNSUPPORTED"),
    ]) {
      expect(new Set(reasonsOf(each)).size).toBe(8);
    }
  });

  it("offers no reason about the draft for URGENT alone", () => {
    expect(reasonsOf(card("URGENT")).filter((reason) => reason.startsWith("draft"))).toEqual([]);
  });
});
