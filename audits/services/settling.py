"""The written rules by which flags and labels settle, each leaving a row that names its rule.

- ``single_read``: the item needs one read, and it is in.
- ``agreement``: all its reads are in, and they do not differ on this flag or label.
- ``adjudicated``: they differed, and an adjudicator ruled.

A label without a flag settles as present when every reader added it, as absent when neither image
nor draft asserts it and all attest that nothing else was missed.
Nothing else settles anything.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from audits.models import (
    Adjudication,
    ReviewItem,
    ReviewSlot,
    Settlement,
    SettlingRule,
)
from audits.selectors.settled import readings_of, standing_reads
from audits.services.log import record
from inference.consensus import FlagAnswer, Question, Reading, differences, together
from inference.schema import Box
from inference.vocabulary import LABELS, Label, State


def settle_item(
    *, item: ReviewItem, questions: Sequence[Question], known: Mapping[uuid.UUID, Reading]
) -> None:
    """Settle what the item's reads agree on and open adjudication of the rest.

    Does nothing before every read is in. The item must be locked: of two readers who submit at
    once, the second sees both reads. ``questions`` are the item's, ``known`` is what some of its
    reads say, by read: the others are looked up.
    """
    if item.slots.exclude(state=ReviewSlot.State.SUBMITTED).exists():
        return
    reads = standing_reads(item=item)
    others = readings_of(reads=[read for read in reads if read.pk not in known])
    readings = [{**others, **known}[read.pk] for read in reads]
    differs = differences(questions, readings, item.queue.box_iou_bar)
    rule = SettlingRule.SINGLE_READ if len(reads) == 1 else SettlingRule.AGREEMENT
    open_flags = {each.flag for each in differs}
    open_labels = {each.label for each in differs if each.flag is None}
    rows = list(_settled_flags(item, rule, questions, readings, open_flags))
    denied = _denied_by_all(item, questions) if all(r.nothing_else_missed for r in reads) else set()
    rows += _settled_labels(item, rule, denied, readings, open_labels)
    Settlement.objects.bulk_create(rows)
    if differs:
        opened = Adjudication.objects.create(
            item=item,
            queue=item.queue,
            differs=[
                {
                    "what": each.what.value,
                    "label": each.label.value,
                    "flag": str(each.flag) if each.flag else None,
                }
                for each in differs
            ],
        )
        record(actor=None, action="adjudication.opened", target=opened, data={"item": str(item.pk)})
    else:
        record(actor=None, action="item.settled", target=item, data={"rule": rule.value})


def flag_settlement(
    item: ReviewItem, rule: SettlingRule, question: Question, answer: FlagAnswer
) -> Settlement:
    return Settlement(
        item=item,
        case_id=item.audit.case_id,
        label=question.label.value,
        flag_id=question.id,
        basis=Settlement.Basis.FLAG,
        rule=rule,
        verdict=answer.verdict,
        reason=answer.reason,
        finding_true=answer.layers.finding_true,
        box_right=answer.layers.box_right,
        draft_read_right=answer.layers.draft_read_right,
        box=_settled_box(question, answer),
    )


def label_settlement(
    item: ReviewItem, rule: SettlingRule, label: Label, *, present: bool, box: Box | None = None
) -> Settlement:
    """The label of a finding that a reader added."""
    return Settlement(
        item=item,
        case_id=item.audit.case_id,
        label=label.value,
        basis=Settlement.Basis.MISSED_FINDING,
        rule=rule,
        finding_true=present,
        box=list(box) if box else None,
    )


def _settled_box(question: Question, answer: FlagAnswer) -> list[float] | None:
    if answer.box is not None:
        return list(answer.box)
    if answer.layers.box_right and len(question.boxes) == 1:
        return list(question.boxes[0])
    return None


def _settled_flags(
    item: ReviewItem,
    rule: SettlingRule,
    questions: Iterable[Question],
    readings: list[Reading],
    still_open: Collection[object],
) -> Iterable[Settlement]:
    for question in questions:
        if question.id not in still_open:
            answer = together([reading.answers[question.id] for reading in readings])
            yield flag_settlement(item, rule, question, answer)


def _settled_labels(
    item: ReviewItem,
    rule: SettlingRule,
    denied: set[Label],
    readings: list[Reading],
    still_open: set[Label],
) -> Iterable[Settlement]:
    added = {label for reading in readings for label in reading.added}
    for label in sorted(added - still_open):
        boxes = [box for reading in readings for box in reading.added[label]]
        yield label_settlement(item, rule, label, present=True, box=boxes[0] if boxes else None)
    for label in sorted(denied - added):
        yield Settlement(
            item=item,
            case_id=item.audit.case_id,
            label=label.value,
            basis=Settlement.Basis.ATTESTED,
            rule=rule,
            finding_true=False,
        )


def _denied_by_all(item: ReviewItem, questions: Iterable[Question]) -> set[Label]:
    """Labels that the image's states deny and the draft does not assert."""
    audit = item.audit
    image, draft = audit.image_labels or {}, audit.draft_labels or {}
    flagged = {question.label for question in questions}
    return {
        label
        for label in LABELS
        if image.get(label) == State.ABSENT
        and draft.get(label) in (None, State.ABSENT)
        and label not in flagged
    }
