"""Adjudication: one person at a time settles what the reads of an item differ in.

An adjudicator never settles an item they read, sees the reads without names and in an order of
their own, and leaves one outcome with its reason. Locks: item, adjudication, slots, reads.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audits.errors import Conflict, InvalidInput, NotFound
from audits.models import (
    Adjudication,
    Flag,
    ReviewItem,
    Ruling,
    SettlingRule,
    User,
)
from audits.selectors.adjudications import visible_adjudications
from audits.selectors.settled import question
from audits.services.log import record
from audits.services.settling import flag_settlement, label_settlement
from audits.services.webhooks import emit
from inference.consensus import FlagAnswer
from inference.decisions import (
    AnswerRefused,
    Reason,
    Verdict,
    check_answer,
    layers,
)
from inference.schema import Box
from inference.vocabulary import FlagKind, Label


@dataclass(frozen=True, slots=True)
class Chair:
    """What an adjudicator shows to write: the adjudication they hold, and by which lease."""

    adjudication_id: uuid.UUID
    adjudicator: User
    token: uuid.UUID
    fence: int


@dataclass(frozen=True, slots=True)
class FlagRuling:
    """The adjudicator's answer to one flag. ``id`` is the client's own."""

    id: uuid.UUID
    flag_id: uuid.UUID
    verdict: Verdict
    reason: Reason | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class LabelRuling:
    """Whether a finding that some reader added is there. ``id`` is the client's own."""

    id: uuid.UUID
    label: Label
    present: bool
    box: Box | None = None


@transaction.atomic
def claim_adjudication(*, adjudication_id: uuid.UUID, adjudicator: User) -> Adjudication:
    """Take the chair, or keep it. Raises ``not_available`` while somebody else has it."""
    chosen = _lock(adjudication_id, adjudicator)
    now = timezone.now()
    if chosen.state != Adjudication.State.OPEN:
        raise _ended(chosen)
    live = chosen.leased_until is not None and chosen.leased_until > now
    if live and chosen.adjudicator_id != adjudicator.pk:
        raise Conflict("not_available", "Another adjudicator has this item now.")
    if not live or chosen.lease_token is None:
        chosen.fence += 1
        chosen.lease_token = uuid.uuid4()
    chosen.adjudicator = adjudicator
    chosen.leased_until = now + timedelta(minutes=chosen.queue.lease_minutes)
    chosen.save()
    record(
        actor=adjudicator,
        action="adjudication.claimed",
        target=chosen,
        data={"fence": chosen.fence},
    )
    return chosen


@transaction.atomic
def release_adjudication(*, chair: Chair) -> None:
    """Leave the chair; anybody who may adjudicate can take it."""
    held = _hold(chair)
    held.adjudicator = None
    _leave(held)
    record(
        actor=chair.adjudicator,
        action="adjudication.released",
        target=held,
        data={"fence": held.fence},
    )


@transaction.atomic
def settle_adjudication(
    *, chair: Chair, reason: str, flags: Sequence[FlagRuling], labels: Sequence[LabelRuling]
) -> Adjudication:
    """Rule on everything the reads differ in, once, with a reason. Sent again it is the same.

    :raises InvalidInput: ``rulings`` or ``missed`` unless exactly the differences are ruled on.
    """
    item = _item_of(chair.adjudication_id)
    held = _lock(chair.adjudication_id, chair.adjudicator)
    ids = [ruling.id for ruling in flags] + [ruling.id for ruling in labels]
    if _settled_so(held, chair, set(ids)):
        return held
    _require_chair(held, chair)
    _require_whole(held, flags, labels)
    _rule_on_flags(item, held, flags)
    _rule_on_labels(item, held, labels)
    held.state = Adjudication.State.SETTLED
    held.reason = reason
    held.settled_at = timezone.now()
    _leave(held)
    record(
        actor=chair.adjudicator,
        action="adjudication.settled",
        target=held,
        data={"item": str(item.pk), "rulings": len(flags) + len(labels)},
    )
    emit(event="adjudication.settled", target=held, data={"audit": str(item.audit_id)})
    return held


def _settled_so(held: Adjudication, chair: Chair, rulings: set[uuid.UUID]) -> bool:
    """Whether this very settling, sent again, is what settled it."""
    if held.state != Adjudication.State.SETTLED or held.adjudicator_id != chair.adjudicator.pk:
        return False
    return rulings == set(held.rulings.values_list("pk", flat=True))


