import type { Decision, Difference, NamedRead } from "../api/types";
import { leadOf } from "../reading/flags";
import { titleOf } from "../reading/words";
import { count, LABEL_WORDS, REASON_WORDS } from "../words";
import { answerOf, boxesOf, type Topic } from "./topics";

export const WHAT_WORDS: Record<Difference["what"], string> = {
  verdict: "Verdict differs",
  box: "Box differs",
  label: "Added by some, not by others",
};

export const topicTitle = (topic: Topic): string =>
  topic.card ? titleOf(topic.card) : LABEL_WORDS[topic.label];

const VERDICT_WORDS: Record<Decision["verdict"], string> = {
  confirmed: "Confirmed",
  confirmed_modified: "Confirmed",
  dismissed: "Dismissed",
  indeterminate: "Unsure",
};

function saidOf(read: NamedRead, topic: Topic): Decision | undefined {
  const said = topic.flags.flatMap((flag) => answerOf(read, flag) ?? []);
  return said.find(({ reason }) => reason !== null) ?? said[0];
}

export function verdictOf(read: NamedRead, topic: Topic): string {
  if (!topic.card) {
    const added = read.missed_findings.some(({ label }) => label === topic.label);
    return added ? "Added it" : "Did not add it";
  }
  const said = saidOf(read, topic);
  return said ? VERDICT_WORDS[said.verdict] : "Said nothing";
}

export function reasonOf(read: NamedRead, topic: Topic): string {
  const reason = saidOf(read, topic)?.reason;
  return reason ? REASON_WORDS[reason] : "–";
}

export function boxOf(read: NamedRead, topic: Topic): string {
  const { own, kept } = boxesOf(read, topic);
  if (own.length > 0)
    return topic.card && leadOf(topic.card).boxes.length > 0 ? "Redrawn" : "Drew one";
  return kept.length > 0 ? "Kept as drawn" : "None";
}

export function commentOf(read: NamedRead, topic: Topic): string {
  const { comment } = saidOf(read, topic) ?? {};
  return comment ? `“${comment}”` : "–";
}

/** What is left before the outcome can be settled; empty when nothing is. */
export function leftToRule(open: number, reason: string): string {
  if (open > 0) return `${count(open, "difference")} left`;
  return reason.trim() ? "" : "Say why";
}
