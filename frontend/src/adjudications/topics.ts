/** What is ruled on: a card of flags that readers answered differently, or a label some added. */
import type { Audit, Box, Decision, Difference, Flag, Label, NamedRead } from "../api/types";
import { type Card, cardsOf } from "../reading/flags";
import { sameBox } from "../viewer/boxes";

export interface Topic {
  /** Its place in the list, from 1. */
  number: number;
  label: Label;
  what: Difference["what"];
  /** Null for a label without a flag. */
  card: Card | null;
  /** The flags of the card that readers differ in: each is ruled on once. */
  flags: Flag[];
}

/** Every difference is in exactly one topic; flags in the order of their cards, then labels. */
export function topicsOf(audit: Pick<Audit, "flags">, differs: readonly Difference[]): Topic[] {
  const whatOf = new Map(
    differs.flatMap(({ flag, what }) => (flag ? [[flag, what] as const] : [])),
  );
  const onFlags = cardsOf(audit.flags).flatMap((card) => {
    const flags = card.flags.filter((flag) => whatOf.has(flag.id));
    const what = flags[0] && whatOf.get(flags[0].id);
    return what ? [{ label: card.label, what, card, flags }] : [];
  });
  const onLabels = differs
    .filter(({ flag }) => !flag)
    .map(({ label, what }) => ({ label, what, card: null, flags: [] }));
  return [...onFlags, ...onLabels].map((topic, at) => ({ ...topic, number: at + 1 }));
}

/** A read's answer to one flag. */
export const answerOf = (read: NamedRead, flag: Flag): Decision | undefined =>
  read.decisions.find((decision) => decision.flag === flag.id);

/** Flags that share a card often share their box: it is drawn once. */
const once = (boxes: readonly Box[]): Box[] =>
  boxes.filter((box, at) => boxes.findIndex((other) => sameBox(other, box)) === at);

/** The boxes a read puts on a topic: its own, else the auditor's where it confirmed them. */
export function boxesOf(read: NamedRead, topic: Topic): { own: Box[]; kept: Box[] } {
  if (!topic.card) {
    const added = read.missed_findings.filter(({ label }) => label === topic.label);
    return { own: added.flatMap(({ box }) => (box ? [box] : [])), kept: [] };
  }
  const own: Box[] = [];
  const kept: Box[] = [];
  for (const flag of topic.card.flags) {
    const answer = answerOf(read, flag);
    if (answer?.box) own.push(answer.box);
    else if (answer?.verdict === "confirmed") kept.push(...flag.boxes);
  }
  return own.length > 0 ? { own: once(own), kept: [] } : { own, kept: once(kept) };
}
