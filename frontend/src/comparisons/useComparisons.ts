import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiError, get, post } from "../api/client";
import type { Comparison, ComparisonInput, Page, Promotion, WholeComparison } from "../api/types";

const LIST = ["comparisons"] as const;

/** The newest comparisons, without their reports. */
export function useComparisons() {
  return useQuery({
    queryKey: LIST,
    queryFn: () => get<Page<Comparison>>("comparisons"),
  });
}

/** One whole. It never changes. */
export function useComparison(id: string) {
  return useQuery({
    queryKey: ["comparison", id],
    queryFn: () => get<WholeComparison>(`comparisons/${id}`),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useCompare() {
  const queries = useQueryClient();
  return useMutation<WholeComparison, ApiError, ComparisonInput>({
    mutationFn: (wanted) => post<WholeComparison>("comparisons", wanted),
    onSuccess: () => queries.invalidateQueries({ queryKey: LIST }),
  });
}

/** The version becomes the current one of its backend, with a reason in the audit log. */
export function usePromote(model: string) {
  const queries = useQueryClient();
  return useMutation<Promotion, ApiError, { reason: string; comparison: string }>({
    mutationFn: (given) => post<Promotion>(`models/${model}/promote`, given),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["models"] }),
  });
}
