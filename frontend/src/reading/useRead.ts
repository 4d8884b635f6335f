import { useMemo, useRef } from "react";
import type { Audit, Box, DecisionInput, Label, MissedFinding, Slot } from "../api/types";
import { useEntry, useOutbox } from "../outbox/OutboxProvider";
import type { Entry } from "../outbox/outbox";
import { type ReadState, readStateOf } from "../outbox/read";
import { type Answer, decisionsFor, type Revision, revisionsFor } from "./answers";
import { type Card, cardsOf } from "./flags";

export interface ReadControl {
  cards: Card[];
  state: ReadState;
  entry: Entry;
  decide: (card: Card, answer: Answer) => void;
  /** A note on what was said of a card, or a layer of it said otherwise. */
  revise: (card: Card, change: Revision) => void;
  /** The id of what was added. */
  addMissed: (label: Label, box: Box | null) => string;
  /** Adds it anew with the note, as what was said is never edited. */
  noteMissed: (missed: MissedFinding, note: string) => void;
  removeMissed: (id: string) => void;
  /** Takes back what was said last; gives the card it was on, or null. */
  undo: () => Card | null;
}

const NO_READ: Slot["read"] = { id: "", decisions: [], missed_findings: [], submitted_at: null };
const newId = (): string => crypto.randomUUID();

/** Seconds since the last answer, at most five minutes: longer is a break, not work. */
function useActiveSeconds(): () => number {
  const since = useRef(Date.now());
  return () => {
    const seconds = Math.min(300, Math.round((Date.now() - since.current) / 100) / 10);
    since.current = Date.now();
    return seconds;
  };
}

/** What the reader has said on this slot, and how to say more. Everything goes by the outbox. */
export function useRead(
  audit: Audit,
  slot: Slot | null,
  seen: { boxes: boolean; window_changed: boolean },
): ReadControl {
  const outbox = useOutbox();
  const id = slot?.id ?? "";
  const entry = useEntry(id);
  const cards = useMemo(() => cardsOf(audit.flags), [audit.flags]);
  const state = useMemo(() => readStateOf(slot?.read ?? NO_READ, entry.ops), [slot, entry.ops]);
  const activeSeconds = useActiveSeconds();

  const say = (decisions: readonly DecisionInput[]) => {
    const at = new Date().toISOString();
    outbox.add(
      id,
      decisions.map((body) => ({ id: body.id, kind: "decision", body, at })),
    );
  };
  const now = () => ({ newId, activeSeconds: activeSeconds(), seen });
  const decide = (card: Card, answer: Answer) => say(decisionsFor(card, answer, now(), state.live));
  const revise = (card: Card, change: Revision) =>
    say(revisionsFor(card, state.live, change, now()));

  const addMissed = (label: Label, box: Box | null) => {
    const body = { id: newId(), label, box, comment: "" };
    outbox.add(id, [{ id: newId(), kind: "missed", body }]);
    return body.id;
  };

  const noteMissed = (missed: MissedFinding, note: string) =>
    outbox.add(id, [
      { id: newId(), kind: "missed", body: { ...missed, id: newId(), comment: note } },
      { id: newId(), kind: "unmiss", missed: missed.id },
    ]);

  const removeMissed = (missed: string) =>
    outbox.add(id, [{ id: newId(), kind: "unmiss", missed }]);

  const undo = (): Card | null => {
    const last = state.made.at(-1);
    if (!last) return null;
    if ("missed" in last) {
      // The note was written last, the finding before it.
      if (last.missed.comment) noteMissed(last.missed, "");
      else removeMissed(last.missed.id);
      return null;
    }
    const card = cards.find((each) => each.flags.some((flag) => flag.id === last.decision.flag));
    const together = (card?.flags ?? []).flatMap((flag) => state.live.get(flag.id) ?? []);
    outbox.add(
      id,
      together.map((decision) => ({ id: newId(), kind: "undo", decision: decision.id })),
    );
    return card ?? null;
  };

  return { cards, state, entry, decide, revise, addMissed, noteMissed, removeMissed, undo };
}
