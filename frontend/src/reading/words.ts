/** Sentences of the reading view. */
import type { Audit, Claimed, Decision, Flag, Queue } from "../api/types";
import { count, LABEL_WORDS, REASON_WORDS, timeLeft } from "../words";
import { type Card, leadOf } from "./flags";
import { unitsOf } from "./spans";

/** Where the reading view leaves the words for the work list. */
export const NOTHING_NEXT = "overread.nothing-next";

/** Why there is nothing to claim, in the reader's words. */
export function nothingToClaim(claimed: Claimed, queue: Queue, now: number): string {
  const { items, slots, leased, free } = queue.counts;
  if (claimed.reason === "empty") {
    return `Every read in this queue is in. ${count(items, "item")}, ${count(slots, "read")}.`;
  }
  if (claimed.reason === "all_leased") {
    const next = claimed.next_free_at ? Date.parse(claimed.next_free_at) - now : null;
    const when = next === null ? "" : ` The next one frees in ${timeLeft(next)} at the latest.`;
    return `All ${leased} open items are being read.${when}`;
  }
  if (claimed.reason === "paused") return "This queue is paused. Nothing can be claimed now.";
  const { barred = 0 } = claimed;
  if (barred > 0) return barredWords(barred, queue);
  const left = free + leased;
  const others = left > 0 ? ` ${count(left, "read")} left for other readers.` : "";
  return `You have read everything you may read here.${others}`;
}

/** Items that blind reading keeps from this person, here or for another queue. */
function barredWords(barred: number, queue: Queue): string {
  const items = count(barred, "item");
  return queue.mode === "blind_first"
    ? `You were shown flags of ${items} left here, so you can't read them blind.`
    : `${items} left here ${barred === 1 ? "is" : "are"} yours to read blind in another queue first.`;
}

/** "Pneumothorax, left". */
export function titleOf(card: Card): string {
  const { side } = leadOf(card);
  return side ? `${LABEL_WORDS[card.label]}, ${side}` : LABEL_WORDS[card.label];
}

const LONGEST_QUOTE = 44;

/** The claim a flag rests on, for a phrase alone ("pneumothorax") would hide its "No". */
function quoted(audit: Audit, flag: Flag): string {
  const [span] = flag.spans;
  if (!span) return "";
  const claim = audit.claims.find(({ start, end }) => start <= span[0] && span[1] <= end);
  const [start, end] = claim ? [claim.start, claim.end] : span;
  const units = unitsOf(audit.draft.text);
  const words = audit.draft.text.slice(units(start), units(end)).replace(/\s+/g, " ");
  return words.length > LONGEST_QUOTE ? `${words.slice(0, LONGEST_QUOTE - 1)}…` : words;
}

function draftSays(audit: Audit, card: Card): string {
  if (audit.draft_state === "empty") return "There is no draft to compare.";
  if (audit.draft_state === "unparsed") return "The draft could not be parsed.";
  const spoken = card.flags.find((flag) => flag.spans.length > 0);
  const phrase = spoken ? quoted(audit, spoken) : "";
  return phrase ? `The draft says “${phrase}”.` : "The draft does not mention it.";
}

/** One sentence of cause: what was seen, and what the draft says. */
export function causeOf(audit: Audit, card: Card): string {
  const lead = leadOf(card);
  const says = draftSays(audit, card);
  if (lead.kind === "UNSUPPORTED") return `Nothing found on the image. ${says}`;
  const sides = lead.side_agrees === false ? " The draft names the other side." : "";
  const seen =
    lead.boxes.length === 0
      ? "Seen on the image, place not known."
      : lead.boxes.length === 1
        ? `Seen in box ${card.number}.`
        : `Seen in ${lead.boxes.length} boxes.`;
  return `${seen} ${says}${sides}`;
}

/** What stands on a decided card: "Confirmed, box edited", "Dismissed, known, not new". */
export function verdictWords(decision: Decision): string {
  const reason = decision.reason ? `, ${REASON_WORDS[decision.reason].toLowerCase()}` : "";
  if (decision.verdict === "confirmed") return "Confirmed";
  if (decision.verdict === "confirmed_modified") return "Confirmed, box edited";
  return `${decision.verdict === "dismissed" ? "Dismissed" : "Unsure"}${reason}`;
}

/** What is left before the read can be submitted; empty when nothing is. */
export function leftToDo(open: number, attested: boolean): string {
  if (open > 0) return `${count(open, "flag")} left to decide`;
  return attested ? "" : "Attest that nothing else was missed";
}
