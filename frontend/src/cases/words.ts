import type { CaseDetail, SettledLabel, WithdrawalReason } from "../api/types";

type Origin = CaseDetail["drafts"][number]["origin"];

export const ORIGIN_WORDS: Record<Origin, string> = {
  human: "Written by a person",
  edited: "Edited by a person",
  synthetic: "Made by a program",
  model: "Written by a model",
};

export const RULE_WORDS: Record<SettledLabel["rule"], string> = {
  single_read: "one read",
  agreement: "reads agree",
  adjudicated: "adjudicated",
};

export const WITHDRAWAL_WORDS: Record<WithdrawalReason, string> = {
  patient_request: "The patient asked",
  source_request: "The source asked",
  identity_found: "It names somebody",
  licence: "The licence does not allow it",
  other: "Another reason",
};
