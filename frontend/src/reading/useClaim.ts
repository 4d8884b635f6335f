import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { ApiError, post } from "../api/client";
import { useSearchParams } from "wouter";
import { useOpenReading } from "../api/queries";
import type { Audit, BlindAudit, Claimed, Committed, Queue, Slot } from "../api/types";
import { useOutbox } from "../outbox/OutboxProvider";
import { useQueue } from "../queues/useQueues";

export interface ClaimState {
  queue: Queue | null;
  slot: Slot | null;
  /** Why the audit can only be looked at; empty while claiming and while held. */
  readOnly: string;
  takeBack: () => void;
  /** A step of a blind read ended: the slot stands at the next one. */
  committed: (commit: Committed) => void;
  /** The lease runs until then (ms since 1970). */
  expiresAt: number | null;
}

const claimKey = (queue: string, audit: string) => ["claim", queue, audit] as const;

/** The queue that the address names (`?queue=`), else the one in which anybody may pick. */
function useReadingQueue(): Queue | null {
  const [params] = useSearchParams();
  const named = params.get("queue") ?? "";
  const one = useQueue(named).data ?? null;
  const open = useOpenReading().data ?? null;
  return named ? one : open;
}

/** The slot that came with the end of the item before: claimed once, it is not claimed again. */
let handed: Slot | null = null;

export function handOver(slot: Slot): void {
  handed = slot;
}

function takeHanded(queue: string, audit: string): Slot | null {
  const slot = handed;
  handed = null;
  const fits = slot?.queue === queue && slot.audit === audit;
  return fits && Date.parse(slot.expires_at) > Date.now() ? slot : null;
}

async function claimAudit(queue: string, audit: string): Promise<Slot | string> {
  try {
    const { slot } = await post<Claimed>(`queues/${queue}/claim`, { audit });
    return slot ?? "This queue is paused.";
  } catch (error) {
    const answered = error instanceof ApiError && error.status >= 400 && error.status < 500;
    if (answered && !error.signedOut) return error.message;
    throw error;
  }
}

const HEARTBEAT_MS = 60_000;
const ACTIVE_MS = 2 * HEARTBEAT_MS;

/** Renews the lease while the reader works, and lets it run out while they do not. */
function useHeartbeat(slot: Slot | null, onRenewed: (expiresAt: string) => void) {
  const renewed = useRef(onRenewed);
  renewed.current = onRenewed;
  useEffect(() => {
    if (!slot) return;
    let lastActive = Date.now();
    const touch = () => {
      lastActive = Date.now();
    };
    const beat = async () => {
      if (Date.now() - lastActive > ACTIVE_MS) return;
      const { lease_token, fence } = slot;
      // A beat that is missed shows on the clock, and the next one or a save says why.
      await post<{ expires_at: string }>(`slots/${slot.id}/heartbeat`, { lease_token, fence }).then(
        (answer) => renewed.current(answer.expires_at),
        () => undefined,
      );
    };
    const timer = setInterval(() => void beat(), HEARTBEAT_MS);
    window.addEventListener("keydown", touch);
    window.addEventListener("pointermove", touch);
    return () => {
      clearInterval(timer);
      window.removeEventListener("keydown", touch);
      window.removeEventListener("pointermove", touch);
    };
  }, [slot]);
}

/** Claims the audit from the open queue when it is done, and keeps the lease. */
export function useClaim(audit: Audit | BlindAudit | undefined): ClaimState {
  const queries = useQueryClient();
  const outbox = useOutbox();
  const queue = useReadingQueue();
  const id = audit?.id ?? "";
  const claim = useQuery({
    queryKey: claimKey(queue?.id ?? "", id),
    queryFn: async () => {
      const at = queue?.id ?? "";
      const claimed = takeHanded(at, id) ?? (await claimAudit(at, id));
      if (typeof claimed !== "string") outbox.setLease(claimed.id, claimed);
      return claimed;
    },
    enabled: queue !== null && audit?.state === "done",
    staleTime: Number.POSITIVE_INFINITY,
    // The slot belongs to this visit: the next visit claims anew.
    gcTime: 0,
  });
  const slot = typeof claim.data === "object" ? claim.data : null;
  const setSlot = (next: Slot) => queries.setQueryData(claimKey(queue?.id ?? "", id), next);
  const takeBack = useMutation({
    mutationFn: (held: Slot) => post<Slot | { slot: Slot }>(`slots/${held.id}/reclaim`),
    onSuccess: (answer) => {
      const next = "slot" in answer ? answer.slot : answer;
      outbox.setLease(next.id, next);
      setSlot(next);
    },
  });
  useHeartbeat(slot, (expires_at) => slot && setSlot({ ...slot, expires_at }));
  return {
    queue,
    slot,
    readOnly: typeof claim.data === "string" ? claim.data : "",
    takeBack: () => slot && takeBack.mutate(slot),
    committed: ({ next, ...commit }) =>
      slot && setSlot({ ...slot, step: next, commits: [...slot.commits, commit] }),
    expiresAt: slot ? Date.parse(slot.expires_at) : null,
  };
}
