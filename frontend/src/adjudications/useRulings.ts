import { useMemo, useState } from "react";
import type { Audit, Box, NamedRead, Opened } from "../api/types";
import type { KeyActions } from "../keys/useKeys";
import { drawn, isRuled, ruledAs, ruledBox, ruledBy, type Rulings, withoutTopic } from "./rulings";
import { boxesOf, type Topic, topicsOf } from "./topics";
import { forget, keep, keptOf } from "./useAdjudications";

/** Where a box begins when no read drew one. */
const CENTRE_BOX: Box = [0.4, 0.4, 0.6, 0.6];

/** What is being ruled: the differences, the one in hand, and what was said of each. */
export function useRulings(audit: Audit, held: Opened, reads: NamedRead[]) {
  const topics = useMemo(() => topicsOf(audit, held.differs), [audit, held.differs]);
  const [kept, setKept] = useState(() => keptOf(held.id));
  const [at, setAt] = useState(0);
  const [box, setBox] = useState<Box | null>(null);
  const active = topics[at];

  const change = (part: Partial<typeof kept>) =>
    setKept((now) => {
      const next = { ...now, ...part };
      keep(held.id, next);
      return next;
    });
  /** Goes on to the next open difference, and stays where none is left. */
  const rule = (topic: Topic, made: Rulings) => {
    const rulings = { ...kept.rulings, ...made };
    change({ rulings });
    const open = topics.findIndex((each) => !isRuled(each, rulings));
    setAt(open === -1 ? topics.indexOf(topic) : open);
  };
  const newId = () => crypto.randomUUID();
  const choose = (index: number) => {
    const read = reads[index];
    if (!active) return;
    if (read) rule(active, ruledAs(active, read, newId));
    else if (index === reads.length) {
      rule(
        active,
        ruledBy(active, { verdict: active.card ? "indeterminate" : "dismissed" }, newId),
      );
    }
  };
  const beginBox = () => {
    if (!active) return;
    const [first] = reads.flatMap((read) => {
      const { own, kept: same } = boxesOf(read, active);
      return [...own, ...same];
    });
    setBox(ruledBox(active, kept.rulings) ?? first ?? CENTRE_BOX);
  };
  const keepBox = () => {
    if (active && box) rule(active, ruledBy(active, drawn(active, box), newId));
    setBox(null);
  };
  const undo = () => {
    if (active) change({ rulings: withoutTopic(kept.rulings, active) });
  };
  const step = (by: number) => setAt((now) => Math.min(topics.length - 1, Math.max(0, now + by)));

  const digits = Object.fromEntries(
    [...reads, null].map((_, index) => [`digit${index + 1}`, () => choose(index)]),
  );
  const keys: KeyActions =
    box === null
      ? { next: () => step(1), previous: () => step(-1), edit: beginBox, undo, ...digits }
      : { edit: keepBox, cancel: () => setBox(null) };

  return {
    topics,
    active,
    box,
    setBox,
    beginBox,
    keepBox,
    choose,
    undo,
    pick: (number: number) => setAt(number - 1),
    rulings: kept.rulings,
    reason: kept.reason,
    setReason: (reason: string) => change({ reason }),
    open: topics.filter((topic) => !isRuled(topic, kept.rulings)).length,
    done: () => forget(held.id),
    keys,
  };
}

export type RulingsControl = ReturnType<typeof useRulings>;
