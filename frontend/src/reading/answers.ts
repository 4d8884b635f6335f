/** What a verdict on a card means for each flag on it, and what the digits answer. */
import type { Decision, DecisionInput, Flag, Reason, Significance, Verdict } from "../api/types";
import { type Card, leadOf } from "./flags";
import { type Layer, otherwise, turnedLayer } from "./layers";

/** What the reader says to a whole card. */
export interface Answer {
  verdict: Verdict;
  reason?: Reason;
  significance?: Significance;
  box?: DecisionInput["box"];
}

const SEEN_REASONS: readonly Reason[] = [
  "not_on_image",
  "device_or_artefact",
  "normal_variant",
  "wrong_label",
  "known_or_stable",
  "draft_says_it",
  "draft_misread",
  "image_quality",
];

/** URGENT alone is about the image, so that the draft's reasons give way. */
const URGENT_REASONS: readonly Reason[] = [
  "not_on_image",
  "device_or_artefact",
  "normal_variant",
  "wrong_label",
  "known_or_stable",
  "true_but_not_relevant",
  "needs_other_view",
  "image_quality",
];

const UNSUPPORTED_REASONS: readonly Reason[] = [
  "on_image",
  "draft_misread",
  "draft_does_not_say_it",
  "known_or_stable",
  "true_but_not_relevant",
  "duplicate",
  "needs_other_view",
  "image_quality",
];

/** Digits 1 to 8 of a card, in order. */
export function reasonsOf(card: Card): readonly Reason[] {
  if (leadOf(card).kind === "UNSUPPORTED") return UNSUPPORTED_REASONS;
  return card.flags.some((flag) => flag.kind === "MISSING") ? SEEN_REASONS : URGENT_REASONS;
}

/** Digits 1 to 3 after a confirmation. */
export const SIGNIFICANCES: readonly Significance[] = ["significant", "minor", "none"];

const ABOUT_THE_DRAFT: readonly Reason[] = ["draft_misread", "draft_says_it"];

/** A draft that does say it makes MISSING wrong, and leaves what was seen as it is. */
function answerFor(flag: Flag, answer: Answer): Answer {
  const aboutDraft = answer.reason !== undefined && ABOUT_THE_DRAFT.includes(answer.reason);
  if (flag.kind === "URGENT" && answer.verdict === "dismissed" && aboutDraft) {
    return { verdict: "confirmed" };
  }
  return answer;
}

interface Circumstances {
  newId: () => string;
  activeSeconds: number;
  seen: DecisionInput["seen"];
}

const isSame = (before: Decision, { verdict, reason }: Answer): boolean =>
  before.verdict === verdict && before.reason === (reason ?? null);

/** One decision for each flag of the card. A note stays; so do layers while the answer does. */
export function decisionsFor(
  card: Card,
  answer: Answer,
  when: Circumstances,
  live: ReadonlyMap<string, Decision> = new Map(),
): DecisionInput[] {
  return card.flags.map((flag) => {
    const own = answerFor(flag, answer);
    const before = live.get(flag.id);
    const layers = before && isSame(before, own) ? otherwise(flag.kind, before) : {};
    return {
      id: when.newId(),
      flag: flag.id,
      verdict: own.verdict,
      reason: own.reason ?? null,
      significance: own.significance ?? null,
      box: own.box ?? null,
      comment: before?.comment ?? "",
      ...(Object.keys(layers).length > 0 ? { layers } : {}),
      active_seconds: when.activeSeconds,
      seen: when.seen,
    };
  });
}

/** What is changed of an answer that stands: a note on it, or a layer turned to its next value. */
export type Revision = { note: string } | { turned: Layer };

/** The card's decisions said again with the change; verdicts, reasons and boxes stay. */
export function revisionsFor(
  card: Card,
  live: ReadonlyMap<string, Decision>,
  change: Revision,
  when: Circumstances,
): DecisionInput[] {
  return card.flags.flatMap((flag): DecisionInput[] => {
    const before = live.get(flag.id);
    if (!before) return [];
    const layers =
      "turned" in change ? turnedLayer(flag, before, change.turned) : otherwise(flag.kind, before);
    return [
      {
        id: when.newId(),
        flag: flag.id,
        verdict: before.verdict,
        reason: before.reason,
        significance: before.significance,
        box: before.box,
        comment: "note" in change ? change.note : (before.comment ?? ""),
        layers,
        active_seconds: when.activeSeconds,
        seen: when.seen,
      },
    ];
  });
}
