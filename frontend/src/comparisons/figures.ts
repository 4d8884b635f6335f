/** The figures of a comparison in the words of the page. */
import type { Comparison, Measure, WholeComparison } from "../api/types";

type Side = "a" | "b";

/** "embedded 2". */
export const nameOf = ({ name, version }: Comparison["a"]): string => `${name} ${version}`;

function measureAt(from: unknown, path: readonly string[]): Measure | null {
  const found = path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : null,
    from,
  );
  return typeof found === "object" && found !== null && "value" in found
    ? (found as Measure)
    : null;
}

interface Asked {
  key: string;
  words: string;
  /** Where the side's own figure stands in the report; none where only the difference is kept. */
  of: ((report: WholeComparison["report"], side: Side) => Measure | null) | null;
}

const FIGURES: readonly Asked[] = [
  {
    key: "presence_f1",
    words: "Presence F1, mean of labels",
    of: ({ scores }, side) => measureAt(scores[side], ["presence", "macro", "f1"]),
  },
  {
    key: "urgent_recall",
    words: "Urgent findings found",
    of: ({ scores }, side) => measureAt(scores[side], ["urgent_recall"]),
  },
  {
    key: "flag_precision",
    words: "Flags that were right",
    of: ({ flags }, side) => flags[side]?.precision ?? null,
  },
  {
    key: "flag_recall",
    words: "Flags that were raised",
    of: ({ flags }, side) => flags[side]?.recall ?? null,
  },
  { key: "accuracy", words: "Labels right, all together", of: null },
  { key: "iou50_rate", words: "True boxes met at IoU 0.5", of: null },
  { key: "iou", words: "IoU of true boxes", of: null },
];

export interface FigureRow {
  key: string;
  words: string;
  a: Measure | null;
  b: Measure | null;
  difference: Measure;
  /** The interval of the difference leaves 0 out. */
  sure: boolean;
}

/** Every figure that the report has a difference of, in the page's order. */
export function figuresOf({ report }: WholeComparison): FigureRow[] {
  return FIGURES.flatMap(({ key, words, of }) => {
    const difference = report.differences[key];
    if (!difference) return [];
    const side = (name: Side) => (of ? of(report, name) : null);
    return [{ key, words, a: side("a"), b: side("b"), difference, sure: difference.sure }];
  });
}

const signed = (value: number): string =>
  `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3).replace(/^0/, "")}`;

/** "+.270" and "+.184 to +.361"; a dash where it is not known. */
export function differenceWords({ value, low, high }: Measure): { value: string; range: string } {
  if (value === null) return { value: "–", range: "" };
  const range = low === null || high === null ? "" : `${signed(low)} to ${signed(high)}`;
  return { value: signed(value), range };
}
