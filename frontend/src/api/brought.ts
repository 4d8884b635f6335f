/**
 * What the document brought along (`audits/ahead.py`), and the first image asked for by it. This
 * is the first module that runs: all others take 50 ms before the page's own code has its turn.
 */
import { previewOf } from "../viewer/pixels";
import type { Audit, BlindAudit, Session } from "./types";

function brought<T>(name: string): T | null {
  const text = document.querySelector(`head > script#${name}`)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}

export const SESSION_BROUGHT = brought<Session>("session");
export const AUDIT_BROUGHT = brought<Audit | BlindAudit>("audit");

// The page asks for it too, and shows what it meets.
if (AUDIT_BROUGHT) previewOf(AUDIT_BROUGHT.case.image_url).catch(() => undefined);
