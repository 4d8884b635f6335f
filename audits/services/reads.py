"""What a reader says under a lease: decisions, missed findings, undo, submit.

A save that comes too late is kept all the same, in the read of the lease it was made under; only
a submitted read counts. Saves carry ids made by the client: the same save twice is one.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from audits.errors import Conflict, InvalidInput, NotFound, ServiceError
from audits.models import (
    BlindStep,
    Decision,
    Flag,
    MissedFinding,
    Read,
    Retraction,
    ReviewSlot,
    User,
)
from audits.selectors.settled import questions_of, readings_of
from audits.selectors.statements import prepared
from audits.services.leases import (
    already_submitted,
    lock_item,
    lock_slot,
    require_lease,
    require_step,
)
from audits.services.log import record
from audits.services.settling import settle_item
from audits.services.webhooks import emit
from inference.consensus import Question, Reading
from inference.decisions import AnswerRefused, Reason, Significance, Verdict, check_answer, layers
from inference.schema import Box
from inference.vocabulary import FlagKind, Label


@dataclass(frozen=True, slots=True)
class Lease:
    """What a client shows to write into a slot."""

    slot_id: uuid.UUID
    reviewer: User
    token: uuid.UUID
    fence: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A reader's answer to one flag, as the client sends it. ``id`` is the client's own."""

    id: uuid.UUID
    flag_id: uuid.UUID
    verdict: Verdict
    reason: Reason | None = None
    significance: Significance | None = None
    box: Box | None = None
    comment: str = ""
    active_seconds: float | None = None
    seen: dict[str, Any] = field(default_factory=dict)
    layers: dict[str, bool | None] = field(default_factory=dict)


def save_decision(*, lease: Lease, answer: Answer) -> tuple[Decision, bool]:
    """Append one decision; ``(decision, created)``. The same id again returns what it made.

    :raises Conflict: ``lease_expired`` or ``lease_taken``, with the decision kept in the read of
        that lease; ``already_submitted``, with nothing kept.
    """
    with transaction.atomic():
        slot = lock_slot(lease.slot_id)
        read = _open_read(slot, lease)
        made = _decisions_beside(read.pk, answer.id)
        known = next((decision for decision in made if decision.pk == answer.id), None)
        if known is None:
            decision = _append(slot, read, answer, made)
            record(
                actor=lease.reviewer,
                action="decision.saved",
                target=decision,
                data={"verdict": answer.verdict, "reason": answer.reason, "fence": lease.fence},
            )
        else:
            decision = _same_save(known, read, answer)
        late = _lateness(slot, lease)
    if late is not None and not (known and read.submitted_at):
        late.extra["kept"] = True
        raise late
    return decision, known is None


def save_missed_finding(
    *, lease: Lease, finding_id: uuid.UUID, label: Label, box: Box | None, comment: str = ""
) -> tuple[MissedFinding, bool]:
    """Add a finding the auditor missed; the same id again returns what it made."""
    with transaction.atomic():
        slot = lock_slot(lease.slot_id)
        read = _open_read(slot, lease)
        known = MissedFinding.objects.filter(pk=finding_id).first()
        if known is not None and known.read_id != read.pk:
            raise InvalidInput("id", "This id is taken. Make a new random UUID for each finding.")
        if known is None and read.submitted_at is not None:
            raise already_submitted()
        found = known or MissedFinding.objects.create(
            id=finding_id,
            read=read,
            label=label,
            box=list(box) if box else None,
            comment=comment,
        )
        if known is None:
            record(
                actor=lease.reviewer,
                action="missed_finding.added",
                target=found,
                data={"label": label, "fence": lease.fence},
            )
        late = _lateness(slot, lease)
    if late is not None and not (known and read.submitted_at):
        late.extra["kept"] = True
        raise late
    return found, known is None


@transaction.atomic
def remove_missed_finding(*, lease: Lease, finding_id: uuid.UUID) -> None:
    """Take back a missed finding of this read. Twice is once."""
    slot = lock_slot(lease.slot_id)
    require_lease(slot, reviewer=lease.reviewer, token=lease.token, fence=lease.fence)
    found = MissedFinding.objects.filter(pk=finding_id, read=_open_read(slot, lease)).first()
    if found is None:
        raise NotFound("missed finding")
    _, created = Retraction.objects.get_or_create(missed_finding=found)
    if created:
        record(actor=lease.reviewer, action="missed_finding.removed", target=found, data={})


@transaction.atomic
def undo_decision(*, lease: Lease, decision_id: uuid.UUID | None = None) -> Decision | None:
    """Take back one decision of this read, the newest if none is named.

    Naming it makes a resent undo harmless. ``None`` if there is nothing to take back.
    """
    slot = lock_slot(lease.slot_id)
    require_lease(slot, reviewer=lease.reviewer, token=lease.token, fence=lease.fence)
    made = Decision.objects.filter(read=_open_read(slot, lease))
    if decision_id is None:
        decision = made.filter(retraction__isnull=True).order_by("-number").first()
    else:
        decision = made.filter(pk=decision_id).first()
    if decision is not None:
        _, created = Retraction.objects.get_or_create(decision=decision)
        if created:
            record(actor=lease.reviewer, action="decision.retracted", target=decision, data={})
    return decision


