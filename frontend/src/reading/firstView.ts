/** What a reader says of the image alone, and how each key changes it. */
import type { Label, SeenBox, State } from "../api/types";
import { LABELS } from "../words";

export interface FirstView {
  states: Partial<Record<Label, State>>;
  boxes: readonly SeenBox[];
}

export const NOTHING_SAID: FirstView = { states: {}, boxes: [] };

/** A label that is not there has no box. */
export function withState(view: FirstView, label: Label, state: State): FirstView {
  const boxes = state === "absent" ? view.boxes.filter((seen) => seen.label !== label) : view.boxes;
  return { states: { ...view.states, [label]: state }, boxes };
}

/** A box says that its label is there, unless it was called uncertain. */
export function withBox(view: FirstView, seen: SeenBox): FirstView {
  const state = view.states[seen.label] === "uncertain" ? "uncertain" : "present";
  return { ...withState(view, seen.label, state), boxes: [...view.boxes, seen] };
}

/** None of the labels that nothing was said of is there. */
export function withRestAbsent(view: FirstView): FirstView {
  return openLabels(view).reduce((now, label) => withState(now, label, "absent"), view);
}

export function openLabels({ states }: FirstView): Label[] {
  return LABELS.filter((label) => states[label] === undefined);
}

/** The label to go to after `from`: the next one that is open, round the end; else it stays. */
export function nextOpen(view: FirstView, from: Label): Label {
  const at = LABELS.indexOf(from);
  const others = [...LABELS.slice(at + 1), ...LABELS.slice(0, at)];
  return others.find((label) => view.states[label] === undefined) ?? from;
}
