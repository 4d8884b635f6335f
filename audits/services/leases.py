"""Leases on slots: claim, keep, give back, pass on.

Every operation here runs beside itself. A claim is one transaction that takes its slot with
``FOR UPDATE SKIP LOCKED``, so two people never wait for each other and never get the same one.
Expiry is tested where the slot is taken, never by a sweeper. The fence grows with each lease:
a write that carries an older one comes from somebody who has lost the slot.
"""

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import connection, transaction
from django.db.models import F, Min, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from audits.errors import Conflict, NotFound
from audits.models import BlindStep, Case, Queue, Read, ReviewItem, ReviewSlot, Skip, User
from audits.selectors.blind import barred, barred_items, blind, step_of
from audits.selectors.conditions import Column, made_once
from audits.selectors.probes import Probe
from audits.selectors.statements import prepared
from audits.selectors.withdrawals import withdrawn_cases
from audits.services.exposure import expose_fresh
from audits.services.log import record
from audits.services.tombstones import withdrawn

RANKS = 2**31
"""Ranks of a random order lie in 0..RANKS-1: they fill an integer column."""
_STEP_ASKS = {
    BlindStep.IMAGE: "Say first what you see in the image: a state for each label.",
    BlindStep.DRAFT: "Read the draft first; then come the flags.",
    BlindStep.FLAGS: "This read is at its flags: no step is left to commit.",
}
NothingToClaim = Literal["empty", "all_leased", "all_yours_done", "paused"]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A slot under a live lease, and the read that collects what is said under it; ``begun`` now,
    so that nothing is in it yet, or gone on with."""

    slot: ReviewSlot
    read: Read
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why there is nothing to claim, and when a leased slot frees at the latest.

    ``barred`` counts open items that are not offered to this person because of blind reading.
    """

    reason: NothingToClaim
    next_free_at: datetime | None = None
    barred: int = 0


@transaction.atomic
def claim_slot(
    *, queue: Queue, reviewer: User, audit_id: uuid.UUID | None = None
) -> Claimed | Nothing:
    """Lease the best slot of the queue this person may take, or say why there is none.

    Without ``audit_id`` a person who holds a live lease here gets that one again. With it the
    claim is for that audit alone, and :class:`~audits.errors.Conflict` ``not_available`` if no
    slot of it can be had.
    """
    _begin_claim(reviewer, queue)
    now = timezone.now()
    own = _own_slots(queue, reviewer, now)
    held = _held(queue, reviewer, now, audit_id) if "held" in own else None
    if held is not None:
        return Claimed(_renew(held, now), _read_of(held))
    slot = _take(queue, reviewer, now, audit_id, kept="kept" in own)
    if slot is not None:
        return _lease(slot, reviewer, now)
    nothing = _why_nothing(queue, reviewer, now)
    if audit_id is not None and nothing.reason != "paused":
        raise Conflict("not_available", "No read of this audit is free for you now.")
    return nothing


@transaction.atomic
def extend_lease(*, slot_id: uuid.UUID, reviewer: User, token: uuid.UUID, fence: int) -> ReviewSlot:
    """Heartbeat: a live lease runs its full time again from now."""
    slot = lock_slot(slot_id)
    require_lease(slot, reviewer=reviewer, token=token, fence=fence)
    return _renew(slot, timezone.now())


@transaction.atomic
def reclaim_slot(*, slot_id: uuid.UUID, reviewer: User) -> Claimed:
    """Take back a lease that ran out while nobody else took the slot: same fence, same read."""
    slot = lock_slot(slot_id)
    if slot.reviewer_id is None:
        raise not_leased()
    if slot.reviewer_id != reviewer.pk:
        if not Read.objects.filter(slot=slot, reviewer=reviewer).exists():
            raise NotFound("slot")
        raise lease_taken()
    if slot.state == ReviewSlot.State.SUBMITTED:
        raise already_submitted()
    if slot.queue.state != Queue.State.OPEN:
        raise Conflict("paused", "This queue is paused. What you decided is kept.")
    slot.lease_token = uuid.uuid4()
    renewed = _renew(slot, timezone.now())
    record(actor=reviewer, action="slot.reclaimed", target=slot, data={"fence": slot.fence})
    return Claimed(renewed, _read_of(slot))


