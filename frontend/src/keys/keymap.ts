/**
 * Every key of the page. Letters count by the character typed; digits by their place on the
 * keyboard and on the numeric pad, so that no layout needs Shift for them. No AltGr, no dead key.
 */

export interface Binding {
  action: string;
  /** As {@link keyOf} writes it. */
  key: string;
  words: string;
  group: string;
}

const bind = (group: string, rows: [action: string, key: string, words: string][]): Binding[] =>
  rows.map(([action, key, words]) => ({ action, key, words, group }));

const IMAGE_KEYS = bind("Image", [
  ["window", "w", "Window"],
  ["preset", "q", "Next preset"],
  ["move", "v", "Move the image"],
  ["measure", "m", "Measure; again to put the ruler away"],
  ["loupe", "l", "Loupe"],
  ["fit", "f", "Fit, full size"],
  ["invert", "i", "Invert"],
  ["rotate", "r", "Rotate"],
  ["zoomIn", "+", "Zoom in"],
  ["zoomOut", "-", "Zoom out"],
  // AZERTY types - by the place of a digit.
  ["zoomOutToo", ",", "Zoom out"],
]);

/** Only while measuring, and not while a box has the arrows. */
const RULER_KEYS = bind("Ruler", [
  ["rulerLeft", "ArrowLeft", "Move its end"],
  ["rulerRight", "ArrowRight", "Move its end"],
  ["rulerUp", "ArrowUp", "Move its end"],
  ["rulerDown", "ArrowDown", "Move its end"],
  ["rulerStartLeft", "Shift ArrowLeft", "Move its beginning"],
  ["rulerStartRight", "Shift ArrowRight", "Move its beginning"],
  ["rulerStartUp", "Shift ArrowUp", "Move its beginning"],
  ["rulerStartDown", "Shift ArrowDown", "Move its beginning"],
]);

const HIDE_KEY = bind("Boxes", [["hide", "h", "Hold to hide"]]);

const ARROWS = bind("Boxes", [
  ["left", "ArrowLeft", "Move"],
  ["right", "ArrowRight", "Move"],
  ["up", "ArrowUp", "Move"],
  ["down", "ArrowDown", "Move"],
  ["narrower", "Shift ArrowLeft", "Resize"],
  ["wider", "Shift ArrowRight", "Resize"],
  ["shorter", "Shift ArrowUp", "Resize"],
  ["taller", "Shift ArrowDown", "Resize"],
]);

const digits = (group: string, last: number, words: string): Binding[] =>
  Array.from({ length: last }, (_, index) => ({
    action: `digit${index + 1}`,
    key: `Digit${index + 1}`,
    words,
    group,
  }));

