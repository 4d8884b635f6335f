import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";
import { get, post } from "../api/client";
import { auditKey, fetchAudit } from "../api/queries";
import type { Claimed, NextItem, Queue, SkipReason, Slot, Submitted } from "../api/types";
import { useOutbox } from "../outbox/OutboxProvider";
import { previewOf } from "../viewer/pixels";
import { handOver } from "./useClaim";
import { NOTHING_NEXT, nothingToClaim } from "./words";

/** Loads what the queue will likely give next, so that it is there after Enter. */
function usePrefetch(queue: string, ready: boolean) {
  const queries = useQueryClient();
  useEffect(() => {
    if (!ready) return;
    const ahead = async () => {
      const { results } = await get<{ results: NextItem[] }>(`queues/${queue}/next`);
      // One after another: the first is likely the one, and the others are for when it is not.
      for (const { audit, image_url } of results) {
        await Promise.all([
          previewOf(image_url),
          queries.prefetchQuery({
            queryKey: auditKey(audit),
            queryFn: () => fetchAudit(audit),
            staleTime: LOADED_AHEAD_MS,
          }),
        ]);
      }
    };
    // A guess that fails costs nothing: the page asks again when it gets there.
    ahead().catch(() => undefined);
  }, [queue, ready, queries]);
}

const LOADED_AHEAD_MS = 5 * 60_000;

export interface ItemControl {
  submit: (nothingElseMissed: boolean) => void;
  skip: (reason: SkipReason) => void;
  next: () => void;
  busy: boolean;
  error: Error | null;
}

/** Ends the item and goes on to the next one. */
export function useItem(slot: Slot | null, queue: Queue | null): ItemControl {
  const outbox = useOutbox();
  const queries = useQueryClient();
  const [, go] = useLocation();
  // Of a blind queue the server tells nothing ahead.
  usePrefetch(queue?.id ?? "", slot !== null && queue?.mode === "flags_first");
  const over = useRef(false);

  const end = async (held: Slot, path: string, body: object): Promise<Claimed | null> => {
    await outbox.flush(held.id);
    const { unsent } = outbox.entry(held.id);
    if (path === "submit" && unsent.length > 0) {
      throw new Error("Not everything is saved yet. Submit again when it is.");
    }
    const { lease_token, fence } = held;
    const said = { ...body, lease_token, fence };
    const ended = await post<Submitted | undefined>(`slots/${held.id}/${path}`, said);
    over.current = true;
    outbox.forget(held.id);
    return ended?.next ?? null;
  };

  /** To what was claimed with the submit, else to what a claim gives now. */
  const toNext = async (given: Claimed | null = null) => {
    if (!queue) return go("/");
    const claimed = given ?? (await post<Claimed>(`queues/${queue.id}/claim`));
    void queries.invalidateQueries({ queryKey: ["queues"] });
    void queries.invalidateQueries({ queryKey: ["audits"] });
    if (claimed.slot) {
      handOver(claimed.slot);
      return go(`/audits/${claimed.slot.audit}${window.location.search}`);
    }
    sessionStorage.setItem(NOTHING_NEXT, nothingToClaim(claimed, queue, Date.now()));
    return go("/");
  };

  const ending = useMutation({
    mutationFn: async ([path, body]: [path: string, body: object]) => {
      if (!slot) return;
      await toNext(await end(slot, path, body));
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
    submit: (nothing_else_missed) =>
      ending.mutate(["submit", { nothing_else_missed, claim_next: queue !== null }]),
    skip: (reason) => ending.mutate(["skip", { reason }]),
    next: () => void leaveBehind(),
    busy: ending.isPending,
    error: ending.error,
  };
}