@transaction.atomic
def release_slot(*, slot_id: uuid.UUID, reviewer: User, token: uuid.UUID, fence: int) -> None:
    """Give the slot back unread; the person may claim it again."""
    slot = lock_slot(slot_id)
    require_lease(slot, reviewer=reviewer, token=token, fence=fence)
    slot_free(slot)
    record(actor=reviewer, action="slot.released", target=slot, data={"fence": fence})


@transaction.atomic
def skip_slot(
    *, slot_id: uuid.UUID, reviewer: User, token: uuid.UUID, fence: int, reason: str
) -> None:
    """Pass the item on with a reason; it is not offered to this person again, and one that was
    assigned to them is anybody's."""
    slot = lock_slot(slot_id)
    require_lease(slot, reviewer=reviewer, token=token, fence=fence)
    Skip.objects.create(item=slot.item, reviewer=reviewer, reason=reason)
    slot.assigned_to = None
    slot_free(slot)
    record(actor=reviewer, action="slot.skipped", target=slot, data={"reason": reason})


def lock_item(slot_id: uuid.UUID) -> ReviewItem:
    """The slot's item under a row lock, before the slot's: of two who end their reads of an item
    at once, the second sees the first one's.
    """
    found = _locked_items(slot_id)
    if not found:
        raise NotFound("slot")
    return found[0]


@prepared
def _locked_items(slot_id: uuid.UUID) -> QuerySet[ReviewItem]:
    items = ReviewItem.objects.select_for_update(of=("self",), no_key=True)
    return items.filter(slots=slot_id).select_related("queue", "audit")


def lock_slot(slot_id: uuid.UUID) -> ReviewSlot:
    """The slot under a row lock: the one order of locks is slot, then read, then decisions."""
    found = _locked_slots(slot_id)
    if not found:
        raise NotFound("slot")
    # Asked after the lock was had: whoever purges the case holds it meanwhile.
    if _withdrawn_with(found[0].item.audit_id):
        raise withdrawn()
    return found[0]


@prepared
def _locked_slots(slot_id: uuid.UUID) -> QuerySet[ReviewSlot]:
    slots = ReviewSlot.objects.select_for_update(of=("self",)).filter(pk=slot_id)
    return slots.select_related("item", "queue")


@prepared
def _withdrawn_with(audit_id: uuid.UUID) -> QuerySet[Case, uuid.UUID]:
    return withdrawn_cases().filter(audits=audit_id).values_list("pk", flat=True)


def require_lease(slot: ReviewSlot, *, reviewer: User, token: uuid.UUID, fence: int) -> None:
    """Raise unless this person holds this lease of the slot and it has not run out.

    :raises Conflict: ``already_submitted``, ``not_leased`` (given back or skipped: claim again),
        ``lease_taken`` (somebody else has it, or had it since) or ``lease_expired`` (nobody has
        it: reclaim and go on).
    """
    mine = slot.reviewer_id == reviewer.pk and slot.fence == fence
    if mine and slot.state == ReviewSlot.State.SUBMITTED:
        raise already_submitted()
    if slot.state == ReviewSlot.State.FREE:
        raise not_leased()
    if not mine:
        raise lease_taken()
    if slot.lease_token != token or slot.leased_until is None:
        raise Conflict("lease_taken", "You opened this item in another window since. Go on there.")
    if slot.leased_until <= timezone.now():
        raise Conflict("lease_expired", "Your time on this item ran out. Nobody else has taken it.")


def require_step(slot: ReviewSlot, reviewer: User, step: BlindStep) -> None:
    """Raise ``blind_step``, naming the step that the read is at, unless it is this one."""
    at = step_of(slot, reviewer)
    if at != step:
        raise Conflict("blind_step", _STEP_ASKS[at], extra={"step": at.value})


def already_submitted() -> Conflict:
    return Conflict("already_submitted", "This read is submitted. Nothing was changed.")


def not_leased() -> Conflict:
    return Conflict("not_leased", "Nobody holds this item now. Claim it from its queue.")


def lease_taken() -> Conflict:
    return Conflict(
        "lease_taken",
        "Another reader has had this item since. What you decided is kept, not counted.",
    )


def serialise_claims_of(reviewer: User, queue: Queue) -> None:
    """No claim of this person in this queue runs beside what follows."""
    # One person's double click must not lease two slots; other people's claims never wait here.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{reviewer.pk}:{queue.pk}"]
        )


