import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type { ModelAlert, ModelWeek, Page } from "../api/types";

/** What a version did in each of the last twelve weeks, oldest first. */
export function useWeeks(model: string) {
  return useQuery({
    queryKey: ["weeks", model],
    queryFn: () => get<{ results: ModelWeek[] }>(`models/${model}/weeks`),
    select: (answer) => answer.results,
    staleTime: 60_000,
  });
}

/** The newest notes that moved figures left, of all versions. Curators only. */
export function useAlerts(enabled: boolean) {
  return useQuery({
    queryKey: ["alerts"],
    queryFn: () => get<Page<ModelAlert>>("alerts"),
    select: (page) => page.results,
    staleTime: 60_000,
    enabled,
  });
}
