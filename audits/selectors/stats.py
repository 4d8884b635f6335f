"""Counts over everything a person may see, and over model versions."""

from collections import Counter
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from audits.models import Audit, AuditState, Flag, ModelVersion, User
from audits.selectors.audits import visible_audits
from audits.selectors.cases import visible_cases
from inference.vocabulary import LABELS, FlagKind


def platform_counts(user: User) -> dict[str, Any]:
    """Cases, audits by state, flags by kind and label: three queries, whatever their number."""
    audits = visible_audits(user, Exists)
    states = dict(audits.values_list("state").annotate(Count("id")).order_by())
    flags = Flag.objects.filter(audit__in=audits)
    kinds: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    for kind, label, n in flags.values_list("kind", "label").annotate(Count("id")).order_by():
        kinds[kind] += n
        labels[label] += n
    return {
        "cases": visible_cases(user, Exists).count(),
        "audits": {state.value: states.get(state.value, 0) for state in AuditState},
        "flags": {kind.value: kinds[kind.value] for kind in FlagKind},
        "labels": {label.value: labels[label.value] for label in LABELS},
    }


def model_versions(user: User) -> QuerySet[ModelVersion]:
    """Versions with the number of their audits that are done and that failed."""
    if not user.is_active:
        return ModelVersion.objects.none()
    return ModelVersion.objects.annotate(
        done=_audits_in(AuditState.DONE), failed=_audits_in(AuditState.FAILED)
    )


def _audits_in(state: AuditState) -> Any:
    counted = (
        Audit.objects.filter(
            Q(grounder=OuterRef("pk")) | Q(parser=OuterRef("pk")), state=state.value
        )
        .order_by()
        .values("state")
        .annotate(n=Count("id"))
        .values("n")
    )
    return Coalesce(Subquery(counted), 0)
