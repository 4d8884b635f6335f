import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiError, get, post } from "../api/client";
import type { AuditRow, FailedStep, Page, Retried } from "../api/types";

const LOOK_MS = 3000;
const FAILED = ["audits", "failed"] as const;

/** The newest audits that failed and were not tried again since. */
export function useFailed() {
  return useQuery({
    queryKey: FAILED,
    queryFn: () => get<Page<AuditRow>>("audits?state=failed&limit=100"),
    refetchInterval: LOOK_MS,
  });
}

/** Every failure of one audit with its traceback, newest first; asked anew as it fails again. */
export function useFailuresOf(id: string, attempt: number | null) {
  return useQuery({
    queryKey: ["audit", id, "failures", attempt],
    placeholderData: keepPreviousData,
    queryFn: () => get<{ results: FailedStep[] }>(`audits/${id}/failures`),
    select: (answer) => answer.results,
  });
}

/** Some by id, or all with a code; 200 at a time. */
export function useRetryMany() {
  const queries = useQueryClient();
  return useMutation<Retried, ApiError, { audits: string[] } | { code: string }>({
    mutationFn: (which) => post<Retried>("audits/retry", which),
    onSettled: () => queries.invalidateQueries({ queryKey: ["audits"] }),
  });
}
