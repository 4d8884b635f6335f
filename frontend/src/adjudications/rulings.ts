/** What the adjudicator said so far, and what of it is sent. Pure: ids come from the caller. */
import type { Box, Label, NamedRead, Reason, Verdict } from "../api/types";
import type { components } from "../api/schema";
import { type Answer, decisionsFor } from "../reading/answers";
import { answerOf, boxesOf, type Topic } from "./topics";

export interface FlagRuling {
  id: string;
  flag: string;
  verdict: Verdict;
  reason: Reason | null;
  box: Box | null;
}

export interface LabelRuling {
  id: string;
  label: Label;
  present: boolean;
  box: Box | null;
}

/** By what is ruled on: `flag:ID` or `label:NAME`. */
export type Rulings = Record<string, FlagRuling | LabelRuling>;

type NewId = () => string;

const keyOfFlag = (flag: string): string => `flag:${flag}`;
const keyOfLabel = (label: Label): string => `label:${label}`;

/** The keys that a topic has to have ruled. */
export function keysOf(topic: Topic): string[] {
  return topic.card ? topic.flags.map((flag) => keyOfFlag(flag.id)) : [keyOfLabel(topic.label)];
}

export const isRuled = (topic: Topic, rulings: Rulings): boolean =>
  keysOf(topic).every((key) => key in rulings);

export const withoutTopic = (rulings: Rulings, topic: Topic): Rulings => {
  const gone = new Set(keysOf(topic));
  return Object.fromEntries(Object.entries(rulings).filter(([key]) => !gone.has(key)));
};

/** An answer of the adjudicator's own to every flag of the topic that readers differ in. */
export function ruledBy(topic: Topic, answer: Answer, newId: NewId): Rulings {
  if (!topic.card) {
    const present = answer.verdict.startsWith("confirmed");
    const ruling = { id: newId(), label: topic.label, present, box: answer.box ?? null };
    return { [keyOfLabel(topic.label)]: ruling };
  }
  const wanted = new Set(topic.flags.map((flag) => flag.id));
  const made = decisionsFor(topic.card, answer, {
    newId,
    activeSeconds: 0,
    seen: { boxes: true, window_changed: false },
  });
  return Object.fromEntries(
    made
      .filter(({ flag }) => wanted.has(flag))
      .map(({ id, flag, verdict, reason, box }) => [
        keyOfFlag(flag),
        { id, flag, verdict, reason, box },
      ]),
  );
}

/** The same as one of the reads said. */
export function ruledAs(topic: Topic, read: NamedRead, newId: NewId): Rulings {
  if (!topic.card) {
    const [box = null] = boxesOf(read, topic).own;
    const present = read.missed_findings.some(({ label }) => label === topic.label);
    const ruling = { id: newId(), label: topic.label, present, box };
    return { [keyOfLabel(topic.label)]: ruling };
  }
  return Object.fromEntries(
    topic.flags.flatMap((flag) => {
      const said = answerOf(read, flag);
      if (!said) return [];
      const { verdict, reason, box } = said;
      return [[keyOfFlag(flag.id), { id: newId(), flag: flag.id, verdict, reason, box }]];
    }),
  );
}

/** A box of the adjudicator's own: what was flagged is there, but elsewhere or after all. */
export function drawn(topic: Topic, box: Box): Answer {
  const unsupported = topic.flags.some(({ kind }) => kind === "UNSUPPORTED");
  if (topic.card && unsupported) return { verdict: "dismissed", reason: "on_image", box };
  return { verdict: topic.card ? "confirmed_modified" : "confirmed", box };
}

type Sent = Pick<components["schemas"]["SettleInputRequest"], "rulings" | "missed">;

/** What is sent, in the order of the topics. */
export function sentOf(topics: readonly Topic[], rulings: Rulings): Sent {
  const all = topics.flatMap(keysOf).flatMap((key) => rulings[key] ?? []);
  return {
    rulings: all.filter((ruling): ruling is FlagRuling => "flag" in ruling),
    missed: all.filter((ruling): ruling is LabelRuling => !("flag" in ruling)),
  };
}

/** The box a topic was ruled to have, if one was drawn or taken over. */
export function ruledBox(topic: Topic, rulings: Rulings): Box | null {
  for (const key of keysOf(topic)) {
    const box = rulings[key]?.box;
    if (box) return box;
  }
  return null;
}
