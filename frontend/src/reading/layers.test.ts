import { describe, expect, it } from "vitest";
import type { Decision, Flag } from "../api/types";
import { decisionsFor, revisionsFor } from "./answers";
import { cardsOf } from "./flags";
import { layersOf, layersOfCard } from "./layers";

const flag = (id: string, kind: Flag["kind"]): Flag => ({
  id,
  kind,
  label: "pneumothorax",
  reason: kind === "MISSING" ? "denied" : null,
  reported: kind === "URGENT" ? false : null,
  side: null,
  side_agrees: null,
  boxes: [[0.1, 0.1, 0.3, 0.3]],
  spans: [],
  rule: "",
  urgency: null,
});

let made = 0;
const when = {
  newId: () => `new-${(made += 1)}`,
  activeSeconds: 1,
  seen: { boxes: true, window_changed: false },
};
const [card] = cardsOf([flag("m", "MISSING"), flag("u", "URGENT")]);
if (!card) throw new Error("Two flags of one label share a card.");

const said = (...bodies: ReturnType<typeof decisionsFor>): Map<string, Decision> =>
  new Map(bodies.map((body) => [body.flag, { ...body, created_at: "", retracted: false }]));
const values = (live: Map<string, Decision>) =>
  layersOfCard(card, live).map(({ value, byHand }) => (byHand ? `${value} by hand` : value));

describe("the layers of an answer", () => {
  it("follow from verdict and reason", () => {
    expect(values(new Map())).toEqual([null, null, null]);
    expect(values(said(...decisionsFor(card, { verdict: "confirmed" }, when)))).toEqual([
      true,
      true,
      true,
    ]);
    const misread = decisionsFor(card, { verdict: "dismissed", reason: "draft_misread" }, when);
    expect(values(said(...misread))).toEqual([true, true, false]);
    expect(values(said(...decisionsFor(card, { verdict: "indeterminate" }, when)))).toEqual([
      null,
      null,
      null,
    ]);
  });

  it("are said otherwise by hand for each flag they concern, and back again", () => {
    let live = said(...decisionsFor(card, { verdict: "confirmed" }, when));
    const turn = (turned: "box_right" | "draft_read_right") => {
      live = said(...revisionsFor(card, live, { turned }, when));
    };
    turn("box_right");
    expect(values(live)).toEqual([true, "false by hand", true]);
    expect([...live.values()].map(({ layers }) => layers)).toEqual([
      { box_right: false },
      { box_right: false },
    ]);
    turn("draft_read_right");
    // URGENT says nothing of the draft.
    expect(live.get("u")?.layers).toEqual({ box_right: false });
    expect(live.get("m")?.layers).toEqual({ box_right: false, draft_read_right: false });
    turn("box_right");
    turn("box_right");
    expect(values(live)).toEqual([true, true, "false by hand"]);
  });

  it("by hand stay with the answer and go with another one; the note stays with both", () => {
    let live = said(...decisionsFor(card, { verdict: "confirmed" }, when));
    live = said(...revisionsFor(card, live, { turned: "box_right" }, when));
    live = said(...revisionsFor(card, live, { note: "A skin fold." }, when));
    const again = { verdict: "confirmed", significance: "minor" } as const;
    live = said(...decisionsFor(card, again, when, live));
    expect(live.get("m")).toMatchObject({ comment: "A skin fold.", layers: { box_right: false } });
    live = said(
      ...decisionsFor(card, { verdict: "dismissed", reason: "not_on_image" }, when, live),
    );
    expect(live.get("m")).toMatchObject({ comment: "A skin fold." });
    expect(live.get("m")?.layers).toBeUndefined();
  });

  it("of the server are whole, and mean the same", () => {
    const kept = { verdict: "confirmed", reason: null } as Decision;
    const layers = { finding_true: true, box_right: null, draft_read_right: true };
    expect(layersOf("MISSING", { ...kept, layers }).box_right).toBeNull();
  });
});
