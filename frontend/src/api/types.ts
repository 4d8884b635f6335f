/** The API's shapes by the words the page uses, from the generated schema; boxes as tuples. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Label = Schemas["LabelEnum"];
export type State = Schemas["LabelStateEnum"];
export type FlagKind = Schemas["FlagKindEnum"];
export type AuditState = Schemas["AuditStateEnum"];
export type Step = Schemas["StepEnum"];
export type StepState = "waiting" | "running" | "done" | "failed";
export type Verdict = Schemas["VerdictEnum"];
export type Significance = Schemas["SignificanceEnum"];
export type Reason = Schemas["DecisionReasonEnum"];
export type SkipReason = Schemas["SkipReasonEnum"];

/** `[y0, x0, y1, x1]`, 0..1 of the stored image. */
export type Box = [number, number, number, number];
/** `[start, end)` in code points, as Python counts. */
export type Span = [number, number];

export interface Page<T> {
  results: T[];
  next: string | null;
  previous: string | null;
}

export type Session = Schemas["Session"];
export type Case = Schemas["Case"];
/** The same patient's study before, with what a person wrote of it. */
export type Prior = Schemas["Prior"];
export type CaseDetail = Schemas["CaseDetail"];
export type WholeCase = Schemas["WholeCase"];
export type SettledLabel = Schemas["SettledLabel"];
export type WithdrawalReason = Schemas["WithdrawalReasonEnum"];
export type AuditRow = Schemas["AuditRow"];
export type BackendVersion = Schemas["Backend"];
export type Mention = Schemas["Mention"];
export type Queue = Schemas["Queue"];
export type QueueInput = Schemas["QueueInputRequest"];
export type QueueChange = Schemas["PatchedQueueChangeRequest"];
export type Filled = Schemas["Filled"];
export type Agreement = Schemas["Agreement"];
export type AgreementRow = Schemas["AgreementRow"];
export type Measure = Schemas["Measure"];
export type Adjudication = Schemas["Adjudication"];
export type Difference = Schemas["Difference"];
export type NamedRead = Omit<Schemas["NamedRead"], "decisions" | "missed_findings"> & {
  decisions: Decision[];
  missed_findings: MissedFinding[];
};
/** An adjudication as its holder sees it; to others the nullable parts are null. */
export type Opened = Omit<Schemas["Opened"], "reads"> & { reads: NamedRead[] | null };
/** A submitted read as adjudicators see it in a list. */
export type ReadRow = Schemas["ReadRow"];
export type Release = Schemas["Release"];
export type ModelVersion = Schemas["Model"];
export type ModelWeek = Schemas["Week"];
export type ModelAlert = Schemas["Alert"];
export type Comparison = Schemas["Comparison"];
export type WholeComparison = Schemas["WholeComparison"];
export type ComparisonInput = Schemas["ComparisonInputRequest"];
export type Promotion = Schemas["Promotion"];
export type Import = Schemas["Import"];
export type ImportRow = Schemas["ImportRow"];
export type Batch = Schemas["Batch"];
export type BatchInput = Schemas["BatchInputRequest"];
export type BatchItem = Schemas["BatchItem"];
export type FailedStep = Schemas["FailedStep"];
export type Retried = Schemas["Retried"];
export type OfferedBackend = Schemas["Offered"];
export type Source = Schemas["Source"];
export type SourceInput = Schemas["SourceInputRequest"];
export type ReleaseDiff = Schemas["ReleaseDiff"];

export type Finding = Omit<Schemas["Finding"], "box"> & { box: Box | null };
export type Flag = Omit<Schemas["Flag"], "boxes" | "spans"> & { boxes: Box[]; spans: Span[] };
export type Claim = Omit<Schemas["Claim"], "overconfident"> & { overconfident: Span[] };
export type BlindStep = Schemas["BlindStepEnum"];
type WithBoxes = Omit<Schemas["Audit"], "findings" | "flags" | "claims" | "draft" | "shown"> & {
  findings: Finding[];
  flags: Flag[];
  claims: Claim[];
};
/** A whole audit. */
export type Audit = WithBoxes & { shown: "flags"; draft: Schemas["AuditDraft"] };
/** An audit that is read blind: the image, then its draft too; nothing that a model said. */
export type BlindAudit = WithBoxes & {
  shown: Exclude<BlindStep, "flags">;
  draft: Schemas["AuditDraft"] | null;
};

/** What the event stream tells. */
export interface Progress {
  id: string;
  state: AuditState;
  step: Step | null;
  steps: Record<Step, StepState>;
  attempt: number;
}

/** What an answer says of each part of a flag; null where it says nothing. */
export type Layers = Schemas["Layers"];

type Given<T> = Omit<T, "lease_token" | "fence">;

/** What the page sends for one flag, without the lease it is sent under. */
export type DecisionInput = Required<Omit<Given<Schemas["DecisionInputRequest"]>, "layers">> & {
  box: Box | null;
  /** Only what the reader says otherwise than the verdict and its reason do. */
  layers?: Partial<Layers>;
  seen: { boxes: boolean; window_changed: boolean };
};

/** The parts of a decision that the page shows. */
export type Decision = Pick<
  Schemas["Decision"],
  "id" | "flag" | "verdict" | "reason" | "significance" | "created_at" | "retracted"
> &
  Partial<Pick<Schemas["Decision"], "comment">> & { box: Box | null; layers?: Partial<Layers> };

export type MissedFinding = Omit<Schemas["MissedFinding"], "box"> & { box: Box | null };

/** A box that a reader drew before the flags were shown. */
export interface SeenBox {
  label: Label;
  box: Box;
}
export type Commit = Omit<Schemas["Commit"], "boxes"> & { boxes: SeenBox[] };
export type Committed = Commit & { next: BlindStep };

/** A slot under a live lease, as a claim gives it. */
export type Slot = Omit<Schemas["Slot"], "read" | "lease_token" | "expires_at" | "commits"> & {
  commits: Commit[];
  lease_token: string;
  expires_at: string;
  read: Omit<Schemas["Read"], "decisions" | "missed_findings"> & {
    decisions: Decision[];
    missed_findings: MissedFinding[];
  };
};

export type Claimed = Omit<Schemas["ClaimAnswer"], "slot"> & { slot: Slot | null };
/** What a claim will likely give next. */
export type NextItem = Schemas["Next"];
export type Submitted = Omit<Schemas["Submitted"], "next"> & { next: Claimed | null };
export type Created = Schemas["CaseCreated"];

export type TokenScope = Schemas["TokenScopeEnum"];
export type ApiToken = Schemas["APIToken"];
export type NewToken = Schemas["NewToken"];
export type TokenInput = Omit<Schemas["TokenInputRequest"], "days">;
export type SecondFactor = Schemas["SecondFactor"];
export type Experience = Schemas["Experience"]["experience"];
export type Person = Schemas["Person"];
export type PersonChange = Schemas["PatchedPersonChangeRequest"];
export type SignInLock = Schemas["SignInLock"];
export type Assignment = Schemas["Assignment"];
export type Member = Schemas["Member"];
export type MemberRole = Schemas["MemberRoleEnum"];
export type LogEntry = Schemas["LogEntry"];
export type ChainState = Schemas["ChainState"];
