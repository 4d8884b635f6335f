"""All models. Each module is one part of the path: source, case, audit, evidence, review, log."""

from audits.models.audits import (
    ENDED_STATES,
    LIVE_STATES,
    Audit,
    AuditState,
    AuditStep,
    BackendKind,
    ModelVersion,
    StepName,
    StepState,
)
from audits.models.cases import Case, Draft
from audits.models.evidence import Claim, Finding, Flag, LedgerRow, Mention
from audits.models.log import AuditLogActor, AuditLogEntry
from audits.models.people import ApiToken, User
from audits.models.reads import Decision, MissedFinding, Read, Retraction
from audits.models.releases import (
    Release,
    ReleaseAudit,
    ReleaseCase,
    ReleaseRead,
    ReleaseShard,
)
from audits.models.review import Queue, ReviewItem, ReviewSlot, Skip, SkipReason
from audits.models.sources import Source

__all__ = [
    "ENDED_STATES",
    "LIVE_STATES",
    "ApiToken",
    "Audit",
    "AuditLogActor",
    "AuditLogEntry",
    "AuditState",
    "AuditStep",
    "BackendKind",
    "Case",
    "Claim",
    "Decision",
    "Draft",
    "Finding",
    "Flag",
    "LedgerRow",
    "Mention",
    "MissedFinding",
    "ModelVersion",
    "Queue",
    "Read",
    "Release",
    "ReleaseAudit",
    "ReleaseCase",
    "ReleaseRead",
    "ReleaseShard",
    "Retraction",
    "ReviewItem",
    "ReviewSlot",
    "Skip",
    "SkipReason",
    "Source",
    "StepName",
    "StepState",
    "User",
]
