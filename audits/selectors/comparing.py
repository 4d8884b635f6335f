"""What two versions said of the same settled cases, each case on both sides, answered or not."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from audits.models import (
    Audit,
    AuditState,
    Comparison,
    Generation,
    ModelVersion,
    Queue,
    Source,
    StepName,
    User,
)
from audits.selectors.cases import visible_cases
from audits.selectors.settled import standing_settlements
from audits.selectors.truth import SettledCase, settled_cases
from inference.metrics.flags import FlagKey
from inference.metrics.records import Candidate, Prediction
from inference.vocabulary import LABELS, FlagKind, ImageState, Label

MOST_CASES = 2000
"""A comparison takes the first so many cases by id and says how many it left out."""


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases settled in this queue and of this source; None means any."""

    queue: Queue | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One version's audits of the cases' drafts, by case id; a case without one is missing."""

    predictions: dict[str, Prediction]
    flags: dict[str, set[FlagKey]]
    audits: dict[str, uuid.UUID]
    generations: dict[str, int]


def visible_comparisons(user: User) -> QuerySet[Comparison]:
    """All of them for curators, none for others: a report tells what was settled of cases."""
    if not user.curates:
        return Comparison.objects.none()
    return Comparison.objects.select_related("a", "b", "source", "created_by")


def settled_set(wanted: CaseSet, actor: User | None) -> tuple[list[SettledCase], int]:
    """The cases of the set with a settled label, and how many more there are than fit."""
    settled = standing_settlements().filter(finding_true__isnull=False, case__withdrawn_at=None)
    if actor is not None:
        settled = settled.filter(case__in=visible_cases(actor).order_by().values("pk"))
    if wanted.queue is not None:
        settled = settled.filter(item__queue=wanted.queue)
    if wanted.source is not None:
        settled = settled.filter(case__source=wanted.source)
    keys = list(settled.order_by("case").values_list("case", flat=True).distinct())
    rows = settled.filter(case__in=keys[:MOST_CASES])
    rows = rows.select_related("case", "flag", "item__audit__draft")
    return settled_cases(rows), max(0, len(keys) - MOST_CASES)


def side_of(version: ModelVersion, cases: Sequence[SettledCase]) -> Side:
    """The newest audit of each case's draft by this version. A constant number of queries."""
    audits = list(
        Audit.objects.filter(grounder=version, draft__in=[case.draft_id for case in cases])
        .order_by("draft", "-created_at", "-pk")
        .distinct("draft")
        .prefetch_related("findings", "flags")
    )
    ended = [each for each in audits if each.state in _ANSWERS]
    return Side(
        predictions={str(each.case_id): _prediction(each) for each in ended},
        flags={str(each.case_id): _flags(each) for each in ended},
        audits={str(each.case_id): each.pk for each in audits},
        generations=_generations(audits),
    )


_ANSWERS = (AuditState.DONE, AuditState.FAILED, AuditState.CANCELLED)


def _prediction(audit: Audit) -> Prediction:
    failed = audit.state != AuditState.DONE or audit.image_state == ImageState.FAILED
    found: dict[Label, list[Candidate]] = {label: [] for label in LABELS}
    for finding in [] if failed else audit.findings.all():
        found[Label(finding.label)].append(Candidate(finding.box, finding.score, finding.below))
    scores = {} if failed else (audit.scores or {})
    return Prediction(
        str(audit.case_id),
        failed,
        {label: tuple(each) for label, each in found.items()},
        {Label(name): score for name, score in scores.items() if score is not None},
        partial=audit.image_state == ImageState.PARTIAL,
    )


def _flags(audit: Audit) -> set[FlagKey]:
    if audit.state != AuditState.DONE:
        return set()
    return {FlagKey(FlagKind(flag.kind), Label(flag.label)) for flag in audit.flags.all()}


def _generations(audits: Sequence[Audit]) -> dict[str, int]:
    """Every answer of the grounder in these audits: generations = used + recovered + failed."""
    rows = Generation.objects.filter(audit__in=audits, step=StepName.GROUNDING)
    outcomes = ("used", "recovered", "failed")
    counted: dict[str, Any] = rows.aggregate(
        generations=Count("id"),
        **{outcome: Count("id", filter=Q(outcome=outcome)) for outcome in outcomes},
    )
    return dict(Counter(counted))
