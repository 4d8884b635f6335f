"""Assigning slots to a person before anybody claims them, and taking that back.

A claim gives assigned slots to their person first and to nobody else (`audits.services.leases`).
Assigning and claiming exclude each other by the slot's row lock, and by the lock that a person's
claims in a queue take: nobody is assigned one slot of an item while they claim another.
"""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from audits.errors import Conflict, InvalidInput
from audits.models import Queue, ReviewItem, ReviewSlot, User
from audits.selectors.queues import claimable_queues
from audits.services.leases import hold_open, serialise_claims_of, takeable_slots
from audits.services.log import record


def readers_named(*, queue: Queue, usernames: Sequence[str], field: str) -> list[User]:
    """The people of these names, in this order; each may read in the queue.

    :raises InvalidInput: ``field``, naming who may not.
    """
    people = {user.username: user for user in User.objects.filter(username__in=usernames)}
    found: list[User] = []
    for name in dict.fromkeys(usernames):
        person = people.get(name)
        if person is None or not claimable_queues(person).filter(pk=queue.pk).exists():
            raise InvalidInput(field, f"{name} may not read in this queue. Add them to it first.")
        found.append(person)
    return found


@transaction.atomic
def assign_slots(*, queue: Queue, reader: User, audits: Sequence[uuid.UUID], actor: User) -> int:
    """Keep one free slot of each of these audits for the reader; how many were not theirs before.

    All or none. A slot whose lease ran out is taken from who let it run out.

    :raises InvalidInput: ``audits``, naming those of which no slot is free for this reader: not in
        the queue, skipped by them, under a lease, assigned, or of a case they may not read here.
    :raises Conflict: ``closed``.
    """
    _hold_for(reader, queue)
    slots = ReviewSlot.objects.filter(queue=queue, item__audit__in=audits)
    theirs = slots.filter(Q(assigned_to=reader) | Q(reviewer=reader))
    known = set(theirs.values_list("item__audit", flat=True))
    wanted = [audit for audit in dict.fromkeys(audits) if audit not in known]
    assigned = _assign(queue, reader, wanted)
    missing = [str(audit) for audit in wanted if audit not in assigned]
    if missing:
        raise InvalidInput("audits", f"No slot is free for them of: {', '.join(missing)}.")
    return _recorded(queue, reader, actor, len(assigned))


@transaction.atomic
def assign_next(*, queue: Queue, reader: User, number: int, actor: User) -> int:
    """Keep the next so many items of the queue's order for the reader, a free slot of each, or as
    many as there are; how many.

    :raises Conflict: ``closed``.
    """
    _hold_for(reader, queue)
    kept = ReviewSlot.objects.filter(item=OuterRef("item"), assigned_to=reader)
    free = takeable_slots(queue, reader, timezone.now()).filter(~Exists(kept), assigned_to=None)
    # Of an item any of its slots will do.
    most = number * queue.reads_per_item
    audits = list(dict.fromkeys(free.values_list("item__audit", flat=True)[:most]))[:number]
    return _recorded(queue, reader, actor, len(_assign(queue, reader, audits)))


def _hold_for(reader: User, queue: Queue) -> None:
    """None of the reader's claims runs beside what follows, and the queue is not closed."""
    serialise_claims_of(reader, queue)
    hold_open(queue)
    if Queue.objects.get(pk=queue.pk).state == Queue.State.CLOSED:
        raise Conflict("closed", "This queue is closed: nobody reads in it any more.")


def _recorded(queue: Queue, reader: User, actor: User, assigned: int) -> int:
    if assigned:
        data = {"reader": str(reader.pk), "slots": assigned}
        record(actor=actor, action="slots.assigned", target=queue, data=data)
    return assigned


def assign_in_turn(
    *, queue: Queue, readers: Sequence[User], audits: Sequence[uuid.UUID], before: int
) -> int:
    """Assign the slots of audits that were just added, in the same transaction; how many slots.

    Each item goes to as many people as it needs reads, the next in turn; ``before`` items of the
    same filling went before.
    """
    if not readers:
        return 0
    for reader in sorted(readers, key=lambda reader: reader.pk):
        serialise_claims_of(reader, queue)
    reads = min(queue.reads_per_item, len(readers))
    shares: dict[User, list[uuid.UUID]] = {reader: [] for reader in readers}
    for place, audit in enumerate(audits, start=before):
        for read in range(reads):
            shares[readers[(place * reads + read) % len(readers)]].append(audit)
    return sum(len(_assign(queue, reader, share)) for reader, share in shares.items())


@transaction.atomic
def unassign_slots(*, queue: Queue, reader_id: uuid.UUID, actor: User) -> int:
    """Give back to everybody what is assigned to this person and not read; how many slots.

    What they hold under a live lease stays theirs to end.
    """
    waiting = ReviewSlot.objects.select_for_update().filter(
        queue=queue,
        assigned_to=reader_id,
        state__in=[ReviewSlot.State.FREE, ReviewSlot.State.LEASED],
    )
    keys = list(waiting.order_by("pk").values_list("pk", flat=True))
    freed = ReviewSlot.objects.filter(pk__in=keys).update(assigned_to=None)
    if freed:
        data = {"reader": str(reader_id), "slots": freed}
        record(actor=actor, action="slots.unassigned", target=queue, data=data)
    return freed


def _assign(queue: Queue, reader: User, audits: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Assign a slot of each of these audits of which one is free for the reader; which they are."""
    # The item before its slots, as everybody: a reopening assigns under the same lock.
    items = ReviewItem.objects.filter(queue=queue, audit__in=audits).order_by("pk")
    list(items.select_for_update(no_key=True).values_list("pk"))
    free = takeable_slots(queue, reader, timezone.now()).filter(
        item__audit__in=audits, assigned_to=None
    )
    chosen: dict[uuid.UUID, ReviewSlot] = {}
    for slot in free.order_by("item", "number").select_for_update(of=("self",)):
        chosen.setdefault(slot.item.audit_id, slot)
    for slot in chosen.values():
        slot.assigned_to = reader
        slot.state, slot.reviewer = ReviewSlot.State.FREE, None
        slot.lease_token = slot.leased_until = None
    ReviewSlot.objects.bulk_update(
        chosen.values(), ["assigned_to", "state", "reviewer", "lease_token", "leased_until"]
    )
    return set(chosen)
