import { useRef, useState } from "react";
import type { Audit, Box } from "../api/types";
import type { KeyActions } from "../keys/useKeys";
import { LABELS } from "../words";
import { digitAnswers } from "./AnswerGrid";
import { SKIP_REASONS } from "./ChoicePanel";
import type { DrawerName } from "./Drawer";
import { type CardActions, decisionOn } from "./FlagCard";
import type { ItemActions } from "./Foot";
import { type Card, leadOf } from "./flags";
import { LAYERS } from "./layers";
import { type Mode, READING } from "./mode";
import type { ItemControl } from "./useItem";
import type { ReadControl } from "./useRead";
import { leftToDo } from "./words";

interface Given {
  audit: Audit;
  read: ReadControl;
  item: ItemControl;
  /** The audit is held and may be answered. */
  held: boolean;
}

export interface Room {
  mode: Mode;
  active: Card | null;
  attested: boolean;
  left: string;
  drawer: DrawerName | null;
  openDrawer: (name: DrawerName | null) => void;
  pick: (card: number) => void;
  setBox: (box: Box) => void;
  digit: (digit: number) => void;
  cardActions: CardActions;
  itemActions: ItemActions;
  keys: KeyActions;
}

/** Enter right after a verdict is a slip of the hand. */
const SLIP_MS = 300;

