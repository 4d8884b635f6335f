import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiError, get, post } from "../api/client";
import { useAudits } from "../api/queries";
import type { WholeCase, WithdrawalReason } from "../api/types";

export function useCase(id: string) {
  return useQuery({ queryKey: ["case", id], queryFn: () => get<WholeCase>(`cases/${id}`) });
}

const MOST = 50;

/** The case's newest audits, as the work list shows them. */
export const useAuditsOf = (id: string) => useAudits(`audits?case=${id}&limit=${MOST}`);

/** A new draft of the case, and with it a new audit. */
export function useNewDraft(id: string) {
  const queries = useQueryClient();
  return useMutation<unknown, ApiError, string>({
    mutationFn: (draft) => post(`cases/${id}/audits`, { draft }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["case", id] }),
        queries.invalidateQueries({ queryKey: ["audits"] }),
      ]),
  });
}

export function useWithdraw(id: string) {
  const queries = useQueryClient();
  return useMutation<unknown, ApiError, WithdrawalReason>({
    mutationFn: (reason) => post(`cases/${id}/withdraw`, { reason }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["audits"] }),
  });
}
