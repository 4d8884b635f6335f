import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ApiError, get, post, put, remove } from "../api/client";
import type { ApiToken, Experience, NewToken, Page, SecondFactor, TokenInput } from "../api/types";
import { SESSION } from "../session/session";

const FACTOR = ["account", "second-factor"] as const;
const EXPERIENCE = ["account", "experience"] as const;
const TOKENS = ["account", "tokens"] as const;

export const useSecondFactor = () =>
  useQuery({ queryKey: FACTOR, queryFn: () => get<SecondFactor>("me/second-factor") });

export const useTokens = () =>
  useQuery({ queryKey: TOKENS, queryFn: () => get<Page<ApiToken>>("me/tokens?limit=200") });

export const useBeginFactor = () =>
  useMutation<{ address: string }, ApiError, string>({
    mutationFn: (password) => post("me/second-factor", { password }),
  });

/** Turning it on shows the recovery codes; the session is asked again only when they are noted. */
export const useConfirmFactor = () =>
  useMutation<{ recovery_codes: string[] }, ApiError, string>({
    mutationFn: (code) => post("me/second-factor/confirm", { code }),
  });

export function useRenewAccount() {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: FACTOR }),
      queries.invalidateQueries({ queryKey: SESSION }),
    ]);
}

export function useRemoveFactor() {
  const renew = useRenewAccount();
  return useMutation<void, ApiError, string>({
    mutationFn: (code) => post("me/second-factor/remove", { code }),
    onSuccess: renew,
  });
}

export const useChangePassword = () =>
  useMutation<void, ApiError, { password: string; new_password: string }>({
    mutationFn: (given) => post("me/password", given),
  });

export const useExperience = () =>
  useQuery({
    queryKey: EXPERIENCE,
    queryFn: () => get<{ experience: Experience }>("me/experience"),
  });

export function useChangeExperience() {
  const queries = useQueryClient();
  return useMutation<{ experience: Experience }, ApiError, Experience>({
    mutationFn: (experience) => put("me/experience", { experience }),
    onSuccess: (stored) => queries.setQueryData(EXPERIENCE, stored),
  });
}

export const useSignOutElsewhere = () =>
  useMutation<void, ApiError, void>({ mutationFn: () => post("me/sign-out-elsewhere") });

export function useMakeToken() {
  const queries = useQueryClient();
  return useMutation<NewToken, ApiError, TokenInput>({
    mutationFn: (wanted) => post("me/tokens", wanted),
    onSuccess: () => queries.invalidateQueries({ queryKey: TOKENS }),
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation<void, ApiError, string>({
    mutationFn: (id) => remove(`me/tokens/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: TOKENS }),
  });
}