def _item_of(adjudication_id: uuid.UUID) -> ReviewItem:
    item = (
        ReviewItem.objects.select_for_update(of=("self",), no_key=True)
        .filter(adjudications=adjudication_id)
        .select_related("queue", "audit")
        .first()
    )
    if item is None:
        raise NotFound("adjudication")
    return item


def _lock(adjudication_id: uuid.UUID, adjudicator: User) -> Adjudication:
    chosen = (
        visible_adjudications(adjudicator)
        .select_for_update(of=("self",))
        .select_related("queue", "item")
        .filter(pk=adjudication_id)
        .first()
    )
    if chosen is None:
        raise NotFound("adjudication")
    return chosen


def _hold(chair: Chair) -> Adjudication:
    held = _lock(chair.adjudication_id, chair.adjudicator)
    _require_chair(held, chair)
    return held


def _require_chair(held: Adjudication, chair: Chair) -> None:
    if held.state != Adjudication.State.OPEN:
        raise _ended(held)
    if (held.adjudicator_id, held.lease_token, held.fence) != (
        chair.adjudicator.pk,
        chair.token,
        chair.fence,
    ):
        raise Conflict("lease_taken", "You do not hold this item. Claim it first.")
    if held.leased_until is None or held.leased_until <= timezone.now():
        raise Conflict("lease_expired", "Your time on this item ran out. Claim it again.")


def _ended(chosen: Adjudication) -> Conflict:
    return Conflict(f"already_{chosen.state}", f"This adjudication is {chosen.state}.")


def _leave(held: Adjudication) -> None:
    held.lease_token = None
    held.leased_until = None
    held.save()


def _require_whole(
    held: Adjudication, flags: Sequence[FlagRuling], labels: Sequence[LabelRuling]
) -> None:
    wanted_flags = sorted(each["flag"] for each in held.differs if each["flag"])
    wanted_labels = sorted(each["label"] for each in held.differs if not each["flag"])
    if sorted(str(ruling.flag_id) for ruling in flags) != wanted_flags:
        raise InvalidInput("rulings", f"Rule once on each of these flags: {_listed(wanted_flags)}.")
    if sorted(ruling.label for ruling in labels) != wanted_labels:
        raise InvalidInput(
            "missed", f"Rule once on each of these labels: {_listed(wanted_labels)}."
        )
    ids = [ruling.id for ruling in flags] + [ruling.id for ruling in labels]
    if len(set(ids)) < len(ids) or Ruling.objects.filter(pk__in=ids).exists():
        raise InvalidInput("id", "An id is taken. Make a new random UUID for each ruling.")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _rule_on_flags(item: ReviewItem, held: Adjudication, rulings: Sequence[FlagRuling]) -> None:
    flags = Flag.objects.in_bulk([ruling.flag_id for ruling in rulings])
    for ruling in rulings:
        flag = flags[ruling.flag_id]
        answer = _checked(FlagKind(flag.kind), ruling)
        Ruling.objects.create(
            id=ruling.id,
            adjudication=held,
            label=flag.label,
            flag=flag,
            verdict=ruling.verdict,
            reason=ruling.reason,
            box=list(ruling.box) if ruling.box else None,
        )
        row = flag_settlement(item, SettlingRule.ADJUDICATED, question(flag), answer)
        row.adjudication = held
        row.save()


def _checked(kind: FlagKind, ruling: FlagRuling) -> FlagAnswer:
    try:
        check_answer(kind, ruling.verdict, ruling.reason, has_box=ruling.box is not None)
    except AnswerRefused as refused:
        raise InvalidInput("rulings", str(refused)) from refused
    said = layers(kind, ruling.verdict, ruling.reason)
    box = ruling.box if ruling.verdict is Verdict.CONFIRMED_MODIFIED else None
    return FlagAnswer(ruling.verdict, ruling.reason, said, box)


def _rule_on_labels(item: ReviewItem, held: Adjudication, rulings: Sequence[LabelRuling]) -> None:
    for ruling in rulings:
        Ruling.objects.create(
            id=ruling.id,
            adjudication=held,
            label=ruling.label,
            present=ruling.present,
            box=list(ruling.box) if ruling.box else None,
        )
        row = label_settlement(
            item, SettlingRule.ADJUDICATED, ruling.label, present=ruling.present, box=ruling.box
        )
        row.adjudication = held
        row.save()
