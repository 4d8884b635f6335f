/** What the address names is asked for at once, beside the session and the page's own script. */
import type { QueryClient } from "@tanstack/react-query";
import { SESSION_QUERY } from "../session/session";
import { previewOf } from "../viewer/pixels";
import { auditKey, fetchAudit } from "./queries";

const READING = /^\/audits\/([0-9a-f-]{36})$/;

export function startEarly(queries: QueryClient, path: string): void {
  void queries.prefetchQuery(SESSION_QUERY);
  const id = READING.exec(path)?.[1];
  if (!id) return;
  void import("../reading/ReadingPage");
  queries
    .fetchQuery({ queryKey: auditKey(id), queryFn: () => fetchAudit(id), retry: false })
    .then(({ case: { image_url } }) => previewOf(image_url))
    // Whoever is not signed in yet, or offline: the page asks again, and says so.
    .catch(() => undefined);
}
