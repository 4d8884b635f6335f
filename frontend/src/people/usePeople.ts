import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiError, get, patch, remove } from "../api/client";
import type { Page, Person, PersonChange, SignInLock } from "../api/types";

const PEOPLE = "people";
const LOCKS = ["people", "locks"] as const;

/** `address` is a page's own link, or null for the first. */
export const usePeople = (find: string, address: string | null) =>
  useQuery({
    queryKey: [PEOPLE, "list", find, address],
    queryFn: () => get<Page<Person>>(address ?? `people?q=${encodeURIComponent(find)}`),
    placeholderData: keepPreviousData,
  });

export const useLocks = () =>
  useQuery({
    queryKey: LOCKS,
    queryFn: () => get<Page<SignInLock>>("sign-in-locks?limit=200"),
    refetchInterval: 30_000,
  });

function useAsked<T>(act: (given: T) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation<unknown, ApiError, T>({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: [PEOPLE] }),
  });
}

export const useChangePerson = () =>
  useAsked(({ id, change }: { id: string; change: PersonChange }) =>
    patch<Person>(`people/${id}`, change),
  );

export const useTakeFactor = () => useAsked((id: string) => remove(`people/${id}/second-factor`));

export const useLiftLock = () => useAsked((id: string) => remove(`sign-in-locks/${id}`));
