"""Builds the answers that `audit_shapes` describes, from prefetched rows."""

from typing import Any

from django.conf import settings

from audits.api.case_shapes import case_body
from audits.models import (
    Audit,
    AuditState,
    BlindStep,
    Claim,
    Flag,
    LedgerRow,
    Mention,
    ModelVersion,
    StepName,
)
from audits.selectors.blind import Held
from audits.selectors.progress import STEP_ORDER, current_step
from audits.selectors.queues import ReadCounts
from inference.regions import place_of
from inference.vocabulary import LABELS, FlagKind

_KINDS_BY_WEIGHT = (FlagKind.URGENT, FlagKind.MISSING, FlagKind.UNSUPPORTED)
_MENTION_FIELDS = (
    "id",
    "label",
    "state",
    "start",
    "end",
    "text",
    "cue",
    "rule",
    "section",
    "overruled",
    "side",
    "location",
    "severity",
    "change",
    "size_mm",
)
_CLAIM_FIELDS = (
    "start",
    "end",
    "text",
    "type",
    "labels",
    "alignment",
    "penalty",
    "cause",
    "overconfident",
    "suggestion",
)
_BACKEND_FIELDS = ("name", "version", "hash", "licence", "may_release_output")


def _taken(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}


def row_body(audit: Any, reads: ReadCounts) -> dict[str, Any]:
    """``audit`` comes from `selectors.audits.with_row`."""
    flags = sorted(audit.row_flags, key=_weight)
    return {
        "id": audit.id,
        "state": audit.state,
        "created_at": audit.created_at,
        "finished_at": audit.finished_at,
        "case": case_body(audit.case),
        "draft_excerpt": audit.draft_excerpt,
        "draft_state": audit.draft_state,
        "image_state": audit.image_state,
        "flag_counts": {
            kind.value: sum(flag.kind == kind for flag in flags) for kind in _KINDS_BY_WEIGHT
        },
        "top_flag": _taken(flags[0], ("kind", "label", "reason", "reported")) if flags else None,
        "reads": reads,
        "failure": failure_body(audit),
        "attempt": audit.attempt,
        "step": current_step(audit, audit.row_steps),
    }


def _weight(flag: Flag) -> tuple[bool, int, int]:
    """Unreported urgency first, then the kinds by weight, then the core's order."""
    unreported = flag.kind == FlagKind.URGENT and flag.reported is False
    return (not unreported, _KINDS_BY_WEIGHT.index(FlagKind(flag.kind)), flag.position)


def failure_body(audit: Audit) -> dict[str, Any] | None:
    if audit.state != AuditState.FAILED:
        return None
    return {
        "code": audit.failure_code,
        "message": audit.failure_message,
        "step": audit.failure_step,
    }


def audit_body(audit: Audit, *, with_below: bool) -> dict[str, Any]:
    """``audit`` comes from `selectors.audits.whole_audit`.

    A failed audit shows no findings, flags or claims, whatever its steps left behind: it must
    not look like a normal one. Its mentions are shown.
    """
    failed = audit.state == AuditState.FAILED
    return {
        **_head(audit),
        "findings": [] if failed else _findings(audit, with_below),
        "image_labels": None if failed else _in_order(audit.image_labels),
        "scores": {} if failed else _known_in_order(audit.scores),
        "draft_labels": _in_order(audit.draft_labels),
        "mentions": [_mention(mention) for mention in audit.mentions.all()],
        "flags": [flag_body(flag) for flag in audit.flags.all()],
        "claims": [_claim(claim) for claim in audit.claims.all()],
        "score": audit.score,
        "penalties": [claim.penalty for claim in audit.claims.all() if claim.alignment is not None],
        "notes": audit.notes,
        "ledger": [_ledger(row) for row in audit.ledger.all()],
        "measurements": {} if failed else audit.measurements,
        "votes": [] if failed else _votes(audit),
        **_provenance(audit),
    }


