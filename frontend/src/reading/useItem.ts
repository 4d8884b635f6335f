import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { get, post } from "../api/client";
import { auditKey, auditsPath, fetchAudit } from "../api/queries";
import type { AuditRow, Claimed, Page, Queue, SkipReason, Slot } from "../api/types";
import { useOutbox } from "../outbox/OutboxProvider";
import { pixelsOf } from "../viewer/pixels";
import { NOTHING_NEXT, nothingToClaim } from "./words";

const AHEAD = auditsPath(
  { state: "done", label: "", kind: "", q: "", source: "", order: "urgent" },
  12,
);

const isOpen = ({ reads }: AuditRow): boolean => reads.submitted + reads.reading < reads.needed;

/** Loads what is likely read next, so that it is there after Enter. */
function usePrefetch(current: string, ready: boolean) {
  const queries = useQueryClient();
  useEffect(() => {
    if (!ready) return;
    const ahead = async () => {
      const rows = await get<Page<AuditRow>>(AHEAD);
      const [next] = rows.results.filter((row) => row.id !== current && isOpen(row));
      if (!next) return;
      await Promise.all([
        pixelsOf(next.case.image_url),
        queries.prefetchQuery({ queryKey: auditKey(next.id), queryFn: () => fetchAudit(next.id) }),
      ]);
    };
    // A guess that fails costs nothing: the page asks again when it gets there.
    ahead().catch(() => undefined);
  }, [current, ready, queries]);
}

export interface ItemControl {
  submit: (nothingElseMissed: boolean) => void;
  skip: (reason: SkipReason) => void;
  next: () => void;
  busy: boolean;
  error: Error | null;
}

/** Ends the item and goes on to the next one. */
export function useItem(audit: string, slot: Slot | null, queue: Queue | null): ItemControl {
  const outbox = useOutbox();
  const queries = useQueryClient();
  const [, go] = useLocation();
  // In a blind queue nothing is looked at ahead: what is next is a matter of chance.
  usePrefetch(audit, slot !== null && queue?.mode === "flags_first");
  const over = useRef(false);

  const end = async (held: Slot, path: string, body: object) => {
    await outbox.flush(held.id);
    const { unsent } = outbox.entry(held.id);
    if (path === "submit" && unsent.length > 0) {
      throw new Error("Not everything is saved yet. Submit again when it is.");
    }
    const { lease_token, fence } = held;
    await post(`slots/${held.id}/${path}`, { ...body, lease_token, fence });
    over.current = true;
    outbox.forget(held.id);
  };

  const toNext = async () => {
    if (!queue) return go("/");
    const claimed = await post<Claimed>(`queues/${queue.id}/claim`);
    void queries.invalidateQueries({ queryKey: ["queues"] });
    void queries.invalidateQueries({ queryKey: ["audits"] });
    if (claimed.slot) return go(`/audits/${claimed.slot.audit}${window.location.search}`);
    sessionStorage.setItem(NOTHING_NEXT, nothingToClaim(claimed, queue, Date.now()));
    return go("/");
  };

  const ending = useMutation({
    mutationFn: async ([path, body]: [path: string, body: object]) => {
      if (!slot) return;
      await end(slot, path, body);
      await toNext();
    },
  });

  /** What was said on an item that somebody else has now is with the server before it goes. */
  const leaveBehind = async () => {
    if (slot) {
      await outbox.flush(slot.id);
      outbox.forget(slot.id);
    }
    over.current = true;
    await toNext();
  };

  // An item that was only looked at is given back at once, not when its lease runs out.
  const leave = useRef<() => void>(() => undefined);
  leave.current = () => {
    if (!slot || over.current || outbox.entry(slot.id).ops.length > 0) return;
    if (slot.commits.length > 0) return;
    if (slot.read.decisions.length + slot.read.missed_findings.length > 0) return;
    const { id, lease_token, fence } = slot;
    // Nothing depends on it: a lease that cannot be given back runs out by itself.
    post(`slots/${id}/release`, { lease_token, fence }).catch(() => undefined);
  };
  useEffect(() => () => leave.current(), []);

  return {
    submit: (nothing_else_missed) => ending.mutate(["submit", { nothing_else_missed }]),
    skip: (reason) => ending.mutate(["skip", { reason }]),
    next: () => void leaveBehind(),
    busy: ending.isPending,
    error: ending.error,
  };
}