@transaction.atomic
def submit_read(*, lease: Lease, nothing_else_missed: bool) -> Read:
    """End the read: every flag answered, and a word on whether anything else was missed.

    The last read of an item settles it, or opens its adjudication.

    ``nothing_else_missed`` must be true, or at least one missed finding must be named. Submitting
    the same lease again returns the same read.

    :raises ServiceError: ``incomplete``, naming what is left.
    """
    item = lock_item(lease.slot_id)
    slot = lock_slot(lease.slot_id)
    read = _open_read(slot, lease)
    if read.submitted_at is not None:
        return read
    require_lease(slot, reviewer=lease.reviewer, token=lease.token, fence=lease.fence)
    questions = questions_of(audit_id=item.audit_id)
    reading = readings_of(reads=[read])[read.pk]
    _require_complete(questions, reading, nothing_else_missed)
    read.nothing_else_missed = nothing_else_missed
    read.submitted_at = timezone.now()
    read.save(update_fields=["nothing_else_missed", "submitted_at"])
    slot.state = ReviewSlot.State.SUBMITTED
    slot.lease_token = None
    slot.leased_until = None
    slot.save(update_fields=["state", "lease_token", "leased_until"])
    record(
        actor=lease.reviewer,
        action="read.submitted",
        target=read,
        data={"nothing_else_missed": nothing_else_missed, "fence": lease.fence},
    )
    emit(event="read.submitted", target=read, data={"audit": str(item.audit_id)})
    settle_item(item=item, questions=questions, known={read.pk: reading})
    return read


def _open_read(slot: ReviewSlot, lease: Lease) -> Read:
    """The read of the lease, at its flags: a blind one has its steps behind it."""
    read = read_under(slot, lease)
    require_step(slot, lease.reviewer, BlindStep.FLAGS)
    return read


def read_under(slot: ReviewSlot, lease: Lease) -> Read:
    """The read of the lease the client shows, be it live or not: its own, or none at all."""
    found = _reads_under(slot.pk, lease.fence, lease.reviewer.pk)
    if not found:
        raise NotFound("slot")
    (read,) = found
    read.slot = slot  # the locked one, with its item and queue
    read.reviewer = lease.reviewer
    return read


@prepared
def _reads_under(slot: uuid.UUID, fence: int, reviewer: uuid.UUID) -> QuerySet[Read]:
    """One, or none: a lease has one read."""
    return Read.objects.filter(slot=slot, fence=fence, reviewer=reviewer)


def _lateness(slot: ReviewSlot, lease: Lease) -> Conflict | None:
    try:
        require_lease(slot, reviewer=lease.reviewer, token=lease.token, fence=lease.fence)
    except Conflict as late:
        return late
    return None


@prepared
def _decisions_beside(read: uuid.UUID, decision: uuid.UUID) -> QuerySet[Decision]:
    """All of the read in their order, and the one of that id wherever it is."""
    found = Decision.objects.filter(Q(read=read) | Q(pk=decision))
    return found.select_related("retraction").order_by("number")


@prepared
def _flags_named(flag: uuid.UUID, audit: uuid.UUID) -> QuerySet[Flag]:
    return Flag.objects.filter(pk=flag, audit=audit)


def _append(slot: ReviewSlot, read: Read, answer: Answer, made: Sequence[Decision]) -> Decision:
    """``made``: the read's decisions so far."""
    if read.submitted_at is not None:
        raise already_submitted()
    named = _flags_named(answer.flag_id, slot.item.audit_id)
    if not named:
        raise InvalidInput("flag", "This flag is not of the audit you are reading.")
    (flag,) = named
    said = _layers(FlagKind(flag.kind), answer)
    live = [one for one in made if one.flag_id == flag.pk and not hasattr(one, "retraction")]
    return Decision.objects.create(
        id=answer.id,
        read=read,
        flag=flag,
        number=made[-1].number + 1 if made else 1,
        verdict=answer.verdict,
        reason=answer.reason,
        significance=answer.significance,
        box=list(answer.box) if answer.box else None,
        comment=answer.comment,
        active_seconds=answer.active_seconds,
        seen=answer.seen,
        supersedes=live[-1] if live else None,
        **said,
    )


def _layers(kind: FlagKind, answer: Answer) -> dict[str, bool | None]:
    try:
        check_answer(kind, answer.verdict, answer.reason, has_box=answer.box is not None)
    except AnswerRefused as refused:
        raise InvalidInput(refused.field, str(refused)) from refused
    said = layers(kind, answer.verdict, answer.reason)
    derived = {
        "finding_true": said.finding_true,
        "box_right": said.box_right,
        "draft_read_right": said.draft_read_right,
    }
    return {**derived, **answer.layers}


def _same_save(known: Decision, read: Read, answer: Answer) -> Decision:
    same = (
        known.read_id == read.pk
        and known.flag_id == answer.flag_id
        and known.verdict == answer.verdict
        and known.reason == answer.reason
    )
    if not same:
        raise InvalidInput("id", "This id is taken. Make a new random UUID for each decision.")
    return known


def _require_complete(
    questions: Sequence[Question], reading: Reading, nothing_else_missed: bool
) -> None:
    left = sum(question.id not in reading.answers for question in questions)
    fields: dict[str, list[str]] = {}
    if left:
        fields["decisions"] = [f"{left} flag{'s' if left > 1 else ''} left to decide."]
    if not nothing_else_missed and not reading.added:
        fields["nothing_else_missed"] = [
            "Attest that nothing else was missed, or add what was missed."
        ]
    if fields:
        sentences = " ".join(sentence for said in fields.values() for sentence in said)
        raise ServiceError("incomplete", sentences, fields=fields)
