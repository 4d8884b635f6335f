/** Sentences of the queues page. */
import type { Filled, Measure, Queue } from "../api/types";
import { count, LABEL_WORDS } from "../words";

export const STATE_WORDS: Record<Queue["state"], string> = {
  open: "Open",
  paused: "Paused",
  closed: "Closed",
};

export const MODE_WORDS: Record<Queue["mode"], string> = {
  flags_first: "flags shown",
  blind_first: "image first, flags last",
};

export const ORDER_WORDS: Record<Queue["order"], string> = {
  urgent: "urgent not reported first",
  uncertain: "most uncertain first",
  oldest: "oldest first",
  random: "random order",
  informative: "drawn by what it may teach",
};

/** "2 reads an item, flags shown, 15 min lease, oldest first". */
export function setUpOf(queue: Queue): string {
  return [
    `${count(queue.reads_per_item, "read")} an item`,
    MODE_WORDS[queue.mode],
    `${queue.lease_minutes} min lease`,
    ORDER_WORDS[queue.order],
  ].join(", ");
}

/** Which audits it takes; nothing named means any. */
export function filterWords({ rules, order }: Queue): string[] {
  if (!rules) return [];
  const { label, kind, urgency, not_reviewed, source, origin } = rules.filter;
  const words = [
    source ? `Source ${source}` : "",
    origin ? `Drafts of origin ${origin}` : "",
    kind ? `Flag ${kind}` : "",
    label ? LABEL_WORDS[label] : "",
    urgency ? `Urgent, ${urgency === "unreported" ? "not reported" : "reported or not"}` : "",
    not_reviewed ? "Not reviewed before" : "",
  ].filter(Boolean);
  return [...(words.length > 0 ? words : ["Any done audit"]), ...drawWords(rules, order)];
}

function drawWords(rules: NonNullable<Queue["rules"]>, order: Queue["order"]): string[] {
  if (order === "informative")
    return [`drawn by chance, ${shareWords(rules.informed_share)} at most`];
  const share = rules.unflagged_share;
  return share > 0 ? [`and a random ${shareWords(share)} of the others`] : [];
}

const shareWords = (share: number): string => `${Number((share * 100).toFixed(1))} %`;

/** What filling did. Never silent: nothing new is said too. */
export function filledWords({ matched, drawn, added, already }: Filled): string {
  return (
    `${count(added, "item")} added. ${count(matched, "audit")} matched, ` +
    `${drawn.toLocaleString("en")} drawn by chance, ${already.toLocaleString("en")} there before.`
  );
}

/** From this many on an interval says something. */
export const FEWEST = 30;

const fixed = (value: number, scale: number): string =>
  scale === 100 ? (value * 100).toFixed(1) : value.toFixed(2);

/** "0.86" and "0.81 to 0.90"; a dash where there is nothing to divide by. */
export function measureWords(measure: Measure, scale: 1 | 100): { value: string; range: string } {
  const { value, low, high } = measure;
  if (value === null) return { value: "–", range: "" };
  const range =
    low === null || high === null ? "" : `${fixed(low, scale)} to ${fixed(high, scale)}`;
  return { value: fixed(value, scale), range };
}
