/** The draft as lines: a heading, a claim with its alignment, or text nothing is said of. */
import type { Claim } from "../api/types";
import { unitsOf } from "./spans";

export interface Line {
  kind: "heading" | "claim" | "text";
  /** UTF-16 units. */
  start: number;
  end: number;
  claim: Claim | null;
}

const HEADING =
  /^\s*(?:findings?|impressions?|conclusions?|comparison|indication|history|clinical history|technique|examination|exam|summary|opinion|report)\s*(?::|$)/i;

/** Every non-blank character of the draft is on exactly one line, in order. */
export function linesOf(text: string, claims: readonly Claim[]): Line[] {
  const units = unitsOf(text);
  const lines: Line[] = [];
  let at = 0;
  for (const claim of [...claims].sort((a, b) => a.start - b.start)) {
    const start = Math.max(at, units(claim.start));
    const end = withPunctuation(text, units(claim.end));
    if (end <= start) continue;
    lines.push(...plainLines(text, at, start), ...withHeading(text, start, end, claim));
    at = end;
  }
  return [...lines, ...plainLines(text, at, text.length)];
}

/** The full stop behind a claim stays on its line. */
function withPunctuation(text: string, end: number): number {
  return end + (/^[^\s\p{L}\p{N}]+/u.exec(text.slice(end))?.[0].length ?? 0);
}

/** Text between claims: by its own line breaks, blanks left out. */
function plainLines(text: string, start: number, end: number): Line[] {
  const lines: Line[] = [];
  let from = start;
  for (const part of text.slice(start, end).split("\n")) {
    lines.push(...withHeading(text, from, from + part.length, null));
    from += part.length + 1;
  }
  return lines;
}

function withHeading(text: string, start: number, end: number, claim: Claim | null): Line[] {
  const heading = HEADING.exec(text.slice(start, end))?.[0].length ?? 0;
  return [
    trimmed(text, start, start + heading, "heading", null),
    trimmed(text, start + heading, end, claim ? "claim" : "text", claim),
  ].filter((line) => line !== null);
}

const HAS_WORDS = /[\p{L}\p{N}]/u;

function trimmed(
  text: string,
  start: number,
  end: number,
  kind: Line["kind"],
  claim: Claim | null,
): Line | null {
  const part = text.slice(start, end);
  if (!HAS_WORDS.test(part)) return null;
  const from = start + part.length - part.trimStart().length;
  return { kind, start: from, end: from + part.trim().length, claim };
}
