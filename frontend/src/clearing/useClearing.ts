import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiError, get, post } from "../api/client";
import type { CaseDetail, Page } from "../api/types";

export type Waiting = "picture" | "draft";

const CLEARING = "clearing";
export const AT_ONCE = 20;

/** The newest cases of which this waits for a curator; `next` is set when there are more. */
export function useWaiting(what: Waiting) {
  return useQuery({
    queryKey: [CLEARING, what],
    queryFn: () => get<Page<CaseDetail>>(`cases?uncleared=${what}&limit=${AT_ONCE}`),
  });
}

export type Waits = ReturnType<typeof useWaiting>;

/** One decision of a curator, by its address; the lists are asked again after it. */
export function useDecide() {
  const queries = useQueryClient();
  return useMutation<unknown, ApiError, { address: string; body?: object }>({
    mutationFn: ({ address, body }) => post(address, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: [CLEARING] }),
  });
}
