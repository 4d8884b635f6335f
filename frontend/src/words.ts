/** The page's words for the API's codes. One place, so that a code is never shown bare. */
import type { FlagKind, Label, Reason, Significance, State, Step } from "./api/types";

export const LABELS: readonly Label[] = [
  "pleural_effusion",
  "pneumothorax",
  "lung_opacity_consolidation",
  "nodule_mass",
  "cardiomegaly",
];

export const LABEL_WORDS: Record<Label, string> = {
  pleural_effusion: "Pleural effusion",
  pneumothorax: "Pneumothorax",
  lung_opacity_consolidation: "Opacity or consolidation",
  nodule_mass: "Nodule or mass",
  cardiomegaly: "Cardiomegaly",
};

export const KINDS: readonly FlagKind[] = ["URGENT", "MISSING", "UNSUPPORTED"];

export const STATE_WORDS: Record<State, string> = {
  present: "Present",
  uncertain: "Uncertain",
  absent: "Absent",
};

export const IMAGE_STATE_WORDS: Record<State, string> = {
  present: "Seen",
  uncertain: "Uncertain",
  absent: "Not seen",
};

export const STEP_WORDS: Record<Step, string> = {
  grounding: "Finding on image",
  parsing: "Parsing the draft",
  comparing: "Comparing",
};

export const REASON_WORDS: Record<Reason, string> = {
  not_on_image: "Not on the image",
  on_image: "It is on the image",
  wrong_label: "Another finding",
  wrong_place: "Another place",
  device_or_artefact: "Device or artefact",
  normal_variant: "Normal variant",
  known_or_stable: "Known, not new",
  draft_says_it: "Draft says it elsewhere",
  draft_misread: "Draft was misread",
  draft_does_not_say_it: "Draft does not say it",
  true_but_not_relevant: "True, not relevant",
  duplicate: "Same as another flag",
  image_quality: "Cannot be judged",
  needs_other_view: "Needs another view",
};

export const SIGNIFICANCE_WORDS: Record<Significance, string> = {
  significant: "Changes care now",
  minor: "Changes follow-up",
  none: "Minor",
};

export const NOTICE = "Research and education only. Not for patient care.";

/** "1 decision", "2 decisions". */
export function count(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

/** "1 try", "3 tries". */
export const triesOf = (n: number): string => `${n} ${n === 1 ? "try" : "tries"}`;

/** A moment to the minute, by this machine's clock: "2026-11-27 10:05". */
export function momentOf(iso: string): string {
  const at = new Date(iso);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace("T", " ");
}

const MINUTE = 60_000;

/** Age of a moment in the fewest words: "now", "4 min", "3 h", "2 d". */
export function ageOf(iso: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(iso)) / MINUTE);
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / (24 * 60))} d`;
}

/** Whole minutes, seconds only under two minutes ("13 min", "1:48"). */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds >= 120) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** "48.2 MB", "6.1 kB". */
export function bytesOf(n: number): string {
  if (n < 1000) return `${n} B`;
  if (n < 1_000_000) return `${(n / 1000).toFixed(1)} kB`;
  return `${(n / 1_000_000).toFixed(1)} MB`;
}

/** "12.5 %" of a share in 0..1, and a dash for a share of nothing. */
export const percentOf = (share: number | null): string =>
  share === null ? "–" : `${(share * 100).toFixed(1)} %`;

/** "340 ms", "2.4 s". */
export const msOf = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** The short card's paragraphs, without its heading and hard line breaks. */
export function paragraphsOf(card: string): string[] {
  return card
    .split(/\n\s*\n/)
    .map((part) => part.replace(/^#.*$/gm, "").replace(/\s+/g, " ").trim())
    .filter(Boolean);
}

/** "PA 48 F", and nothing for what is not known. */
export function studyOf(study: { view: string; age: number | null; sex: string }): string {
  return [study.view, study.age === null ? "" : String(study.age), study.sex]
    .filter(Boolean)
    .join(" ");
}