/** Keys by place. In one place with those of `anywhere`, no key has two meanings. */
export const KEYMAP = {
  anywhere: bind("Page", [
    ["keys", "?", "Keys"],
    ["keysToo", "F1", "Keys"],
    ["goTo", "Ctrl k", "Search or go to"],
  ]),
  list: bind("List", [
    ["next", "j", "Next row"],
    ["previous", "k", "Previous row"],
    ["open", "Enter", "Open"],
    ["find", "f", "Find"],
    ["readNext", "n", "Read next"],
    ["retry", "r", "Retry a failed audit"],
  ]),
  case: bind("Case", [
    ["next", "j", "Next audit"],
    ["previous", "k", "Previous audit"],
    ["open", "Enter", "Open"],
    ["retry", "r", "Retry a failed audit"],
    ["write", "a", "Write a new draft"],
    ["prior", "p", "The study before"],
  ]),
  queues: bind("Queues", [
    ["next", "j", "Next queue"],
    ["previous", "k", "Previous queue"],
    ["readNext", "n", "Read next"],
    ["pause", "p", "Pause, or open again"],
    ["make", "a", "New queue"],
  ]),
  sources: bind("Sources", [
    ["next", "j", "Next source"],
    ["previous", "k", "Previous source"],
    ["change", "e", "Change it"],
    ["make", "a", "New source"],
  ]),
  comparisons: bind("Comparisons", [
    ["next", "j", "Next comparison"],
    ["previous", "k", "Previous comparison"],
    ["make", "a", "New comparison"],
  ]),
  batches: bind("Batches", [
    ["next", "j", "Next batch"],
    ["previous", "k", "Previous batch"],
    ["make", "a", "New batch"],
    ["retry", "r", "Retry what failed"],
  ]),
  failures: bind("Failures", [
    ["next", "j", "Next failure"],
    ["previous", "k", "Previous failure"],
    ["retry", "r", "Retry this audit"],
  ]),
  clearing: bind("Clearing", [
    ["next", "j", "Next"],
    ["previous", "k", "Previous"],
    ["clear", "c", "It names nobody"],
    ["withdraw", "w", "It names somebody; again to withdraw"],
  ]),
  adjudications: bind("Adjudication", [
    ["next", "j", "Next item"],
    ["previous", "k", "Previous item"],
    ["open", "Enter", "Open"],
    ["adjudicateNext", "n", "Adjudicate next"],
  ]),
  adjudicating: [
    ...bind("Differences", [
      ["next", "j", "Next difference"],
      ["previous", "k", "Previous difference"],
      ["edit", "e", "Draw my own box"],
      ["undo", "z", "Take the ruling back"],
    ]),
    ...digits("Differences", 5, "As A, as B, neither"),
    ...bind("Item", [
      ["reason", "n", "Say why"],
      ["submit", "Enter", "Settle"],
    ]),
    ...IMAGE_KEYS,
    ...RULER_KEYS,
    ...HIDE_KEY,
  ],
  blind: [
    ...bind("What you see", [
      ["next", "j", "Next label"],
      ["previous", "k", "Previous label"],
      ["confirm", "c", "It is there"],
      ["unsure", "u", "Uncertain"],
      ["dismiss", "d", "Not there"],
      ["attest", "t", "None of the others is there"],
      ["undo", "z", "Undo"],
    ]),
    ...digits("What you see", 5, "Go to a label"),
    ...bind("Item", [
      ["submit", "Enter", "Commit and go on"],
      ["skip", "s", "Skip, then 1 to 4"],
      ["guideline", "g", "Guideline of the queue"],
      ["cancel", "Escape", "Cancel"],
    ]),
    ...IMAGE_KEYS,
    ...RULER_KEYS,
    ...HIDE_KEY,
    ...bind("Boxes", [["edit", "e", "Draw a box"]]),
  ],
  reading: [
    ...bind("Flags", [
      ["next", "j", "Next flag"],
      ["previous", "k", "Previous flag"],
      ["confirm", "c", "Confirm"],
      ["dismiss", "d", "Dismiss, then 1 to 8"],
      ["unsure", "u", "Unsure"],
      ["layers", "b", "Layers of the answer, then 1 to 3"],
      ["note", "n", "Note on the answer"],
      ["undo", "z", "Undo"],
    ]),
    ...digits("Flags", 8, "Reason or significance"),
    ...bind("Item", [
      ["add", "a", "Add a finding, then 1 to 5"],
      ["attest", "t", "Nothing else missed"],
      ["skip", "s", "Skip, then 1 to 4"],
      ["submit", "Enter", "Submit and next"],
      ["outputs", "o", "Outputs not used"],
      ["guideline", "g", "Guideline of the queue"],
      ["models", "Shift g", "Models of this audit"],
      ["cancel", "Escape", "Cancel"],
    ]),
    ...IMAGE_KEYS,
    ...bind("Image", [["prior", "p", "Prior beside, or alone"]]),
    ...RULER_KEYS,
    ...HIDE_KEY,
    ...bind("Boxes", [["edit", "e", "Edit"]]),
  ],
  editing: [
    ...IMAGE_KEYS,
    ...HIDE_KEY,
    ...bind("Boxes", [
      ["edit", "e", "Keep this box"],
      ["note", "n", "Keep this box, with a note"],
      ["nextBox", "b", "Next box of this flag"],
      ["cancel", "Escape", "Back to the box before"],
    ]),
    ...ARROWS,
  ],
  choosing: [...digits("Choose", 5, "Choose"), ...bind("Choose", [["cancel", "Escape", "Cancel"]])],
} satisfies Record<string, Binding[]>;

export type Place = keyof typeof KEYMAP;

type KeyPress = Pick<KeyboardEvent, "key" | "code" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey">;

const DIGIT = /^(?:Digit|Numpad)([0-9])$/;

function digitOf({ code, key, shiftKey }: KeyPress): string | null {
  const digit = DIGIT.exec(code)?.[1];
  if (!digit || shiftKey) return null;
  // With NumLock off the numeric pad sends arrows and the like: those are no digits.
  return code.startsWith("Digit") || key === digit ? `Digit${digit}` : null;
}

/** The one key with Ctrl (or the Mac's command key): people know it from elsewhere. */
const withCtrl = ({ key, shiftKey, altKey }: KeyPress): string | null =>
  key.toLowerCase() === "k" && !shiftKey && !altKey ? "Ctrl k" : null;

const isLetter = (key: string): boolean => key.toLowerCase() !== key.toUpperCase();

/** The name of a key press, or null for what is the browser's own. */
export function keyOf(press: KeyPress): string | null {
  const { key, shiftKey } = press;
  if (press.ctrlKey || press.metaKey) return withCtrl(press);
  if (press.altKey || key === "Dead") return null;
  const digit = digitOf(press);
  if (digit) return digit;
  if (key === "=") return "+";
  const name = key.length === 1 ? key.toLowerCase() : key;
  return shiftKey && (key.length > 1 || isLetter(key)) ? `Shift ${name}` : name;
}

const CAPS: Record<string, string> = { Escape: "Esc", "-": "−" };

/** How a key is written on its cap. */
export function capOf(key: string): string {
  if (key.startsWith("Digit")) return key.slice(5);
  if (key.startsWith("Ctrl ")) return `Ctrl ${capOf(key.slice(5))}`;
  if (key.startsWith("Shift ")) return `Shift ${capOf(key.slice(6))}`;
  return CAPS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}
