import type { Experience as Band } from "../api/types";
import { Select } from "../parts/fields";
import { useChangeExperience, useExperience } from "./useAccount";

const BANDS: readonly (readonly [Band, string])[] = [
  ["", "not said"],
  ["student", "student"],
  ["in_training", "in training"],
  ["under_5_years", "under 5 years"],
  ["5_to_14_years", "5 to 14 years"],
  ["15_years_or_more", "15 years or more"],
];

/** How long one has read chest X-rays; stored as soon as it is chosen. */
export function Experience() {
  const known = useExperience();
  const change = useChangeExperience();
  const problem = known.error ?? change.error;
  return (
    <section className="card" aria-label="Experience">
      <h2>Experience</h2>
      <div className="card-in">
        <p className="t2">
          Releases tell it under a pseudonym, and only where at least five of their readers say the
          same.
        </p>
        <Select
          words="I have read chest X-rays for"
          value={known.data?.experience ?? ""}
          disabled={!known.data || change.isPending}
          options={BANDS}
          onChange={(band) => change.mutate(band as Band)}
        />
        <p role="status">{problem?.message ?? (change.isSuccess ? "Stored." : null)}</p>
      </div>
    </section>
  );
}
