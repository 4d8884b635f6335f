/** A batch in words. */
import type { Batch, BatchItem } from "../api/types";

export const BATCH_WORDS: Record<Batch["state"], string> = {
  starting: "Starting",
  running: "Auditing",
  done: "Done",
  cancelled: "Cancelled",
};

/** In the order an audit goes through them; what never began comes last. */
export const ITEM_STATES: readonly (readonly [BatchItem["state"], string])[] = [
  ["done", "Done"],
  ["failed", "Failed"],
  ["running", "Running"],
  ["queued", "Queued"],
  ["unstarted", "Not started"],
  ["cancelled", "Cancelled"],
  ["refused", "Refused"],
];

/** 0..1: what needs no more work. Of an empty batch nothing is left, so 1. */
export function shareOf({ total, left }: Batch["progress"]): number {
  return total ? 1 - left / total : 1;
}

const MINUTE = 60;

/** "about 2 h", "about 5 min", "under a minute"; nothing while no rate is known. */
export function etaOf({ eta_seconds: seconds }: Batch["progress"]): string {
  if (seconds === null) return "";
  if (seconds < MINUTE) return "under a minute left";
  const minutes = Math.round(seconds / MINUTE);
  return minutes < 120 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}

/** What was chosen: "Source nih-cxr14", "3 cases", in the words of the API's own parts. */
export function selectionOf(selection: Batch["selection"]): string {
  const parts = Object.entries(selection)
    .filter(([name]) => name !== "latest_draft_only")
    .map(([name, value]) =>
      Array.isArray(value) ? `${name}: ${value.length}` : `${name}: ${String(value)}`,
    );
  const drafts = selection["latest_draft_only"] ? "newest draft of each case" : "every draft";
  return [...parts, drafts].join(", ");
}
