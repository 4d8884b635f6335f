/** Sentences and figures of a version's weeks. */
import type { Measure, ModelWeek } from "../api/types";
import { measureWords } from "../queues/words";
import { count, REASON_WORDS } from "../words";

interface FigureColumn {
  key: string;
  words: string;
  scale: 1 | 100;
  of: (week: ModelWeek) => Measure | null;
}

const rate = (key: string, words: string): FigureColumn => ({
  key,
  words,
  scale: 100,
  of: (week) => week.rates[key] ?? null,
});

export const FIGURES: readonly FigureColumn[] = [
  rate("flagged", "With a flag, %"),
  rate("dismissed", "Dismissed, %"),
  rate("schema_valid", "Valid as answered, %"),
  rate("dropped", "Not used, %"),
  rate("failed", "Failed, %"),
  { key: "megapixels", words: "Megapixels", scale: 1, of: ({ images }) => images.megapixels },
  { key: "brightness", words: "Brightness", scale: 1, of: ({ images }) => images.brightness },
];

/** "was 0.0 to 10.4, n = 32": the weeks before, where this one lies apart from them. */
export function beforeWords(week: ModelWeek, { key, scale }: FigureColumn): string | null {
  const before = week.before[key];
  if (!week.moved.includes(key) || !before) return null;
  return `was ${measureWords(before, scale).range}, n = ${before.n.toLocaleString("en")}`;
}

/** "PA 20, unknown 2 · upload 22 · dismissed: wrong label 50 %"; what nothing is known of is left out. */
export function makeUpOf({ images, dismissed_by_reason }: ModelWeek): string {
  const counted = (parts: Record<string, number>) =>
    Object.entries(parts)
      .map(([name, n]) => `${name} ${n.toLocaleString("en")}`)
      .join(", ");
  const reasons = Object.entries(dismissed_by_reason).map(([reason, { value }]) => {
    const words = REASON_WORDS[reason as keyof typeof REASON_WORDS] ?? "no reason";
    return `${words.toLowerCase()} ${measureWords({ value, n: 0, low: null, high: null }, 100).value} %`;
  });
  return [
    counted(images.views),
    counted(images.sources),
    reasons.length > 0 ? `dismissed: ${reasons.join(", ")}` : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

export const doneWords = ({ audits, failed }: ModelWeek): string =>
  `${count(audits, "audit")} done, ${failed.toLocaleString("en")} failed`;
