/** How far an audit is: server-sent events, and polling where they do not come through. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useSession } from "../session/session";
import { auditKey, fetchAudit, isActive } from "./queries";
import type { Audit, BlindAudit, Progress, StepState } from "./types";

const POLL_MS = 1500;

function stepState(audit: Audit | BlindAudit, known: boolean): StepState {
  if (known) return "done";
  return audit.state === "failed" ? "failed" : audit.state === "queued" ? "waiting" : "running";
}

/** The steps as far as an audit's own fields tell them. */
export function progressOf(audit: Audit | BlindAudit): Progress {
  const { id, state, attempt } = audit;
  const grounding = stepState(audit, audit.image_state !== null && audit.image_state !== "failed");
  const parsing = stepState(audit, audit.draft_state !== null);
  const both = grounding === "done" && parsing === "done";
  const comparing = state === "done" ? "done" : both ? "running" : "waiting";
  const step =
    comparing === "running" ? "comparing" : grounding === "done" ? "parsing" : "grounding";
  return {
    id,
    state,
    attempt,
    step: isActive(state) ? step : null,
    steps: { grounding, parsing, comparing },
  };
}

function useEvents(id: string, wanted: boolean): { event: Progress | null; broken: boolean } {
  const origin = useSession().data?.events_url ?? "";
  const [event, setEvent] = useState<Progress | null>(null);
  const [broken, setBroken] = useState(false);
  const queries = useQueryClient();
  useEffect(() => {
    if (!wanted) return;
    setBroken(false);
    const source = new EventSource(`${origin}/api/v1/audits/${id}/events`, {
      withCredentials: origin !== "",
    });
    source.addEventListener("audit", (message: MessageEvent<string>) => {
      const progress = JSON.parse(message.data) as Progress;
      setEvent(progress);
      // Each finished step brings new fields.
      void queries.invalidateQueries({ queryKey: auditKey(id) });
      if (!isActive(progress.state)) source.close();
    });
    source.onerror = () => {
      source.close();
      setBroken(true);
    };
    return () => source.close();
  }, [id, wanted, origin, queries]);
  return { event, broken };
}

const SETTLED_MS = 5 * 60_000;

/** A blind one changes with the step that its reader is at. */
const isSettled = (audit: Audit | BlindAudit | undefined): boolean =>
  audit?.state === "done" && audit.shown === "flags";

/** The audit as it fills, and its progress while it runs. */
export function useLiveAudit(id: string | null) {
  const audit = useQuery({
    queryKey: auditKey(id ?? ""),
    queryFn: () => fetchAudit(id ?? ""),
    enabled: id !== null,
    // One that was loaded ahead is not asked for again: a done audit never changes.
    staleTime: ({ state }) => (isSettled(state.data) ? SETTLED_MS : 0),
    refetchInterval: ({ state }) => (state.data && isActive(state.data.state) ? POLL_MS : false),
  });
  const running = audit.data !== undefined && isActive(audit.data.state);
  const { event, broken } = useEvents(id ?? "", running);
  const own = audit.data ? progressOf(audit.data) : null;
  const fresh = event && own && event.id === own.id && isActive(own.state) && !broken;
  return { ...audit, progress: fresh ? event : own };
}

/** The step of a row that runs, where it is followed. */
export function useRowProgress(id: string, followed: boolean): Progress | null {
  return useEvents(id, followed).event;
}
