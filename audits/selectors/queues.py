"""Reading queues."""

import uuid
from collections.abc import Sequence
from typing import TypedDict

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now

from audits.models import Queue, ReviewSlot, User


class ReadCounts(TypedDict):
    needed: int
    submitted: int
    reading: int


def visible_queues(user: User) -> QuerySet[Queue]:
    """Queues this person may read in: all of them for now, none for nobody."""
    return Queue.objects.all() if user.is_active else Queue.objects.none()


def with_counts(queues: QuerySet[Queue]) -> QuerySet[Queue]:
    """Each queue with its items and slots counted by state, in one query."""
    live = Q(slots__state="leased", slots__leased_until__gt=Now())
    return queues.annotate(
        slot_count=Count("slots"),
        item_count=Count("slots__item", distinct=True),
        submitted_count=Count("slots", filter=Q(slots__state="submitted")),
        leased_count=Count("slots", filter=live),
    ).annotate(free_count=F("slot_count") - F("submitted_count") - F("leased_count"))


def read_counts(audit_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, ReadCounts]:
    """Reads needed, submitted and going on for each audit, over all queues, in one query."""
    live = Q(state="leased", leased_until__gt=Now())
    rows = (
        ReviewSlot.objects.filter(item__audit_id__in=audit_ids)
        .values("item__audit_id")
        .annotate(
            needed=Count("id"),
            submitted=Count("id", filter=Q(state="submitted")),
            reading=Count("id", filter=live),
        )
    )
    counts = {audit_id: ReadCounts(needed=0, submitted=0, reading=0) for audit_id in audit_ids}
    for row in rows:
        counts[row["item__audit_id"]] = ReadCounts(
            needed=row["needed"], submitted=row["submitted"], reading=row["reading"]
        )
    return counts
