"""Reading queues."""

import uuid
from collections.abc import Sequence
from typing import Any, TypedDict

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from audits.models import Queue, QueueMembership, ReviewItem, ReviewSlot, User


class ReadCounts(TypedDict):
    needed: int
    submitted: int
    reading: int


def visible_queues(user: User) -> QuerySet[Queue]:
    """Queues this person may see, with all that lies in them: open ones and their own."""
    if not user.is_active:
        return Queue.objects.none()
    if user.curates:
        return Queue.objects.all()
    return Queue.objects.filter(Q(open_to_all=True) | Exists(_memberships(user)))


def claimable_queues(user: User) -> QuerySet[Queue]:
    """Queues this person may read in. Seeing every queue, as curators do, is not enough."""
    if not user.is_active:
        return Queue.objects.none()
    return Queue.objects.filter(may_claim(user))


def may_claim(user: User) -> Q:
    """Whether an active person may read in a queue."""
    as_reviewer = _memberships(user).filter(role=QueueMembership.Role.REVIEWER)
    return Q(open_to_all=True) | Q(Exists(as_reviewer))


def adjudicable_queues(user: User) -> QuerySet[Queue]:
    """Queues whose differences this person settles: those that name them, for anybody."""
    if not user.is_active:
        return Queue.objects.none()
    as_adjudicator = _memberships(user).filter(role=QueueMembership.Role.ADJUDICATOR)
    return Queue.objects.filter(Exists(as_adjudicator))


def _memberships(user: User) -> QuerySet[QueueMembership]:
    return QueueMembership.objects.filter(queue=OuterRef("pk"), user=user)


def with_counts(queues: QuerySet[Queue]) -> QuerySet[Queue]:
    """Each queue with its items and slots counted by state, in one query.

    A lease that ran out counts as free. Each count reads its own stretch of one index.
    """
    slots = ReviewSlot.objects.filter(queue=OuterRef("pk")).order_by()
    items = ReviewItem.objects.filter(queue=OuterRef("pk")).order_by()
    standing = ReviewSlot.objects.filter(item=OuterRef("item")).exclude(state="closed")
    withdrawn = slots.filter(~Exists(standing), state="closed")
    return queues.annotate(
        submitted_count=_number(slots.filter(state="submitted")),
        leased_count=_number(slots.filter(state="leased", leased_until__gt=Now())),
        free_count=_number(slots.filter(state="free"))
        + _number(slots.filter(state="leased", leased_until__lte=Now())),
        item_count=_number(items) - _number(withdrawn, of="item"),
    ).annotate(slot_count=F("submitted_count") + F("leased_count") + F("free_count"))


def _number(rows: QuerySet[Any], of: str = "") -> Coalesce:
    """How many of the outer queue's rows, or how many different ones of what they are ``of``."""
    number = Count(of, distinct=True) if of else Count("*")
    counted = rows.values("queue").annotate(n=number).values("n")
    return Coalesce(Subquery(counted), 0)


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


def assigned_people(queue: Queue) -> QuerySet[User]:
    """Whoever slots of the queue are assigned to, with how many wait for them (``waiting``) and how
    many they read (``submitted``), in one query."""
    mine = Q(assigned_slots__queue=queue)
    people = User.objects.filter(mine).annotate(
        waiting=Count("assigned_slots", filter=Q(assigned_slots__state__in=["free", "leased"])),
        submitted=Count("assigned_slots", filter=Q(assigned_slots__state="submitted")),
    )
    return people.order_by("username")
