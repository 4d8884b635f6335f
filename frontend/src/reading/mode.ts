/** What the keys mean right now. */
import type { Box, Label } from "../api/types";
import type { Place } from "../keys/keymap";

export type Mode =
  | { name: "reading" }
  /** D was pressed: a digit gives the reason, also on a card that was confirmed. */
  | { name: "dismissing" }
  /** B was pressed: a digit says a layer otherwise than it follows from the answer. */
  | { name: "layering" }
  /** N was pressed: a note is being written, on the answer or on an added finding (its id). */
  | { name: "noting"; missed: string | null }
  /** A was pressed: a digit gives the label. */
  | { name: "labelling" }
  /** S was pressed: a digit gives the reason. */
  | { name: "skipping" }
  | { name: "editing"; of: BoxTarget; box: Box | null; before: Box | null; index: number };

/** Whose box is being drawn: the active card's, or that of a finding the auditor missed. */
export type BoxTarget = { card: number } | { missed: Label };

export const READING: Mode = { name: "reading" };

export function placeOf(mode: Mode): Place {
  if (mode.name === "editing") return "editing";
  return mode.name === "labelling" || mode.name === "skipping" ? "choosing" : "reading";
}

/** Where a box begins when it is drawn by keyboard. */
export const CENTRE_BOX: Box = [0.4, 0.4, 0.6, 0.6];
