/** What the document brought along is there before anything is asked for. */
import type { QueryClient } from "@tanstack/react-query";
import { SESSION, SESSION_QUERY } from "../session/session";
import { AUDIT_BROUGHT, SESSION_BROUGHT } from "./brought";
import { setCsrfToken } from "./client";
import { auditKey } from "./queries";

export function startEarly(queries: QueryClient): void {
  if (SESSION_BROUGHT) {
    setCsrfToken(SESSION_BROUGHT.csrf_token);
    queries.setQueryData(SESSION, SESSION_BROUGHT);
  } else void queries.prefetchQuery(SESSION_QUERY);
  if (AUDIT_BROUGHT) queries.setQueryData(auditKey(AUDIT_BROUGHT.id), AUDIT_BROUGHT);
}
