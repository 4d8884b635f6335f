/** An import's states in words, and how far it is. */
import type { Import } from "../api/types";

export const IMPORT_WORDS: Record<Import["state"], string> = {
  uploading: "Uploading",
  checking: "Checking",
  checked: "Checked, nothing imported yet",
  importing: "Importing",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** 0..1 of the step it is in: bytes while uploading, then rows. */
export function shareOf(run: Import): number {
  if (run.state === "uploading") return run.size ? run.received / run.size : 0;
  const { waiting, valid } = run.counts;
  if (!run.total) return run.state === "done" ? 1 : 0;
  const left = run.state === "importing" ? waiting + valid : waiting;
  return Math.min(1, Math.max(0, 1 - left / run.total));
}
