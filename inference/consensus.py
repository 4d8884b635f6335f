"""Where the reads of one audit differ, and what they say together where they do not.

Reads differ on a flag by verdict, by what the answer says of the finding (label), or by the place
of its box; on a label without a flag when some readers added it and others did not, or in
different places. Nothing else is a difference: readers may word an agreed dismissal differently.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from inference.boxes import iou_matrix, mean_box
from inference.decisions import Layers, Reason, Verdict
from inference.schema import Box
from inference.vocabulary import LABELS, Label

Word = TypeVar("Word")


class What(StrEnum):
    """What about a flag or label the reads differ in."""

    VERDICT = "verdict"
    LABEL = "label"
    BOX = "box"


@dataclass(frozen=True, slots=True)
class Question:
    """A flag as its readers saw it."""

    id: UUID
    label: Label
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class FlagAnswer:
    """What one reader answered to one flag; ``box`` only where they corrected it."""

    verdict: Verdict
    reason: Reason | None = None
    layers: Layers = field(default_factory=Layers)
    box: Box | None = None

    @property
    def confirms(self) -> bool:
        return self.verdict in (Verdict.CONFIRMED, Verdict.CONFIRMED_MODIFIED)


@dataclass(frozen=True, slots=True)
class Reading:
    """One submitted read: an answer to every flag, and the labels it added with their boxes."""

    answers: Mapping[UUID, FlagAnswer]
    added: Mapping[Label, tuple[Box, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """``flag`` is None for a label that some reader added."""

    what: What
    label: Label
    flag: UUID | None = None


def differences(
    questions: Sequence[Question], readings: Sequence[Reading], bar: float
) -> list[Difference]:
    """Everything the readings differ in, at most once a flag and once a label.

    ``bar`` is the IoU under which two boxes are in different places.
    """
    found = [_on_flag(question, readings, bar) for question in questions]
    found += [_on_label(label, readings, bar) for label in LABELS]
    return [difference for difference in found if difference is not None]


def together(answers: Sequence[FlagAnswer]) -> FlagAnswer:
    """The one answer of readers who do not differ: unanimous parts, and the mean of the boxes."""
    boxes = [answer.box for answer in answers if answer.box is not None]
    verdict = Verdict.CONFIRMED_MODIFIED if boxes and answers[0].confirms else answers[0].verdict
    layers = [answer.layers for answer in answers]
    return FlagAnswer(
        verdict=verdict,
        reason=_unanimous(answer.reason for answer in answers),
        layers=Layers(
            finding_true=_unanimous(each.finding_true for each in layers),
            box_right=False if boxes else _unanimous(each.box_right for each in layers),
            draft_read_right=_unanimous(each.draft_read_right for each in layers),
        ),
        box=mean_box(boxes) if boxes else None,
    )


def same_place(one: Sequence[Box], other: Sequence[Box], bar: float) -> bool:
    """Whether each box of either reader overlaps one of the other's by at least ``bar``.

    A reader who drew none said nothing of the place.
    """
    if not one or not other:
        return True
    overlaps = iou_matrix(one, other)
    return bool(overlaps.max(axis=1).min() >= bar and overlaps.max(axis=0).min() >= bar)


def _on_flag(question: Question, readings: Sequence[Reading], bar: float) -> Difference | None:
    answers = [reading.answers[question.id] for reading in readings]
    if len({_stance(answer) for answer in answers}) > 1:
        return Difference(What.VERDICT, question.label, question.id)
    if {True, False} <= {answer.layers.finding_true for answer in answers}:
        return Difference(What.LABEL, question.label, question.id)
    if answers[0].confirms:
        places = [(answer.box,) if answer.box else question.boxes for answer in answers]
        if _apart(places, bar):
            return Difference(What.BOX, question.label, question.id)
    return None


def _on_label(label: Label, readings: Sequence[Reading], bar: float) -> Difference | None:
    places = [reading.added[label] for reading in readings if label in reading.added]
    if not places:
        return None
    if len(places) < len(readings):
        return Difference(What.LABEL, label)
    return Difference(What.BOX, label) if _apart(places, bar) else None


def _stance(answer: FlagAnswer) -> Verdict:
    return Verdict.CONFIRMED if answer.confirms else answer.verdict


def _apart(places: Sequence[Sequence[Box]], bar: float) -> bool:
    return any(not same_place(one, other, bar) for one, other in _pairs(places))


def _pairs(places: Sequence[Sequence[Box]]) -> Iterator[tuple[Sequence[Box], Sequence[Box]]]:
    for at, one in enumerate(places):
        for other in places[at + 1 :]:
            yield one, other


def _unanimous(words: Iterable[Word | None]) -> Word | None:
    said = set(words)
    return said.pop() if len(said) == 1 else None