/** What the reader is doing, and what each key and button does about it. */
export function useRoom({ read, item, held }: Given): Room {
  const { cards, state } = read;
  const [mode, setMode] = useState<Mode>(READING);
  const [activeNumber, setActive] = useState(1);
  const [attested, setAttested] = useState(false);
  const [drawer, setDrawer] = useState<DrawerName | null>(null);
  const answeredAt = useRef(0);

  const active = cards.find((card) => card.number === activeNumber) ?? cards[0] ?? null;
  const decision = active ? decisionOn(active, state.live) : undefined;
  const isOpen = (card: Card) => card.flags.some((flag) => !state.live.has(flag.id));
  const openFlags = cards.flatMap((card) => card.flags).filter((flag) => !state.live.has(flag.id));
  const left = leftToDo(openFlags.length, attested || state.missed.length > 0);

  const pick = (number: number) => {
    setActive(number);
    setMode(READING);
    setDrawer(null);
  };
  const step = (by: 1 | -1) => {
    const at = cards.findIndex((card) => card.number === active?.number) + by;
    const card = cards[at];
    if (card) pick(card.number);
  };
  const toNextOpen = (from: Card) => {
    const others = cards.filter((card) => card.number !== from.number && isOpen(card));
    const next = others.find((card) => card.number > from.number) ?? others[0];
    if (next) setActive(next.number);
  };
  const answer = (card: Card, said: Parameters<ReadControl["decide"]>[1], goOn: boolean) => {
    read.decide(card, said);
    answeredAt.current = performance.now();
    setMode(READING);
    if (goOn) toNextOpen(card);
  };

  const withActive = (run: (card: Card) => void) => () => {
    if (active && held) run(active);
  };

  const whileHeld = (run: () => void) => () => {
    if (held) run();
  };

  const answerDigit = (card: Card, digit: number) => {
    const { answers } = digitAnswers(card, decision, mode.name === "dismissing");
    const chosen = answers[digit - 1];
    if (!chosen) return;
    if ("significance" in chosen) {
      const verdict = decision?.verdict ?? "confirmed";
      const box = decision?.box ?? null;
      return answer(card, { verdict, box, significance: chosen.significance }, true);
    }
    const unsure = decision?.verdict === "indeterminate" && mode.name !== "dismissing";
    answer(card, { verdict: unsure ? "indeterminate" : "dismissed", reason: chosen.reason }, true);
  };

  const digit = (n: number) => {
    if (!held) return;
    if (mode.name === "labelling") {
      const label = LABELS[n - 1];
      if (label)
        setMode({ name: "editing", of: { missed: label }, box: null, before: null, index: 0 });
    } else if (mode.name === "skipping") {
      const reason = SKIP_REASONS[n - 1]?.[0];
      if (reason) item.skip(reason);
    } else if (active && mode.name === "layering") {
      const layer = LAYERS[n - 1];
      if (layer) read.revise(active, { turned: layer });
    } else if (active) answerDigit(active, n);
  };

  const beginEdit = (card: Card, index: number) => {
    const before = leadOf(card).boxes[index] ?? null;
    const box = decision?.box ?? before;
    setActive(card.number);
    setMode({ name: "editing", of: { card: card.number }, box, before, index });
  };
  const keepBox = (editing: Extract<Mode, { name: "editing" }>, andNote: boolean) => {
    if (!editing.box) return;
    let missed: string | null = null;
    if ("missed" in editing.of) {
      missed = read.addMissed(editing.of.missed, editing.box);
      setMode(READING);
    } else if (active) {
      const { box } = editing;
      // A box drawn for what the auditor did not see says that the finding is there.
      if (leadOf(active).kind === "UNSUPPORTED") {
        answer(active, { verdict: "dismissed", reason: "on_image", box }, false);
      } else answer(active, { verdict: "confirmed_modified", box }, false);
    }
    if (andNote) setMode({ name: "noting", missed });
  };

  const keepNote = (note: string) => {
    if (mode.name !== "noting") return;
    const missed = state.missed.find((each) => each.id === mode.missed);
    if (missed && note !== missed.comment) read.noteMissed(missed, note);
    if (mode.missed === null && active && note !== (decision?.comment ?? "")) {
      read.revise(active, { note });
    }
  };

  const cardActions: CardActions = {
    confirm: withActive((card) => answer(card, { verdict: "confirmed" }, false)),
    dismiss: withActive(() => setMode({ name: "dismissing" })),
    unsure: withActive((card) => answer(card, { verdict: "indeterminate" }, false)),
    // Both are about an answer: without one there is nothing to say them of.
    layers: withActive(() => {
      if (decision) setMode(mode.name === "layering" ? READING : { name: "layering" });
    }),
    note: whileHeld(() => {
      if (mode.name === "editing") keepBox(mode, true);
      else if (decision) setMode({ name: "noting", missed: null });
    }),
    noteMissed: (missed) => setMode({ name: "noting", missed }),
    keepNote: (text) => {
      keepNote(text.trim());
      setMode(READING);
    },
    edit: () => {
      if (mode.name === "editing") keepBox(mode, false);
      else withActive((card) => beginEdit(card, 0))();
    },
    cancel: () => {
      setMode(READING);
      setDrawer(null);
    },
    answer: digit,
  };

  const itemActions: ItemActions = {
    attest: whileHeld(() => setAttested((now) => !now)),
    add: whileHeld(() => setMode({ name: "labelling" })),
    skip: whileHeld(() => setMode({ name: "skipping" })),
    undo: whileHeld(() => {
      const card = read.undo();
      if (card) pick(card.number);
    }),
    submit: whileHeld(() => {
      if (!left && !item.busy) item.submit(attested);
    }),
  };

  const nextBox = withActive((card) => {
    if (mode.name !== "editing" || !("card" in mode.of)) return;
    beginEdit(card, (mode.index + 1) % Math.max(1, leadOf(card).boxes.length));
  });

  const { answer: _digits, keepNote: _keep, noteMissed: _note, ...verdicts } = cardActions;
  const turn = (name: DrawerName) => () => setDrawer((now) => (now === name ? null : name));
  const keys: KeyActions = {
    next: () => step(1),
    previous: () => step(-1),
    outputs: turn("outputs"),
    models: turn("models"),
    guideline: turn("guideline"),
    nextBox,
    ...verdicts,
    ...itemActions,
    submit: () => {
      if (performance.now() - answeredAt.current > SLIP_MS) itemActions.submit();
    },
    ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`digit${n}`, () => digit(n)])),
  };

  return {
    mode,
    active,
    attested,
    left,
    drawer,
    openDrawer: setDrawer,
    pick,
    setBox: (box) => setMode((now) => (now.name === "editing" ? { ...now, box } : now)),
    digit,
    cardActions,
    itemActions,
    keys,
  };
}
