import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiError, get, post } from "../api/client";
import type { Import, ImportRow, Page } from "../api/types";
import { receiverOf, upload } from "./upload";

const LIVE_MS = 1000;
const IMPORTS = ["imports"] as const;
const importKey = (id: string) => ["import", id] as const;

export const isAtWork = ({ state }: Import): boolean =>
  state === "checking" || state === "importing";

export function useImports() {
  return useQuery({
    queryKey: IMPORTS,
    queryFn: () => get<Page<Import>>("imports"),
    select: (page) => page.results,
    refetchInterval: ({ state }) => (state.data?.results.some(isAtWork) ? LIVE_MS : false),
  });
}

export function useImport(id: string) {
  return useQuery({
    queryKey: importKey(id),
    queryFn: () => get<Import>(`imports/${id}`),
    refetchInterval: ({ state }) => (state.data && isAtWork(state.data) ? LIVE_MS : false),
  });
}

/** The first page of the rows that failed; all of them are in errors.csv. */
export function useFailedRows(run: Import) {
  return useQuery({
    queryKey: ["import", run.id, "failed", run.state, run.counts.failed],
    queryFn: () => get<Page<ImportRow>>(`imports/${run.id}/rows?outcome=failed`),
    select: (page) => page.results,
    enabled: run.counts.failed > 0,
  });
}

export interface NewImport {
  source: string;
  file: File;
  startAudits: boolean;
}

export function useMakeImport() {
  const queries = useQueryClient();
  return useMutation<Import, ApiError, NewImport>({
    mutationFn: ({ source, file, startAudits }) =>
      post<Import>("imports", { source, size: file.size, start_audits: startAudits }),
    onSuccess: () => queries.invalidateQueries({ queryKey: IMPORTS }),
  });
}

export interface Sending {
  id: string;
  file: File;
}

function useKeep() {
  const queries = useQueryClient();
  return (run: Import) => {
    queries.setQueryData(importKey(run.id), run);
    void queries.invalidateQueries({ queryKey: IMPORTS });
  };
}

/** Sends the file, or what is left of it, and then has it checked without importing anything. */
export function useUpload() {
  const queries = useQueryClient();
  const keep = useKeep();
  return useMutation<Import, ApiError, Sending>({
    mutationFn: async ({ id, file }) => {
      await upload(file, receiverOf(id), (received) =>
        queries.setQueryData<Import>(importKey(id), (run) => run && { ...run, received }),
      );
      return post<Import>(`imports/${id}/start`, { dry_run: true });
    },
    onSuccess: keep,
  });
}

export function useStart(id: string) {
  const keep = useKeep();
  return useMutation<Import, ApiError, void>({
    mutationFn: () => post<Import>(`imports/${id}/start`, { dry_run: false }),
    onSuccess: keep,
  });
}

export function useCancel(id: string) {
  const keep = useKeep();
  return useMutation<Import, ApiError, void>({
    mutationFn: () => post<Import>(`imports/${id}/cancel`),
    onSuccess: keep,
  });
}
