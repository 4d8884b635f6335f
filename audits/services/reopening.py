"""Reopening: an adjudicator takes a submitted read out of the count, so that it is read again.

What was submitted stays as it was, with who reopened it, when and why. What rested on it holds no
more: the item's settlements, and an adjudication that nobody has ruled on yet. The slot goes back
to the person who read it, and to nobody else until it is unassigned.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audits.errors import Conflict, InvalidInput, NotFound
from audits.models import Adjudication, Queue, Read, Reopening, ReviewItem, ReviewSlot, User
from audits.selectors.queues import claimable_queues
from audits.selectors.reads import visible_reads
from audits.selectors.settled import standing_settlements
from audits.services.leases import hold_open, lock_item, lock_slot, serialise_claims_of, slot_free
from audits.services.log import record


@transaction.atomic
def reopen_read(
    *, read_id: uuid.UUID, adjudicator: User, reopening_id: uuid.UUID, reason: str
) -> Reopening:
    """Reopen a submitted read. The same id again returns what it made.

    Locks as a claim and an adjudication do: the reader's claims, queue, item, adjudication, slot,
    read.

    :raises Conflict: ``already_reopened``; ``already_settled`` where an adjudicator ruled on the
        item, whose word stands; ``closed``, in a queue that nobody reads in any more.
    """
    seen = (
        visible_reads(adjudicator)
        .select_related("slot__queue", "reviewer")
        .filter(pk=read_id)
        .first()
    )
    if seen is None:
        raise NotFound("read")
    serialise_claims_of(seen.reviewer, seen.slot.queue)
    hold_open(seen.slot.queue)
    item = lock_item(seen.slot_id)
    adjudications = list(item.adjudications.select_for_update())
    slot = lock_slot(seen.slot_id)
    read = Read.objects.select_for_update().get(pk=read_id)
    known = Reopening.objects.filter(pk=reopening_id).first()
    if known is not None:
        return _same(known, read, adjudicator)
    _require_reopenable(read, slot, adjudications)
    now = timezone.now()
    read.reopened_at = now
    read.save(update_fields=["reopened_at"])
    made = Reopening.objects.create(
        id=reopening_id, read=read, adjudicator=adjudicator, reason=reason
    )
    _take_back(item, adjudications, now)
    slot.assigned_to = _reader_again(read, item, slot)
    slot_free(slot)
    data = {"reopening": str(made.pk), "item": str(item.pk), "fence": read.fence}
    record(actor=adjudicator, action="read.reopened", target=read, data=data)
    return made


def _same(known: Reopening, read: Read, adjudicator: User) -> Reopening:
    if (known.read_id, known.adjudicator_id) != (read.pk, adjudicator.pk):
        raise InvalidInput("id", "This id is taken. Make a new random UUID for each reopening.")
    return known


def _require_reopenable(read: Read, slot: ReviewSlot, adjudications: list[Adjudication]) -> None:
    if read.reopened_at is not None:
        raise Conflict("already_reopened", "This read was reopened before. Its reason is kept.")
    if any(each.state == Adjudication.State.SETTLED for each in adjudications):
        raise Conflict("already_settled", "An adjudicator ruled on this item, and that stands.")
    if slot.queue.state == Queue.State.CLOSED:
        raise Conflict("closed", "This queue is closed: nobody could read the item again.")


def _take_back(item: ReviewItem, adjudications: list[Adjudication], now: datetime) -> None:
    standing_settlements().filter(item=item).update(reopened_at=now)
    for opened in adjudications:
        if opened.state == Adjudication.State.OPEN:
            opened.state = Adjudication.State.REOPENED
            opened.lease_token = opened.leased_until = None
            opened.save()


def _reader_again(read: Read, item: ReviewItem, slot: ReviewSlot) -> User | None:
    """Who read it; nobody where they may not claim here any more, or have another slot of it."""
    others = item.slots.exclude(pk=slot.pk)
    if others.filter(assigned_to=read.reviewer_id).exists():
        return None
    may = claimable_queues(read.reviewer).filter(pk=slot.queue_id).exists()
    return read.reviewer if may else None
