import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ApiError, patch, post } from "../api/client";
import type { Source, SourceInput } from "../api/types";

/** Saves a source, or makes one where there is none yet. The server names the fields at fault. */
export function useSaveSource(source: Source | null) {
  const queries = useQueryClient();
  return useMutation<Source, ApiError, SourceInput>({
    mutationFn: ({ slug, ...change }) =>
      source ? patch(`sources/${source.id}`, change) : post("sources", { slug, ...change }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sources"] }),
  });
}
