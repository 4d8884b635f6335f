/** What one version did, as rows of figures: what is measured, its value, and out of how many. */
import type { ModelVersion } from "../api/types";
import { count, msOf, percentOf } from "../words";

export interface RateRow {
  name: string;
  value: string;
  of: string;
}

/** A share of nothing shows a dash, so that no version looks perfect before its first answer. */
export function ratesOf({ counts, stats }: Pick<ModelVersion, "counts" | "stats">): RateRow[] {
  const { rates, ms } = stats;
  const answers = count(stats.generations, "answer");
  const steps = count(counts.done + counts.failed, "step");
  const timed = ms ? `mean ${msOf(ms.mean)}, ${count(counts.done, "step")}` : "no timed step";
  return [
    { name: "Valid as answered", value: percentOf(rates.schema_valid), of: answers },
    { name: "Valid after repair", value: percentOf(rates.repair), of: answers },
    { name: "Asked again", value: percentOf(rates.retry), of: answers },
    { name: "Outputs not used", value: percentOf(rates.drop), of: count(stats.emitted, "output") },
    { name: "Steps failed", value: percentOf(rates.failure), of: steps },
    { name: "Time, 95th percentile", value: ms ? msOf(ms.p95) : "–", of: timed },
  ];
}
