import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiError, get, post } from "../api/client";
import type { Batch, BatchInput, BatchItem, Page } from "../api/types";

const LIVE_MS = 1000;
const LIST = ["batches"] as const;
const batchKey = (id: string) => ["batch", id] as const;

export const isAtWork = ({ progress }: Batch): boolean => progress.left > 0;

/** The newest page of batches, asked again while one is at work. */
export function useBatches() {
  return useQuery({
    queryKey: LIST,
    queryFn: () => get<Page<Batch>>("batches"),
    refetchInterval: ({ state }) => (state.data?.results.some(isAtWork) ? LIVE_MS : false),
  });
}

export function useBatch(id: string) {
  return useQuery({
    queryKey: batchKey(id),
    queryFn: () => get<Batch>(`batches/${id}`),
    refetchInterval: ({ state }) => (state.data && isAtWork(state.data) ? LIVE_MS : false),
  });
}

/** A page of its items in one state; `address` is that of another page of them. */
export function useItems(batch: Batch, state: string, address: string | null) {
  return useQuery({
    queryKey: ["batch", batch.id, "items", state, address, batch.progress],
    queryFn: () => get<Page<BatchItem>>(address ?? `batches/${batch.id}/items?state=${state}`),
    placeholderData: keepPreviousData,
  });
}

function useKeep() {
  const queries = useQueryClient();
  return (batch: Batch) => {
    queries.setQueryData(batchKey(batch.id), batch);
    void queries.invalidateQueries({ queryKey: LIST });
  };
}

export function useMakeBatch() {
  const keep = useKeep();
  return useMutation<Batch, ApiError, BatchInput>({
    mutationFn: (wanted) => post<Batch>("batches", wanted),
    onSuccess: keep,
  });
}

/** Cancels it, or retries what failed of it, 200 at a time. */
export function useAct(id: string, act: "cancel" | "retry") {
  const keep = useKeep();
  return useMutation<Batch, ApiError, void>({
    mutationFn: () => post<Batch>(`batches/${id}/${act}`),
    onSuccess: keep,
  });
}
