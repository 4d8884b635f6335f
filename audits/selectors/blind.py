"""What somebody who reads a case blind, or may yet, is shown of it. Nothing else decides that.

A case is *blind* for a person as long as they may yet read it in a blind queue and were not shown
its flags: the scoping of audits, cases, drafts and adjudications leaves it out, whatever queue or
list it is asked for through. Who holds such a read is shown the image, and after their first commit
the draft, by `held_blind` alone. Curators work on the data and see it, which ends their blindness;
only what they hold themselves is kept from them. Administrators see past the API too, so they
never read blind.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from audits.models import (
    Audit,
    BlindCommit,
    BlindStep,
    Exposure,
    Queue,
    ReviewItem,
    ReviewSlot,
    Sending,
    Skip,
    User,
)
from audits.selectors.conditions import Column, made_once
from audits.selectors.probes import Probe
from audits.selectors.queues import claimable_queues


def blind_items(user: User) -> QuerySet[ReviewItem]:
    """Items in blind queues that keep their case from this person for now."""
    if user.is_administrator:
        return ReviewItem.objects.none()
    items = ReviewItem.objects.filter(queue__mode=Queue.Mode.BLIND_FIRST)
    items = items.filter(~known(user, "audit__case"))
    slots = ReviewSlot.objects.filter(item=OuterRef("pk"))
    held = Probe(slots.filter(reviewer=user, state=ReviewSlot.State.LEASED))
    if user.curates:
        return items.filter(held)
    open_slot = Probe(
        slots.filter(
            Q(assigned_to=None) | Q(assigned_to=user),
            state__in=[ReviewSlot.State.FREE, ReviewSlot.State.LEASED],
        )
    )
    may_claim = (
        Q(queue__in=claimable_queues(user))
        & ~Q(queue__state=Queue.State.CLOSED)
        & Q(open_slot)
        & ~Q(Probe(Skip.objects.filter(item=OuterRef("pk"), reviewer=user)))
    )
    return items.filter(Q(held) | may_claim)


@made_once
def blind(user: User, case: Column, look: type[Exists] = Probe) -> Exists:
    """Whether the case at the path ``case`` of a query is kept from this person for now.

    ``look`` is ``Exists`` where all rows are wanted and not a page of them. That some queue is
    blind at all depends on no row, so Postgres asks it once a query, and where none is it looks
    at no row.
    """
    some = Exists(Queue.objects.filter(mode=Queue.Mode.BLIND_FIRST))
    return look(blind_items(user).filter(some, audit__case=case))


def shown_to(user: User, case: str) -> QuerySet[Exposure]:
    """Whether this person was shown flags of the case at the path ``case``, for ``Exists``."""
    return Exposure.objects.filter(user=user, case=OuterRef(case))


@made_once
def known(user: User, case: Column) -> Q:
    """Whether this person was shown flags of the case, or sent a draft of it: then they know what
    it says, and may see its audit."""
    shown = Exposure.objects.filter(user=user, case=case)
    return Probe(shown) | Probe(Sending.objects.filter(user=user, draft__case=case))


@made_once
def barred(user: User, case: Column, item: Column) -> Q:
    """Whether a blind queue does not offer this person the item, as they know its case. Who has
    its blind steps behind them was shown the flags after their first view, and may go on."""
    seen = BlindCommit.objects.filter(item=item, reviewer=user, step=BlindStep.DRAFT)
    return known(user, case) & ~Probe(seen)


@dataclass(frozen=True, slots=True)
class Held:
    """An audit that a person reads blind now, and the step they are at: image or draft."""

    audit: Audit
    step: BlindStep


def held_blind(user: User, audit_id: uuid.UUID) -> Held | None:
    """The audit as its holder may see it; None if it is not theirs, or not blind any more."""
    items = blind_items(user).filter(audit=audit_id, audit__case__withdrawn_at=None)
    slot = (
        ReviewSlot.objects.filter(item__in=items, reviewer=user, state=ReviewSlot.State.LEASED)
        .select_related("queue", "item__audit__case__source", "item__audit__draft")
        .select_related("item__audit__grounder", "item__audit__parser")
        .first()
    )
    return Held(slot.item.audit, step_of(slot, user)) if slot else None


def held_blind_cases(user: User) -> QuerySet[ReviewItem]:
    """For ``Exists`` on a case: its image is shown to who reads it blind, and to nobody who may."""
    held = ReviewSlot.objects.filter(
        item=OuterRef("pk"), reviewer=user, state=ReviewSlot.State.LEASED
    )
    return blind_items(user).filter(Exists(held), audit__case=OuterRef("pk"))


def step_of(slot: ReviewSlot, user: User) -> BlindStep:
    """Where this person stands in the slot's item; at the flags where its queue is not blind."""
    blind = slot.queue.mode == Queue.Mode.BLIND_FIRST
    return step_after(slot.queue, commits_of(slot, user) if blind else ())


def step_after(queue: Queue, commits: Iterable[BlindCommit]) -> BlindStep:
    """The same, from what they committed of an item of the queue."""
    if queue.mode == Queue.Mode.FLAGS_FIRST:
        return BlindStep.FLAGS
    steps = {commit.step for commit in commits}
    if BlindStep.DRAFT in steps:
        return BlindStep.FLAGS
    return BlindStep.DRAFT if BlindStep.IMAGE in steps else BlindStep.IMAGE


def commits_of(slot: ReviewSlot, user: User) -> QuerySet[BlindCommit]:
    """What the person committed of the slot's item, under whichever lease."""
    return BlindCommit.objects.filter(item=slot.item_id, reviewer=user).order_by("created_at")


def barred_items(user: User, queue: Queue) -> QuerySet[ReviewItem]:
    """Open items of the queue that are not offered to this person, because of blind reading:
    in a blind queue those they know already, in another those they are to read blind first."""
    items = queue.items.filter(
        slots__state__in=[ReviewSlot.State.FREE, ReviewSlot.State.LEASED]
    ).distinct()
    if queue.mode == Queue.Mode.FLAGS_FIRST:
        return items.filter(blind(user, "audit__case"))
    if user.is_administrator:
        return items
    return items.filter(barred(user, "audit__case", "pk"))
