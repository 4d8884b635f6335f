"""Reading what readers said. A reader sees their own slots and reads, and nobody else's."""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet

from audits.models import Decision, MissedFinding, Read, ReviewSlot, User
from audits.selectors.blind import blind
from audits.selectors.queues import adjudicable_queues


def standing(read: str = "") -> Q:
    """That the read at the path ``read`` of a query counts: submitted, and not reopened since."""
    return Q(**{f"{read}submitted_at__isnull": False, f"{read}reopened_at__isnull": True})


def visible_reads(user: User) -> QuerySet[Read]:
    """Submitted reads of the queues this person adjudicates, the reopened ones too, but of no case
    that they read a part of or may yet read blind."""
    read_it = Read.objects.filter(
        slot__item__audit__case=OuterRef("slot__item__audit__case"), reviewer=user
    )
    reads = Read.objects.filter(
        submitted_at__isnull=False, slot__item__audit__case__withdrawn_at=None
    )
    reads = reads.filter(~blind(user, "slot__item__audit__case"), ~Exists(read_it))
    return reads.filter(slot__queue__in=adjudicable_queues(user))


def visible_slots(user: User) -> QuerySet[ReviewSlot]:
    """Slots this person holds or held; of others not even the existence shows."""
    slots = ReviewSlot.objects.filter(item__audit__case__withdrawn_at=None)
    return slots.filter(reads__reviewer=user).distinct()


def live_decisions(*, read: Read) -> dict[uuid.UUID, Decision]:
    """Per flag the newest decision of the read that was not retracted."""
    kept = read.decisions.filter(retraction__isnull=True).order_by("number")
    return {decision.flag_id: decision for decision in kept}


def live_missed_findings(*, read: Read) -> QuerySet[MissedFinding]:
    return read.missed_findings.filter(retraction__isnull=True).order_by("created_at", "id")


def reopened_before(read: Read) -> QuerySet[Read]:
    """What this person submitted of the slot before, and was reopened; the oldest first."""
    reads = Read.objects.filter(slot=read.slot_id, reviewer=read.reviewer_id)
    reads = reads.exclude(pk=read.pk).filter(reopened_at__isnull=False)
    return reads.select_related("reopening").order_by("fence")


def submissions_of(slot_id: uuid.UUID) -> QuerySet[Read]:
    """All that was ever submitted of the slot, by whomever; the oldest first."""
    reads = Read.objects.filter(slot=slot_id, submitted_at__isnull=False)
    return reads.select_related("reopening").order_by("fence")
