"""Reading what readers said. A reader sees their own slots and reads, and nobody else's."""

import uuid

from django.db.models import QuerySet

from audits.models import Decision, Flag, MissedFinding, Read, ReviewSlot, User


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


def undecided_flags(*, read: Read) -> QuerySet[Flag]:
    """Flags of the read's audit without a live decision."""
    answered = live_decisions(read=read)
    return Flag.objects.filter(audit_id=read.slot.item.audit_id).exclude(pk__in=answered)
