import { describe, expect, it } from "vitest";
import type { Decision, Slot } from "../api/types";
import type { Op } from "./outbox";
import { readStateOf } from "./read";

const made = (id: string, flag: string, part: Partial<Decision> = {}): Decision => ({
  id,
  flag,
  verdict: "confirmed",
  reason: null,
  significance: null,
  box: null,
  created_at: "2026-11-22T00:00:00Z",
  retracted: false,
  ...part,
});

const said = (id: string, flag: string): Op => ({
  id,
  kind: "decision",
  at: "2026-11-22T00:00:01Z",
  body: {
    ...made(id, flag, { verdict: "dismissed", reason: "not_on_image" }),
    comment: "",
    active_seconds: 1,
    seen: { boxes: true, window_changed: false },
  },
});

const read = (decisions: Decision[]): Slot["read"] => ({
  id: "read",
  decisions,
  missed_findings: [],
  submitted_at: null,
});

const missed: Op = {
  id: "m-op",
  kind: "missed",
  body: { id: "m", label: "nodule_mass", box: null, comment: "" },
};

describe("readStateOf", () => {
  it("lets the newest decision on a flag stand", () => {
    const state = readStateOf(read([made("a", "flag")]), [said("b", "flag")]);
    expect(state.live.get("flag")?.id).toBe("b");
  });

  it("brings the decision before back when the newest is taken back", () => {
    const ops: Op[] = [said("b", "flag"), { id: "u", kind: "undo", decision: "b" }];
    expect(readStateOf(read([made("a", "flag")]), ops).live.get("flag")?.id).toBe("a");
  });

  it("counts a save once that the server already has", () => {
    const state = readStateOf(read([made("b", "flag")]), [said("b", "flag")]);
    expect(state.made).toHaveLength(1);
  });

  it("keeps the order of what was said when the server names only the last of it", () => {
    const last = made("b", "flag", { verdict: "dismissed", reason: "not_on_image" });
    const state = readStateOf(read([last]), [said("a", "flag"), said("b", "flag")]);
    expect(state.live.get("flag")).toEqual(last);
  });

  it("leaves out what the server says was taken back", () => {
    const state = readStateOf(read([made("a", "flag", { retracted: true })]), []);
    expect(state.live.size).toBe(0);
  });

  it("keeps the order in which things were made, missed findings among them", () => {
    const state = readStateOf(read([made("a", "one")]), [missed, said("b", "two")]);
    expect(
      state.made.map((each) => ("missed" in each ? each.missed.id : each.decision.id)),
    ).toEqual(["a", "m", "b"]);
  });

  it("takes a missed finding off again", () => {
    const ops: Op[] = [missed, { id: "x", kind: "unmiss", missed: "m" }];
    expect(readStateOf(read([]), ops).missed).toEqual([]);
  });
});
