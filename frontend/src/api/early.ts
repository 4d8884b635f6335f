/** What the document brought along (`audits/ahead.py`) is there before anything is asked for. */
import type { QueryClient } from "@tanstack/react-query";
import { SESSION, SESSION_QUERY } from "../session/session";
import { previewOf } from "../viewer/pixels";
import { setCsrfToken } from "./client";
import { auditKey } from "./queries";
import type { Audit, BlindAudit, Session } from "./types";

function brought<T>(name: string): T | null {
  const text = document.querySelector(`head > script#${name}`)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}

export function startEarly(queries: QueryClient): void {
  const session = brought<Session>("session");
  if (session) {
    setCsrfToken(session.csrf_token);
    queries.setQueryData(SESSION, session);
  } else void queries.prefetchQuery(SESSION_QUERY);
  const audit = brought<Audit | BlindAudit>("audit");
  if (!audit) return;
  queries.setQueryData(auditKey(audit.id), audit);
  // The page asks for it too, and shows what it meets.
  previewOf(audit.case.image_url).catch(() => undefined);
}