def blind_body(held: Held) -> dict[str, Any]:
    """What the reader's step shows, in the shape of an audit: the image alone, or the draft too.

    Whatever a model or the parser said is left out, and so is when and how fast it said it.
    """
    audit = held.audit
    draft = None
    if held.step == BlindStep.DRAFT:
        draft = {"id": audit.draft_id, "text": audit.draft.text, "origin": audit.draft.origin}
    lists = (
        *("findings", "mentions", "flags", "claims"),
        *("penalties", "notes", "ledger", "votes"),
    )
    unsaid = ("step", "image_state", "draft_state", "image_labels", "draft_labels", "score")
    return {
        "id": audit.id,
        "state": audit.state,
        "shown": held.step.value,
        "case": case_body(audit.case),
        "draft": draft,
        **dict.fromkeys(unsaid),
        **{name: [] for name in lists},
        "scores": {},
        "measurements": {},
        "grounder": backend_body(audit.grounder),
        "parser": backend_body(audit.parser),
        "policy": audit.policy,
        "failure": None,
        "attempt": audit.attempt,
        "priority": audit.priority,
        "created_at": audit.created_at,
        "finished_at": None,
        "ms": {name.value: None for name in STEP_ORDER},
        "notice": settings.NOTICE,
    }


def _head(audit: Audit) -> dict[str, Any]:
    draft = audit.draft
    return {
        "id": audit.id,
        "state": audit.state,
        "shown": BlindStep.FLAGS.value,
        "step": current_step(audit, audit.steps.all()),
        "image_state": audit.image_state,
        "draft_state": audit.draft_state,
        "case": case_body(audit.case),
        "draft": {"id": draft.id, "text": draft.text, "origin": draft.origin},
    }


def _provenance(audit: Audit) -> dict[str, Any]:
    times = {step.name: step.ms for step in audit.steps.all()}
    return {
        "grounder": backend_body(audit.grounder),
        "parser": backend_body(audit.parser),
        "policy": audit.policy,
        "failure": failure_body(audit),
        "attempt": audit.attempt,
        "priority": audit.priority,
        "created_at": audit.created_at,
        "finished_at": audit.finished_at,
        "ms": {name.value: times.get(name.value) for name in STEP_ORDER},
        "notice": settings.NOTICE,
    }


def _in_order(labels: dict[str, str | None] | None) -> dict[str, str | None] | None:
    """JSON in the database forgets the order of its keys; labels have one everywhere."""
    return None if labels is None else {label.value: labels.get(label) for label in LABELS}


def _known_in_order(scores: dict[str, float]) -> dict[str, float]:
    return {label: scores[label] for label in LABELS if label in scores}


def _findings(audit: Audit, with_below: bool) -> list[dict[str, Any]]:
    return [
        {
            **_taken(finding, ("id", "label", "box", "score", "below")),
            "region": place_of(finding.box, audit.measurements),
        }
        for finding in audit.findings.all()
        if with_below or not finding.below
    ]


def _votes(audit: Audit) -> list[dict[str, Any]]:
    """What each member of an ensemble said of each label; nothing of any other grounder."""
    of = {step.name: step.votes for step in audit.steps.all()}  # type: ignore[attr-defined]
    return of.get(StepName.GROUNDING.value) or []


def _mention(mention: Mention) -> dict[str, Any]:
    return _taken(mention, _MENTION_FIELDS)


def _claim(claim: Claim) -> dict[str, Any]:
    return _taken(claim, _CLAIM_FIELDS)


def _ledger(row: LedgerRow) -> dict[str, Any]:
    return _taken(row, ("reason", "raw", "detail", "step", "attempt"))


def flag_body(flag: Flag) -> dict[str, Any]:
    urgency = None
    if flag.urgency_tier is not None:
        urgency = {"tier": flag.urgency_tier, "wording": flag.urgency_wording}
    fields = ("id", "kind", "label", "reason", "reported", "side", "side_agrees")
    return {**_taken(flag, (*fields, "boxes", "spans", "rule")), "urgency": urgency}


def backend_body(version: ModelVersion) -> dict[str, Any]:
    return _taken(version, _BACKEND_FIELDS)
