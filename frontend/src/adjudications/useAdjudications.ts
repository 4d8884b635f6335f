import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiError, get, post } from "../api/client";
import type { Adjudication, Opened, Page } from "../api/types";
import type { Rulings } from "./rulings";

const CALM_MS = 30_000;
const LIST = ["adjudications", "open"] as const;
const keyOf = (id: string) => ["adjudications", "one", id] as const;

/** The oldest 200 open adjudications of the queues this person adjudicates. */
export function useOpenAdjudications() {
  return useQuery({
    queryKey: LIST,
    queryFn: () => get<Page<Adjudication>>("adjudications?state=open&limit=200"),
    refetchInterval: CALM_MS,
  });
}

/** What is settled stays readable to who settled it; what is open is taken by looking at it. */
async function take(id: string): Promise<Opened> {
  const found = await get<Opened>(`adjudications/${id}`);
  return found.state === "open" ? post<Opened>(`adjudications/${id}/claim`) : found;
}

/** Held from the first look on. Never asked again by itself, for asking takes the item. */
export function useChair(id: string) {
  return useQuery<Opened, ApiError>({
    queryKey: keyOf(id),
    queryFn: () => take(id),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

interface Settling {
  held: Opened;
  reason: string;
  sent: object;
}

export function useSettle(id: string) {
  const queries = useQueryClient();
  return useMutation<Opened, ApiError, Settling>({
    mutationFn: ({ held, reason, sent }) =>
      post<Opened>(`adjudications/${id}/settle`, {
        lease_token: held.lease_token,
        fence: held.fence,
        reason,
        ...sent,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: LIST }),
  });
}

export interface Kept {
  rulings: Rulings;
  reason: string;
}

const NOTHING: Kept = { rulings: {}, reason: "" };
const placeOf = (id: string): string => `overread.adjudication.${id}`;

/** What was ruled and not yet settled outlives a closed tab, on this computer. */
export function keptOf(id: string): Kept {
  try {
    return { ...NOTHING, ...(JSON.parse(localStorage.getItem(placeOf(id)) ?? "{}") as Kept) };
  } catch {
    return NOTHING;
  }
}

export const keep = (id: string, kept: Kept): void =>
  localStorage.setItem(placeOf(id), JSON.stringify(kept));

export const forget = (id: string): void => localStorage.removeItem(placeOf(id));
