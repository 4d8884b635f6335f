"""Counts over everything a person may see, and over model versions."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, QuerySet

from audits.models import Audit, AuditState, Flag, ModelVersion, User
from audits.selectors.audits import visible_audits
from audits.selectors.cases import visible_cases
from audits.selectors.generations import model_stats
from audits.selectors.kept import count_and_keep, counted
from inference.vocabulary import LABELS, FlagKind


def platform_counts(user: User) -> dict[str, Any]:
    """Cases, audits by state, flags by kind and label, and when they were counted."""
    # By role too: who is no curator any more is not shown what they saw as one.
    found = counted("platform", [str(user.pk), user.role], lambda: _platform_counts(user))
    return {**found.value, "counted_at": found.at}


def _platform_counts(user: User) -> dict[str, Any]:
    """Three queries, whatever their number."""
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
    return ModelVersion.objects.all() if user.is_active else ModelVersion.objects.none()


def model_figures(versions: Sequence[ModelVersion]) -> dict[UUID, dict[str, Any]]:
    """Of each version ``counts``, its audits that are done and that failed, and ``stats``, its
    rates (`model_stats`), with the time they were counted at."""
    keys = sorted(str(version.pk) for version in versions)
    found = counted("models", keys, lambda: _figures(versions))
    return {
        key: {**figures, "stats": {**figures["stats"], "counted_at": found.at}}
        for key, figures in found.value.items()
    }


def count_again(what: str, arguments: list[str]) -> None:
    """Renew what a large site keeps, behind the back of who asks; nothing if its person is gone, or
    has another role now."""
    if what == "models":
        versions = list(ModelVersion.objects.filter(pk__in=arguments))
        count_and_keep(what, arguments, lambda: _figures(versions))
    if what == "platform":
        key, role = arguments
        user = User.objects.filter(pk=key).first()
        if user is not None and user.role == role:
            count_and_keep(what, arguments, lambda: _platform_counts(user))


def _figures(versions: Sequence[ModelVersion]) -> dict[UUID, dict[str, Any]]:
    stats, counts = model_stats(versions), _ended(versions)
    return {key: {"stats": stats[key], "counts": counts[key]} for key in stats}


def _ended(versions: Sequence[ModelVersion]) -> dict[UUID, dict[str, int]]:
    """Each audit counts for its grounder and for its parser."""
    counts = {version.pk: {"done": 0, "failed": 0} for version in versions}
    ended = Audit.objects.filter(state__in=[AuditState.DONE, AuditState.FAILED]).order_by()
    rows = ended.values_list("grounder", "parser", "state").annotate(Count("id"))
    for grounder, parser, state, n in rows:
        for key in (grounder, parser):
            if key in counts:
                counts[key][state] += n
    return counts
