"""The reads of an item that count, and what each says in the end."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from audits.models import (
    Decision,
    Flag,
    MissedFinding,
    Read,
    ReviewItem,
    Settlement,
)
from audits.selectors.reads import standing
from audits.selectors.statements import prepared
from inference.consensus import FlagAnswer, Question, Reading
from inference.decisions import Layers, Reason, Verdict
from inference.schema import Box
from inference.vocabulary import Label


def standing_reads(*, item: ReviewItem) -> list[Read]:
    """The reads of the item that count, in the order of their slots."""
    return _standing_reads(item.pk)


@prepared
def _standing_reads(item: uuid.UUID) -> QuerySet[Read]:
    return Read.objects.filter(standing(), slot__item=item).order_by("slot__number")


def standing_settlements() -> QuerySet[Settlement]:
    """What is settled and holds: no read behind it was reopened."""
    return Settlement.objects.filter(reopened_at=None)


def questions_of(*, audit_id: uuid.UUID) -> list[Question]:
    return [question(flag) for flag in _flags_of(audit_id)]


@prepared
def _flags_of(audit: uuid.UUID) -> QuerySet[Flag]:
    return Flag.objects.filter(audit=audit).order_by("position")


def question(flag: Flag) -> Question:
    boxes = tuple(_box(corners) for corners in flag.boxes)
    return Question(id=flag.pk, label=Label(flag.label), boxes=boxes)


def readings_of(*, reads: Sequence[Read]) -> dict[uuid.UUID, Reading]:
    """Per read what it says in the end, in two queries whatever their number."""
    if not reads:
        return {}
    answers: dict[uuid.UUID, dict[uuid.UUID, FlagAnswer]] = defaultdict(dict)
    live = Decision.objects.filter(read__in=reads, retraction__isnull=True)
    for decision in live.order_by("number"):
        answers[decision.read_id][decision.flag_id] = answer(decision)
    added: dict[uuid.UUID, dict[Label, list[Box]]] = defaultdict(lambda: defaultdict(list))
    found = MissedFinding.objects.filter(read__in=reads, retraction__isnull=True)
    for missed in found.order_by("created_at", "id"):
        boxes = added[missed.read_id][Label(missed.label)]
        if missed.box is not None:
            boxes.append(_box(missed.box))
    return {
        read.pk: Reading(
            answers=answers[read.pk],
            added={label: tuple(boxes) for label, boxes in added[read.pk].items()},
        )
        for read in reads
    }


def answer(decision: Decision) -> FlagAnswer:
    return FlagAnswer(
        verdict=Verdict(decision.verdict),
        reason=Reason(decision.reason) if decision.reason else None,
        layers=Layers(decision.finding_true, decision.box_right, decision.draft_read_right),
        box=_box(decision.box)
        if decision.box and decision.verdict == "confirmed_modified"
        else None,
    )


def _box(corners: Iterable[float]) -> Box:
    y0, x0, y1, x1 = corners
    return (y0, x0, y1, x1)