def _begin_claim(reviewer: User, queue: Queue) -> None:
    """`serialise_claims_of` and `hold_open` in one round trip, in this order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0)),"
            " pg_advisory_xact_lock_shared(hashtextextended(%s, 0))",
            [f"{reviewer.pk}:{queue.pk}", f"queue:{queue.pk}"],
        )


def hold_open(queue: Queue) -> None:
    """The queue's state, read after this, stays until the commit."""
    # Pausing waits for the claims under way, and every later one sees the pause.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [f"queue:{queue.pk}"]
        )


def stop_claims(queue: Queue) -> None:
    """Wait for the claims under way in this queue, and let none begin before the commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"queue:{queue.pk}"]
        )


def _own_slots(queue: Queue, reviewer: User, now: datetime) -> set[str]:
    """What this person has in the queue: a slot ``held`` under a live lease, slots ``kept`` for
    them. None is added while their claims are serialised; most have neither."""
    return set(_own_words(queue.pk, reviewer.pk, now))


@prepared
def _own_words(queue: uuid.UUID, reviewer: uuid.UUID, now: datetime) -> QuerySet[ReviewSlot, str]:
    held = ReviewSlot.objects.filter(
        queue=queue, reviewer=reviewer, state=ReviewSlot.State.LEASED, leased_until__gt=now
    )
    kept = kept_for(reviewer).filter(queue=queue)
    each = [held.annotate(own=Value("held")), kept.annotate(own=Value("kept"))]
    first, second = (rows.order_by().values_list("own", flat=True)[:1] for rows in each)
    return first.union(second, all=True)


def _held(
    queue: Queue, reviewer: User, now: datetime, audit_id: uuid.UUID | None
) -> ReviewSlot | None:
    held = ReviewSlot.objects.select_for_update(of=("self",)).filter(
        queue=queue,
        queue__state=Queue.State.OPEN,
        reviewer=reviewer,
        state=ReviewSlot.State.LEASED,
        leased_until__gt=now,
    )
    if audit_id is not None:
        held = held.filter(item__audit_id=audit_id)
    return held.select_related("queue", "item").order_by("-leased_until").first()


def _unread_by(reviewer: User, slots: QuerySet[ReviewSlot]) -> QuerySet[ReviewSlot]:
    """Slots of items this person has neither read, nor holds another slot of, nor skipped."""
    return slots.filter(_unread(reviewer, "item", "pk"))


@made_once
def _unread(reviewer: User, item: Column, slot: Column) -> Q:
    others = ReviewSlot.objects.filter(item=item, reviewer=reviewer).exclude(pk=slot)
    return ~Probe(others) & ~Probe(Skip.objects.filter(item=item, reviewer=reviewer))


def _take(
    queue: Queue, reviewer: User, now: datetime, audit_id: uuid.UUID | None, *, kept: bool
) -> ReviewSlot | None:
    if audit_id is None and not kept:
        return _take_next(queue, reviewer, now)
    slots = _open_slots(queue, reviewer, now)
    if audit_id is not None:
        slots = slots.filter(item__audit_id=audit_id)
    if kept:
        mine = slots.filter(assigned_to=reviewer).first()
        if mine is not None:
            return mine
        # Of an item with a slot that is assigned to them they take that one or none.
        slots = slots.filter(~Probe(kept_for(reviewer).filter(item=OuterRef("item"))))
    for rank in _beginnings(queue):
        found = slots.filter(assigned_to=None, rank__gte=rank).first()
        if found is not None:
            return found
    return None


def _open_slots(queue: Queue, reviewer: User, now: datetime) -> QuerySet[ReviewSlot]:
    slots = takeable_slots(queue, reviewer, now).filter(queue__state=Queue.State.OPEN)
    return slots.select_for_update(skip_locked=True, of=("self",))


def _take_next(queue: Queue, reviewer: User, now: datetime) -> ReviewSlot | None:
    """What nearly every claim comes to: the best slot, by one statement."""
    kind = {"mode": queue.mode, **reviewer.rights}
    for rank in _beginnings(queue):
        found = _first_from(queue.pk, reviewer.pk, now, rank, **kind)
        if found:
            return found[0]
    return None


def _beginnings(queue: Queue) -> Iterator[int]:
    """The ranks to look from, in turn: in random order a place of chance, then the start. The index
    gives both."""
    if queue.order == Queue.Order.RANDOM:
        yield secrets.randbelow(RANKS)
    yield -RANKS


@prepared
def _first_from(
    queue: uuid.UUID, reviewer: uuid.UUID, now: datetime, rank: int, *, mode: str, **rights: bool
) -> QuerySet[ReviewSlot]:
    slots = _open_slots(Queue(pk=queue, mode=mode), User(pk=reviewer, **rights), now)
    return slots.filter(assigned_to=None, rank__gte=rank)[:1]


def kept_for(reviewer: User | uuid.UUID) -> QuerySet[ReviewSlot]:
    """Slots that wait for this person."""
    open_states = (ReviewSlot.State.FREE, ReviewSlot.State.LEASED)
    return ReviewSlot.objects.filter(assigned_to=reviewer, state__in=open_states)


def takeable_slots(queue: Queue, reviewer: User, now: datetime) -> QuerySet[ReviewSlot]:
    """Free and expired slots that this person may read, best first, whoever they are assigned to
    and whatever the queue's state; each with the ``case_id`` of its audit."""
    free = Q(state=ReviewSlot.State.FREE)
    expired = Q(state=ReviewSlot.State.LEASED, leased_until__lte=now)
    slots = ReviewSlot.objects.filter(free | expired, queue=queue)
    slots = slots.filter(_not_barred(queue, reviewer))
    slots = _unread_by(reviewer, slots).annotate(case_id=F("item__audit__case"))
    return slots.select_related("queue", "item").order_by("rank", "id")


