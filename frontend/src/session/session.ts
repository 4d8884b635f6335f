import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, get, post, remove, setCsrfToken } from "../api/client";
import type { Session } from "../api/types";

export const SESSION = ["session"] as const;

async function fetchSession(): Promise<Session> {
  const session = await get<Session>("auth/session");
  setCsrfToken(session.csrf_token);
  return session;
}

export const SESSION_QUERY = {
  queryKey: SESSION,
  queryFn: fetchSession,
  staleTime: 5 * 60_000,
} as const;

export function useSession() {
  return useQuery(SESSION_QUERY);
}

/** The signed-in person. Only for pages behind the sign-in. */
export function useUser() {
  const user = useSession().data?.user;
  if (!user) throw new Error("useUser is for pages behind the sign-in.");
  return user;
}

/** Whether they may make sources, imports, queues and releases. The server decides again. */
export const useCurates = (): boolean =>
  useUser().roles.some((role) => role === "curator" || role === "administrator");

/** Whether they may change who may do what. The server decides again. */
export const useAdministers = (): boolean => useUser().roles.includes("administrator");

export interface Credentials {
  username: string;
  password: string;
  code?: string;
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation<Session, ApiError, Credentials>({
    mutationFn: async (credentials) => {
      const session = await post<Session>("auth/session", credentials);
      setCsrfToken(session.csrf_token);
      return session;
    },
    onSuccess: (session) => queries.setQueryData(SESSION, session),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => remove("auth/session"),
    onSuccess: async () => {
      // The session first: once it is gone nothing on the page asks for what is then forgotten.
      await queries.invalidateQueries({ queryKey: SESSION });
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION[0] });
    },
  });
}

/** The password was right, and a code of the second factor has to go with it. */
export const asksForCode = (error: ApiError | null): boolean =>
  error?.code === "second_factor_needed" || error?.code === "wrong_code";

export const isSignedOut = (error: unknown): boolean =>
  error instanceof ApiError && error.signedOut;
