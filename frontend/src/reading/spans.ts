/** The draft cut into pieces that can be drawn: claims as lines, mentions and flags as marks. */
import type { Claim, Mention, Span, State } from "../api/types";
import { type Card, leadOf } from "./flags";

/** Code points (how Python counts) to UTF-16 units (how JavaScript does), both 0..length. */
export type ToUnits = (codePoint: number) => number;

export function unitsOf(text: string): ToUnits {
  const offsets = [0];
  for (const character of text) offsets.push((offsets.at(-1) ?? 0) + character.length);
  return (codePoint) => offsets[Math.min(Math.max(codePoint, 0), offsets.length - 1)] ?? 0;
}

/** A piece of text with everything that is marked on it. Offsets are UTF-16 units. */
export interface Segment {
  start: number;
  end: number;
  text: string;
  /** The strongest mention here, if any. */
  mention: Mention | null;
  /** Cards whose flags rest on this piece, lowest number first. */
  cards: Card[];
  overconfident: boolean;
  /** Numbers of cards whose phrase ends with this piece. */
  endsOf: Card[];
}

interface Mark {
  start: number;
  end: number;
  mention?: Mention;
  card?: Card;
  overconfident?: true;
}

const STRENGTH: Record<State, number> = { present: 3, uncertain: 2, absent: 1 };

const strengthOf = (mention: Mention): number =>
  (mention.overruled ? 0 : 10) + STRENGTH[mention.state];

function markOf([start, end]: Span, units: ToUnits, rest: Omit<Mark, "start" | "end">): Mark {
  return { start: units(start), end: units(end), ...rest };
}

/** Marks of a draft, whatever overlaps what. */
export function marksOf(
  text: string,
  mentions: readonly Mention[],
  cards: readonly Card[],
  claims: readonly Claim[],
): Mark[] {
  const units = unitsOf(text);
  const phrases = cards.flatMap((card) =>
    uniqueSpans(card.flags.flatMap((flag) => flag.spans)).map((span) => ({ card, span })),
  );
  return [
    ...mentions.map((mention) => markOf([mention.start, mention.end], units, { mention })),
    ...phrases.map(({ card, span }) => markOf(span, units, { card })),
    ...claims
      .flatMap((claim) => claim.overconfident)
      .map((span) => markOf(span, units, { overconfident: true })),
  ];
}

function uniqueSpans(spans: readonly Span[]): Span[] {
  return [...new Map(spans.map((span) => [span.join("-"), span])).values()];
}

/** Cuts `text[start:end]` wherever a mark begins or ends. Every character is in one segment. */
export function segmentsOf(
  text: string,
  marks: readonly Mark[],
  start: number,
  end: number,
): Segment[] {
  const inside = marks.filter((mark) => mark.start < end && mark.end > start);
  const cuts = new Set([start, end]);
  for (const mark of inside) {
    cuts.add(Math.max(mark.start, start));
    cuts.add(Math.min(mark.end, end));
  }
  const at = [...cuts].sort((a, b) => a - b);
  return at.slice(0, -1).map((from, index) => segmentOf(text, inside, from, at[index + 1] ?? end));
}

function segmentOf(text: string, marks: readonly Mark[], start: number, end: number): Segment {
  const over = marks.filter((mark) => mark.start <= start && mark.end >= end);
  const mentions = over.flatMap((mark) => mark.mention ?? []);
  const cards = over.flatMap((mark) => mark.card ?? []).sort((a, b) => a.number - b.number);
  const ending = over.filter((mark) => mark.end === end).flatMap((mark) => mark.card ?? []);
  return {
    start,
    end,
    text: text.slice(start, end),
    mention: strongest(mentions, cards),
    cards,
    overconfident: over.some((mark) => mark.overconfident),
    endsOf: ending.sort((a, b) => a.number - b.number),
  };
}

/** The mention a flag rests on goes first: its underline carries the flag's colour. */
function strongest(mentions: readonly Mention[], cards: readonly Card[]): Mention | null {
  const label = cards[0] ? leadOf(cards[0]).label : null;
  const weight = (mention: Mention) => strengthOf(mention) + (mention.label === label ? 100 : 0);
  return mentions.reduce<Mention | null>(
    (best, mention) => (best && weight(best) >= weight(mention) ? best : mention),
    null,
  );
}
