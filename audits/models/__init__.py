"""All models. Each module is one part of the path: source, case, audit, evidence, review, log."""

from audits.models.adjudication import Adjudication, Ruling, Settlement, SettlingRule
from audits.models.audits import (
    ENDED_STATES,
    LIVE_STATES,
    Audit,
    AuditState,
    AuditStep,
    Priority,
    StepName,
    StepState,
)
from audits.models.backends import BackendKind, ModelVersion, WorkerBackend
from audits.models.batches import Batch, BatchItem
from audits.models.blind import BlindCommit, BlindStep, Exposure
from audits.models.cases import Case, Draft, Sending, WithdrawalReason
from audits.models.evidence import Claim, Finding, Flag, LedgerRow, Mention
from audits.models.files import FileToDelete
from audits.models.generations import FailedStep, Generation, GenerationOutcome
from audits.models.imports import (
    IMPORT_ENDED,
    IMPORT_RUNNING,
    Import,
    ImportChunk,
    ImportRow,
    ImportState,
    RowOutcome,
)
from audits.models.log import AuditLogActor, AuditLogEntry, AuditLogSeal, AuditLogTail
from audits.models.people import ApiToken, Experience, QueueMembership, Role, TokenScope, User
from audits.models.reads import Decision, MissedFinding, Read, Reopening, Retraction
from audits.models.recorded import ReadingKind, RecordedReading
from audits.models.releases import (
    Release,
    ReleaseAdjudication,
    ReleaseAudit,
    ReleaseCase,
    ReleaseRead,
    ReleaseSettlement,
    ReleaseShard,
)
from audits.models.review import Guideline, Queue, ReviewItem, ReviewSlot, Skip, SkipReason
from audits.models.signin import SecondFactor, SignInGuesses
from audits.models.sources import Source
from audits.models.synthesis import SyntheticDraft
from audits.models.versions import Comparison, ModelAlert, Promotion
from audits.models.webhooks import (
    DeliveryState,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
)

__all__ = [
    "ENDED_STATES",
    "IMPORT_ENDED",
    "IMPORT_RUNNING",
    "LIVE_STATES",
    "Adjudication",
    "ApiToken",
    "Audit",
    "AuditLogActor",
    "AuditLogEntry",
    "AuditLogSeal",
    "AuditLogTail",
    "AuditState",
    "AuditStep",
    "BackendKind",
    "Batch",
    "BatchItem",
    "BlindCommit",
    "BlindStep",
    "Case",
    "Claim",
    "Comparison",
    "Decision",
    "DeliveryState",
    "Draft",
    "Experience",
    "Exposure",
    "FailedStep",
    "FileToDelete",
    "Finding",
    "Flag",
    "Generation",
    "GenerationOutcome",
    "Guideline",
    "Import",
    "ImportChunk",
    "ImportRow",
    "ImportState",
    "LedgerRow",
    "Mention",
    "MissedFinding",
    "ModelAlert",
    "ModelVersion",
    "Priority",
    "Promotion",
    "Queue",
    "QueueMembership",
    "Read",
    "ReadingKind",
    "RecordedReading",
    "Release",
    "ReleaseAdjudication",
    "ReleaseAudit",
    "ReleaseCase",
    "ReleaseRead",
    "ReleaseSettlement",
    "ReleaseShard",
    "Reopening",
    "Retraction",
    "ReviewItem",
    "ReviewSlot",
    "Role",
    "RowOutcome",
    "Ruling",
    "SecondFactor",
    "Sending",
    "Settlement",
    "SettlingRule",
    "SignInGuesses",
    "Skip",
    "SkipReason",
    "Source",
    "StepName",
    "StepState",
    "SyntheticDraft",
    "TokenScope",
    "User",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WithdrawalReason",
    "WorkerBackend",
]
