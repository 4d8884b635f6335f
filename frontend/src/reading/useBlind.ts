import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client";
import { auditKey } from "../api/queries";
import type { BlindAudit, Box, Committed, Label, State } from "../api/types";
import type { KeyActions } from "../keys/useKeys";
import { LABELS } from "../words";
import { SKIP_REASONS } from "./ChoicePanel";
import {
  type FirstView,
  nextOpen,
  NOTHING_SAID,
  openLabels,
  withBox,
  withRestAbsent,
  withState,
} from "./firstView";
import type { Mode } from "./mode";
import { READING } from "./mode";
import type { ClaimState } from "./useClaim";
import type { ItemControl } from "./useItem";

interface Kept {
  /** Of the commit: the same one sent twice is one. */
  id: string;
  view: FirstView;
  before: FirstView[];
}

function stored(name: string): Kept {
  const text = sessionStorage.getItem(name);
  if (text) return JSON.parse(text) as Kept;
  return { id: crypto.randomUUID(), view: NOTHING_SAID, before: [] };
}

/** Kept in the tab until it is committed: a reload or a lost network loses nothing. */
function useKept(name: string): [Kept, (next: Kept) => void] {
  const [held, setHeld] = useState(() => ({ name, kept: stored(name) }));
  // The next step begins with nothing said, under an id of its own.
  if (held.name !== name) setHeld({ name, kept: stored(name) });
  const keep = (kept: Kept) => {
    sessionStorage.setItem(name, JSON.stringify(kept));
    setHeld({ name, kept });
  };
  return [held.kept, keep];
}

export interface Blind {
  mode: Mode;
  active: Label;
  view: FirstView;
  /** What is left before the step can end; empty when nothing is. */
  left: string;
  busy: boolean;
  error: Error | null;
  pick: (label: Label) => void;
  say: (label: Label, state: State) => void;
  setBox: (box: Box) => void;
  edit: () => void;
  attest: () => void;
  undo: () => void;
  submit: () => void;
  skip: () => void;
  cancel: () => void;
  digit: (digit: number) => void;
  keys: KeyActions;
}

const STATES: Record<"confirm" | "unsure" | "dismiss", State> = {
  confirm: "present",
  unsure: "uncertain",
  dismiss: "absent",
};

/** Before the item is this person's, Enter would do nothing: the button says so. */
function leftOf({ slot, readOnly }: ClaimState, open: number): string {
  if (open > 0) return `${open} ${open === 1 ? "label" : "labels"} left to say`;
  if (slot) return "";
  return readOnly ? "Not yours to read" : "Taking the item";
}

/** A step of a blind read: what is said, what each key does, and the commit that ends it. */
export function useBlind(audit: BlindAudit, claim: ClaimState, item: ItemControl): Blind {
  const { slot } = claim;
  const step = audit.shown;
  const [kept, keep] = useKept(`overread.blind.${audit.id}.${step}`);
  const [active, setActive] = useState<Label>(
    () => openLabels(kept.view)[0] ?? (LABELS[0] as Label),
  );
  const [mode, setMode] = useState<Mode>(READING);
  const queries = useQueryClient();
  const { view } = kept;

  const commit = useMutation({
    mutationFn: async () => {
      if (!slot) return;
      const { lease_token, fence } = slot;
      const said = step === "image" ? { states: view.states, boxes: view.boxes } : {};
      const body = { lease_token, fence, id: kept.id, step, ...said };
      const committed = await post<Committed>(`slots/${slot.id}/commit`, body);
      sessionStorage.removeItem(`overread.blind.${audit.id}.${step}`);
      // The slot first: a room that is left with something committed is not given back.
      claim.committed(committed);
      await queries.invalidateQueries({ queryKey: auditKey(audit.id) });
    },
  });

  const change = (next: FirstView) => keep({ ...kept, view: next, before: [...kept.before, view] });
  const say = (label: Label, state: State) => {
    const next = withState(view, label, state);
    change(next);
    setActive(nextOpen(next, label));
  };
  const open = openLabels(view).length;
  const left = leftOf(claim, step === "image" ? open : 0);

  const toStep = (by: 1 | -1) => {
    const label = LABELS[LABELS.indexOf(active) + by];
    if (label) setActive(label);
  };
  const digit = (n: number) => {
    if (mode.name === "skipping") {
      const reason = SKIP_REASONS[n - 1]?.[0];
      if (reason) item.skip(reason);
    } else {
      const label = LABELS[n - 1];
      if (label) setActive(label);
    }
  };
  const edit = () => {
    if (mode.name !== "editing") {
      return setMode({
        name: "editing",
        of: { missed: active },
        box: null,
        before: null,
        index: 0,
      });
    }
    if (!mode.box) return;
    const next = withBox(view, { label: active, box: mode.box });
    change(next);
    setMode(READING);
  };
  const undo = () => {
    const last = kept.before.at(-1);
    if (last) keep({ ...kept, view: last, before: kept.before.slice(0, -1) });
  };
  const submit = () => {
    if (slot && !left && !commit.isPending && mode.name === "reading") commit.mutate();
  };

  const attest = () => change(withRestAbsent(view));
  const skip = () => setMode({ name: "skipping" });
  const cancel = () => setMode(READING);

  const onImage: KeyActions =
    step === "image"
      ? {
          next: () => toStep(1),
          previous: () => toStep(-1),
          attest,
          edit,
          undo,
          ...Object.fromEntries(
            Object.entries(STATES).map(([key, state]) => [key, () => say(active, state)]),
          ),
        }
      : {};
  return {
    mode,
    active,
    view,
    left,
    busy: commit.isPending,
    error: commit.error,
    pick: setActive,
    say,
    setBox: (box) => setMode((now) => (now.name === "editing" ? { ...now, box } : now)),
    edit,
    attest,
    undo,
    submit,
    skip,
    cancel,
    digit,
    keys: {
      ...onImage,
      submit,
      skip,
      cancel,
      ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`digit${n}`, () => digit(n)])),
    },
  };
}
