import { describe, expect, it } from "vitest";
import type { Flag } from "../api/types";
import { cardsOf } from "./flags";

let made = 0;
function flag(part: Partial<Flag> & Pick<Flag, "kind" | "label">): Flag {
  made += 1;
  return {
    id: `flag-${made}`,
    reason: null,
    reported: null,
    side: null,
    side_agrees: null,
    boxes: [],
    spans: [],
    rule: "",
    urgency: null,
    ...part,
  };
}

const told = (flags: Flag[]) =>
  cardsOf(flags).map((card) => [card.number, card.label, card.flags.map((each) => each.kind)]);

describe("cardsOf", () => {
  it("puts the kinds in order of urgency, whatever order they come in", () => {
    const flags = [
      flag({
        kind: "URGENT",
        label: "nodule_mass",
        reported: true,
        urgency: { tier: 2, wording: "" },
      }),
      flag({ kind: "UNSUPPORTED", label: "cardiomegaly" }),
      flag({ kind: "MISSING", label: "pleural_effusion", reason: "omitted" }),
      flag({ kind: "MISSING", label: "lung_opacity_consolidation", reason: "denied" }),
      flag({
        kind: "URGENT",
        label: "pneumothorax",
        reported: false,
        urgency: { tier: 1, wording: "" },
      }),
    ];
    const expected = [
      [1, "pneumothorax", ["URGENT"]],
      [2, "lung_opacity_consolidation", ["MISSING"]],
      [3, "pleural_effusion", ["MISSING"]],
      [4, "cardiomegaly", ["UNSUPPORTED"]],
      [5, "nodule_mass", ["URGENT"]],
    ];
    expect(told(flags)).toEqual(expected);
    expect(told([...flags].reverse())).toEqual(expected);
  });

  it("puts URGENT and MISSING of one label on one card, URGENT first", () => {
    const flags = [
      flag({ kind: "MISSING", label: "pneumothorax", reason: "denied" }),
      flag({
        kind: "URGENT",
        label: "pneumothorax",
        reported: false,
        urgency: { tier: 1, wording: "" },
      }),
    ];
    expect(told(flags)).toEqual([[1, "pneumothorax", ["URGENT", "MISSING"]]]);
  });

  it("orders urgent flags by tier", () => {
    const flags = [
      flag({
        kind: "URGENT",
        label: "nodule_mass",
        reported: false,
        urgency: { tier: 2, wording: "" },
      }),
      flag({
        kind: "URGENT",
        label: "pneumothorax",
        reported: null,
        urgency: { tier: 1, wording: "" },
      }),
    ];
    expect(cardsOf(flags).map((card) => card.label)).toEqual(["pneumothorax", "nodule_mass"]);
  });

  it("never shares a card with UNSUPPORTED and never loses a flag", () => {
    const flags = [
      flag({ kind: "UNSUPPORTED", label: "pneumothorax" }),
      flag({ kind: "URGENT", label: "pneumothorax", reported: false }),
      flag({ kind: "MISSING", label: "pneumothorax", reason: "omitted" }),
    ];
    const cards = cardsOf(flags);
    expect(cards.map((card) => card.flags.length)).toEqual([2, 1]);
    expect(cards.flatMap((card) => card.flags.map((each) => each.id)).sort()).toEqual(
      flags.map((each) => each.id).sort(),
    );
  });

  it("has no cards for no flags", () => {
    expect(cardsOf([])).toEqual([]);
  });
});
