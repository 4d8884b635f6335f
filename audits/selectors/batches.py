"""Reading batches: how far each is, in a constant number of queries."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from audits.models import ENDED_STATES, AuditState, Batch, BatchItem, User

UNSTARTED, REFUSED = "unstarted", "refused"
COUNTED = (UNSTARTED, *(state.value for state in AuditState), REFUSED)
LEFT = (UNSTARTED, AuditState.QUEUED.value, AuditState.RUNNING.value)
RATE_OVER = timedelta(minutes=2)

STATES = ("starting", "running", "done", "cancelled")


def visible_batches(user: User) -> QuerySet[Batch]:
    """One's own batches; a curator sees all."""
    if not user.is_active:
        return Batch.objects.none()
    return Batch.objects.all() if user.curates else Batch.objects.filter(requested_by=user)


def with_auditors(batches: QuerySet[Batch]) -> QuerySet[Batch]:
    return batches.select_related("grounder", "parser", "requested_by")


def with_states(items: QuerySet[BatchItem]) -> QuerySet[Any]:
    """Each item's ``state``: that of its audit, or why it has none."""
    return items.annotate(
        state=Case(
            When(audit__isnull=False, then=F("audit__state")),
            When(~Q(refusal_code=""), then=Value(REFUSED)),
            When(batch__cancelled_at__isnull=False, then=Value(AuditState.CANCELLED.value)),
            default=Value(UNSTARTED),
        )
    )


def batch_progress(batches: Iterable[Batch]) -> dict[UUID, dict[str, Any]]:
    """The progress of each: counts by state that add up to ``total``, and when it may be done."""
    known = list(batches)
    counts: dict[UUID, dict[str, int]] = {batch.pk: dict.fromkeys(COUNTED, 0) for batch in known}
    items = with_states(BatchItem.objects.filter(batch__in=known)).order_by()
    for pk, state, n in items.values_list("batch_id", "state").annotate(Count("id")):
        counts[pk][state] = n
    ended = _ended_lately(known)
    return {batch.pk: _progress(batch, counts[batch.pk], ended[batch.pk]) for batch in known}


def _ended_lately(batches: list[Batch]) -> dict[UUID, int]:
    """How many audits of each ended within `RATE_OVER`, and since it was made."""
    lately = Q(
        audit__state__in=ENDED_STATES,
        audit__finished_at__gte=timezone.now() - RATE_OVER,
        audit__finished_at__gt=F("batch__created_at"),
    )
    rows = BatchItem.objects.filter(batch__in=batches).order_by().values_list("batch_id")
    found = dict(rows.annotate(n=Count("id", filter=lately)))
    return {batch.pk: found.get(batch.pk, 0) for batch in batches}


def _progress(batch: Batch, counts: dict[str, int], ended: int) -> dict[str, Any]:
    left = sum(counts[state] for state in LEFT)
    seconds = _seconds_of_rate(batch.created_at)
    return {
        "total": sum(counts.values()),
        **counts,
        "left": left,
        "rate_per_minute": round(ended * 60 / seconds, 1) if left and ended else None,
        "eta_seconds": round(left * seconds / ended) if left and ended else None,
    }


def _seconds_of_rate(created_at: datetime) -> float:
    return max(min(timezone.now() - created_at, RATE_OVER).total_seconds(), 0.001)


def batch_state(batch: Batch, progress: dict[str, Any]) -> str:
    """One of `STATES`, as its items say."""
    if batch.cancelled_at is not None:
        return "cancelled"
    if progress[UNSTARTED]:
        return "starting"
    return "running" if progress["left"] else "done"
