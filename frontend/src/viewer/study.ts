/** What the viewer asks to know of the image it shows; a case and a prior of the API have it. */
import { type Edge, EDGES, type QuarterTurns } from "./geometry";
import type { Pictured } from "./pixels";
import type { Spacing } from "./ruler";

export interface Study extends Pictured {
  code: string;
  view: string;
  pixel_spacing: {
    row_mm: number;
    column_mm: number;
    source: "pixel" | "imager" | "sender";
  } | null;
  /** Where the image's right and lower edge point in the patient: letters of A, P, L, R, H and F. */
  patient_orientation: { right: string; bottom: string } | null;
}

export const nameOf = ({ code }: Study, also = ""): string => `Chest X-ray ${code}${also}`;

/** For the ruler; null where it is not known. */
export function spacingOf({ pixel_spacing }: Study): Spacing | null {
  return pixel_spacing && [pixel_spacing.row_mm, pixel_spacing.column_mm];
}

const PLANES = {
  pixel: "mm as corrected in the file",
  imager: "mm at the detector",
  sender: "mm as the sender says",
} as const;

/** In which plane a length is meant: on the detector the chest is some per cent larger. */
export const scaleWords = ({ pixel_spacing }: Study): string =>
  pixel_spacing ? PLANES[pixel_spacing.source] : "No mm scale";

const OPPOSITE: Record<string, string> = { L: "R", R: "L", A: "P", P: "A", H: "F", F: "H" };
const opposite = (letters: string): string =>
  [...letters].map((letter) => OPPOSITE[letter] ?? "").join("");

/** A letter at an edge of the stage, and whether the file says so or the view lets one think so. */
export interface SideMark {
  edge: Edge;
  letter: string;
  told: boolean;
}

/** The main direction at each edge of the image, left, top, right, bottom; null where not known. */
function lettersOf({ view, patient_orientation }: Study): (string | null)[] | null {
  if (patient_orientation) {
    const { right, bottom } = patient_orientation;
    return [opposite(right), opposite(bottom), right, bottom].map((word) => word.charAt(0) || null);
  }
  // Image left is the patient's right in a frontal view; a lateral one may face either way.
  return view === "LATERAL" ? null : ["R", null, "L", null];
}

/** The patient's sides at the edges of the stage; head and feet go without saying. */
export function sidesOf(study: Study, turns: QuarterTurns): SideMark[] {
  const letters = lettersOf(study) ?? [];
  const told = study.patient_orientation !== null;
  return letters.flatMap((letter, index) => {
    const edge = EDGES[(index + turns) % EDGES.length];
    const isSide = letter !== null && "LRAP".includes(letter);
    return edge && isSide ? [{ edge, letter, told }] : [];
  });
}

const SIDE_WORDS: Record<string, string> = {
  L: "The patient's left",
  R: "The patient's right",
  A: "The patient's front",
  P: "The patient's back",
};

export const sideWords = ({ letter, told }: SideMark): string =>
  `${SIDE_WORDS[letter] ?? letter}${told ? ", as the file says" : ", as in any frontal view"}`;

/** A frontal view whose right edge is the patient's right lies the wrong way round. */
export const isMirrored = ({ view, patient_orientation }: Study): boolean =>
  view !== "LATERAL" && patient_orientation?.right.charAt(0) === "R";