def _not_barred(queue: Queue, reviewer: User) -> Q:
    """A blind queue offers nobody a case that they know; any other none that they are to read
    blind."""
    case = "item__audit__case"
    if queue.mode == Queue.Mode.FLAGS_FIRST:
        return ~Q(blind(reviewer, case))
    if reviewer.is_administrator:
        return Q(pk__in=[])
    return ~Q(barred(reviewer, case, "item"))


def _lease(slot: ReviewSlot, reviewer: User, now: datetime) -> Claimed:
    again = slot.reviewer_id == reviewer.pk
    slot.state = ReviewSlot.State.LEASED
    slot.reviewer = reviewer
    slot.lease_token = uuid.uuid4()
    if not again:
        slot.fence += 1
    renewed = _renew(slot, now)
    read = _read_of(slot) if again else _begin_read(slot, reviewer)
    if slot.queue.mode == Queue.Mode.FLAGS_FIRST:
        expose_fresh(user=reviewer, cases=[slot.case_id])  # type: ignore[attr-defined]
    record(actor=reviewer, action="slot.claimed", target=slot, data={"fence": slot.fence})
    return Claimed(renewed, read, begun=not again)


def _begin_read(slot: ReviewSlot, reviewer: User) -> Read:
    """Of a new fence, so it is the first."""
    return Read.objects.create(
        slot=slot,
        fence=slot.fence,
        reviewer=reviewer,
        guideline_version=slot.queue.guideline_version,
    )


def _read_of(slot: ReviewSlot) -> Read:
    return Read.objects.get(slot=slot, fence=slot.fence)


def _renew(slot: ReviewSlot, now: datetime) -> ReviewSlot:
    slot.leased_until = now + timedelta(minutes=slot.queue.lease_minutes)
    slot.save(update_fields=["state", "reviewer", "lease_token", "fence", "leased_until"])
    return slot


def slot_free(slot: ReviewSlot) -> None:
    """Nobody holds the locked slot any more; an assignment stays."""
    # The fence stays: the next lease counts on from it, so the old token can never fit again.
    slot.state = ReviewSlot.State.FREE
    slot.reviewer = None
    slot.lease_token = None
    slot.leased_until = None
    slot.save()


def _why_nothing(queue: Queue, reviewer: User, now: datetime) -> Nothing:
    if not Queue.objects.filter(pk=queue.pk, state=Queue.State.OPEN).exists():
        return Nothing("paused")
    ended = (ReviewSlot.State.SUBMITTED, ReviewSlot.State.CLOSED)
    open_slots = ReviewSlot.objects.filter(queue=queue).exclude(state__in=ended)
    if not open_slots.exists():
        return Nothing("empty")
    leased = _unread_by(reviewer, open_slots).filter(
        Q(assigned_to=None) | Q(assigned_to=reviewer),
        state=ReviewSlot.State.LEASED,
        leased_until__gt=now,
    )
    next_free_at = leased.aggregate(at=Min("leased_until"))["at"]
    barred = barred_items(reviewer, queue).count()
    reason: NothingToClaim = "all_leased" if next_free_at else "all_yours_done"
    return Nothing(reason, next_free_at, barred)
