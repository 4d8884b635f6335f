/** The read as the reader sees it: what the server has, and on top of it what was said since. */
import type { Decision, MissedFinding, Slot } from "../api/types";
import type { Op } from "./outbox";

export interface ReadState {
  /** Per flag, the newest decision that was not taken back. */
  live: ReadonlyMap<string, Decision>;
  missed: readonly MissedFinding[];
  /** Decisions and missed findings in the order they were made, none of them taken back. */
  made: readonly ({ decision: Decision } | { missed: MissedFinding })[];
}

function decisionOf(op: Op & { kind: "decision" }): Decision {
  const { active_seconds: _seconds, seen: _seen, ...said } = op.body;
  return { ...said, created_at: op.at, retracted: false };
}

/** Applying an operation that the server already has changes nothing. */
export function readStateOf(read: Slot["read"], ops: readonly Op[]): ReadState {
  const decisions = new Map(read.decisions.map((each) => [each.id, each]));
  const missed = new Map(read.missed_findings.map((each) => [each.id, each]));
  const gone = new Set<string>();
  for (const op of ops) {
    if (op.kind === "decision") {
      // In the order it was said: of decisions that replaced each other the server names the last.
      const known = decisions.get(op.id);
      decisions.delete(op.id);
      decisions.set(op.id, known ?? decisionOf(op));
    }
    if (op.kind === "missed" && !missed.has(op.body.id)) missed.set(op.body.id, op.body);
    if (op.kind === "undo") gone.add(op.decision);
    if (op.kind === "unmiss") gone.add(op.missed);
  }
  const kept = [...decisions.values()].filter((each) => !each.retracted && !gone.has(each.id));
  const found = [...missed.values()].filter((each) => !gone.has(each.id));
  return {
    live: new Map(kept.map((decision) => [decision.flag, decision])),
    missed: found,
    made: inOrder(kept, found, ops),
  };
}

function inOrder(
  decisions: readonly Decision[],
  missed: readonly MissedFinding[],
  ops: readonly Op[],
): ReadState["made"] {
  const place = new Map(ops.map((op, index) => [op.kind === "missed" ? op.body.id : op.id, index]));
  // What came from the server was made before anything said on this page.
  const at = (id: string) => place.get(id) ?? -1;
  const all = [
    ...missed.map((each) => ({ id: each.id, made: { missed: each } })),
    ...decisions.map((decision) => ({ id: decision.id, made: { decision } })),
  ];
  return all.sort((a, b) => at(a.id) - at(b.id)).map((each) => each.made);
}
