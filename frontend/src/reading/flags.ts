/** Flags in the order people should see them, grouped into the cards people answer. */
import type { Flag, FlagKind, Label } from "../api/types";
import { LABELS } from "../words";

/** One card: one number, one label, one answer; URGENT and MISSING of a label share it. */
export interface Card {
  number: number;
  label: Label;
  /** The most urgent flag first. It gives the card its colour. */
  flags: Flag[];
}

/** URGENT not reported, MISSING denied, MISSING omitted, UNSUPPORTED, URGENT reported. */
function rankOf(flag: Flag): number {
  if (flag.kind === "URGENT") return flag.reported === true ? 4 : 0;
  if (flag.kind === "MISSING") return flag.reason === "denied" ? 1 : 2;
  return 3;
}

const tierOf = (flag: Flag): number => flag.urgency?.tier ?? Number.MAX_SAFE_INTEGER;

function compareFlags(a: Flag, b: Flag): number {
  return (
    rankOf(a) - rankOf(b) ||
    tierOf(a) - tierOf(b) ||
    LABELS.indexOf(a.label) - LABELS.indexOf(b.label)
  );
}

const sharesCard = (kind: FlagKind): boolean => kind !== "UNSUPPORTED";

/** Cards numbered from 1, most urgent first. Each flag is on exactly one card. */
export function cardsOf(flags: readonly Flag[]): Card[] {
  const cards: Card[] = [];
  for (const flag of [...flags].sort(compareFlags)) {
    const shared = cards.find(
      (card) =>
        card.label === flag.label &&
        sharesCard(flag.kind) &&
        card.flags.every((other) => sharesCard(other.kind) && other.kind !== flag.kind),
    );
    if (shared) shared.flags.push(flag);
    else cards.push({ number: cards.length + 1, label: flag.label, flags: [flag] });
  }
  return cards;
}

/** The flag that gives a card its colour, place and side. */
export function leadOf(card: Card): Flag {
  const [lead] = card.flags;
  if (!lead) throw new Error("A card holds at least one flag.");
  return lead;
}
