/** Which boxes lie on the image, in which style. */
import type { Audit, Box, Finding } from "../api/types";
import type { ReadState } from "../outbox/read";
import { kindIcon } from "../parts/KindSignal";
import { LABEL_WORDS } from "../words";
import { sameBox } from "../viewer/boxes";
import type { Mark } from "../viewer/marks";
import { type Card, leadOf } from "./flags";
import type { Mode } from "./mode";
import { titleOf } from "./words";

interface Given {
  audit: Audit;
  cards: readonly Card[];
  read: ReadState;
  active: Card | null;
  mode: Mode;
}

/** Boxes of flags, corrected boxes, added findings, candidates, and what agrees with the draft. */
export function marksFor(given: Given): Mark[] {
  const { audit, cards, read } = given;
  const flagged = cards.flatMap((card) => cardMarks(card, given));
  const inFlags = cards.flatMap((card) => card.flags.flatMap((flag) => flag.boxes));
  const others = audit.findings
    .filter((finding) => finding.box && !finding.below)
    .filter(({ box }) => box && !inFlags.some((other) => sameBox(other, box)))
    .map((finding) => otherMark(finding, audit.draft_state === "parsed"));
  const missed = read.missed.flatMap((each): Mark[] =>
    each.box
      ? [
          {
            ...PLAIN,
            key: each.id,
            box: each.box,
            line: "dashed",
            words: `${LABEL_WORDS[each.label]}, yours`,
            name: `${LABEL_WORDS[each.label]}, drawn by you`,
          },
        ]
      : [],
  );
  return [...others, ...flagged, ...missed];
}

/** A finding without a flag: agreed with the draft, or there was no draft to compare it with. */
function otherMark(finding: Finding, compared: boolean): Mark {
  const label = LABEL_WORDS[finding.label];
  return {
    ...PLAIN,
    key: `finding-${finding.id}`,
    box: finding.box as Box,
    line: compared ? "dotted" : "solid",
    words: compared ? "" : label,
    name: `${label}, ${compared ? "no flag" : "found, not compared"}`,
  };
}

const PLAIN = {
  kind: null,
  card: null,
  icon: null,
  words: "",
  active: false,
  decided: false,
} as const;

function cardMarks(card: Card, given: Given): Mark[] {
  const lead = leadOf(card);
  const decision = given.read.live.get(lead.id);
  const editing = editingOf(card, given.mode);
  const drawn = decision?.box ?? null;
  const base = {
    kind: lead.kind,
    card: card.number,
    icon: kindIcon(lead),
    active: given.active?.number === card.number,
    decided: decision !== undefined,
  };
  const model = lead.boxes.flatMap((box, index): Mark[] => {
    const replaced = index === (editing?.index ?? 0) && (drawn !== null || editing !== null);
    const key = `${lead.id}-${index}`;
    const name = `Box ${card.number}, ${titleOf(card)}, ${lead.kind.toLowerCase()}`;
    if (!replaced) return [{ ...base, key, box, line: "solid", words: titleOf(card), name }];
    // The model's box stays as a reference while and after a reader changes it.
    return [{ ...PLAIN, key, box, line: "dotted", name: `${name}, before the edit` }];
  });
  const own: Mark[] =
    drawn && !editing
      ? [
          {
            ...base,
            key: `${lead.id}-own`,
            box: drawn,
            line: "dashed",
            words: `${titleOf(card)}, ${lead.boxes.length > 0 ? "edited" : "yours"}`,
            name: `Box ${card.number}, ${titleOf(card)}, drawn by you`,
          },
        ]
      : [];
  return [...model, ...own, ...candidateMarks(card, given)];
}

function editingOf(card: Card, mode: Mode): { index: number } | null {
  const own = mode.name === "editing" && "card" in mode.of && mode.of.card === card.number;
  return own ? { index: mode.index } : null;
}

/** Where the model looked for what the draft says and it did not find. */
function candidateMarks(card: Card, { audit, active }: Given): Mark[] {
  const lead = leadOf(card);
  if (lead.kind !== "UNSUPPORTED" || active?.number !== card.number) return [];
  return audit.findings
    .filter((finding) => finding.below && finding.label === card.label && finding.box)
    .map((finding) => ({
      ...PLAIN,
      key: `below-${finding.id}`,
      box: finding.box as Box,
      line: "dotted",
      words: "Looked here, below the cut",
      name: `${LABEL_WORDS[finding.label]}: the model's best candidate, below its threshold`,
    }));
}
