import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiError, get, patch, post } from "../api/client";
import type { Agreement, Filled, Page, Queue, QueueChange, QueueInput } from "../api/types";

const CALM_MS = 30_000;
const ALL = "queues?limit=200";
const LIST = ["queues", "all"] as const;
export const queueKey = (id: string) => ["queues", "one", id] as const;

/** The newest 200 queues this person may see; `next` is set when there are more. */
export function useQueues() {
  return useQuery({
    queryKey: LIST,
    queryFn: () => get<Page<Queue>>(ALL),
    refetchInterval: CALM_MS,
  });
}

export function useQueue(id: string) {
  return useQuery({
    queryKey: queueKey(id),
    queryFn: () => get<Queue>(`queues/${id}`),
    refetchInterval: CALM_MS,
    enabled: id !== "",
  });
}

/** Asked again when another read is in. A 403 means that it is not this person's to see. */
export function useAgreement(queue: Queue) {
  return useQuery<Agreement, ApiError>({
    queryKey: ["queues", "agreement", queue.id, queue.counts.submitted],
    queryFn: () => get<Agreement>(`queues/${queue.id}/agreement`),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function useRenew() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["queues"] });
}

export function useMakeQueue() {
  const renew = useRenew();
  return useMutation<Queue, ApiError, QueueInput>({
    mutationFn: (wanted) => post<Queue>("queues", wanted),
    onSuccess: renew,
  });
}

export function useChangeQueue(id: string) {
  const renew = useRenew();
  return useMutation<Queue, ApiError, QueueChange>({
    mutationFn: (change) => patch<Queue>(`queues/${id}`, change),
    onSuccess: renew,
  });
}

export function useFill(id: string) {
  const renew = useRenew();
  return useMutation<Filled, ApiError, void>({
    mutationFn: () => post<Filled>(`queues/${id}/fill`),
    onSuccess: renew,
  });
}
