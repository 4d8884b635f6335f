"""What the readings that came with a case say together: of one label, and of the whole image."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audits.models import ReadingKind, RecordedReading
from inference.boxes import merge_boxes
from inference.mappings import is_known
from inference.schema import Box, Finding, Grounding, LedgerEntry
from inference.vocabulary import LABELS, ImageState, Label, LedgerReason, State

Mark = Mapping[str, Any]


@dataclass(slots=True)
class Votes:
    """Of one label: how many readers assessed it, how many call it present, whether any marked it
    at all; and the marks of presence."""

    assessed: int = 0
    present: int = 0
    marked: bool = False
    marks: list[Mark] = field(default_factory=list)

    @property
    def is_present(self) -> bool:
        return self.present * 2 > self.assessed

    @property
    def is_absent(self) -> bool:
        return self.assessed > 0 and not self.marked

    @property
    def state(self) -> State | None:
        if not self.assessed:
            return None
        if self.is_present:
            return State.PRESENT
        return State.ABSENT if self.is_absent else State.UNCERTAIN


def votes_on(label: Label, readings: Sequence[RecordedReading]) -> Votes:
    """People before programs, where both assessed the label."""
    votes = Votes()
    own = [(reading, _of_label(label, reading)) for reading in readings]
    votes.marked = any(marks for _, marks in own)
    voters = [each for each in own if each[1] or label in each[0].assessed]
    people = [each for each in voters if each[0].kind == ReadingKind.ANNOTATED]
    for _, marks in people or voters:
        present = [mark for mark in marks if mark["state"] == State.PRESENT]
        votes.assessed += 1
        votes.present += bool(present)
        votes.marks += present
    return votes


def findings_of(label: Label, marks: Sequence[Mark]) -> list[Finding]:
    """One finding for each place that several readers drew; one without a box if none did."""
    boxes: list[Box | None] = [*merge_boxes([_box(mark) for mark in marks if mark["box"]])]
    return [Finding(label, box) for box in boxes or [None]]


def grounding_of(readings: Sequence[RecordedReading]) -> Grounding:
    """The readings as a grounder's answer; null for labels that none of them assessed.

    A single reader's boxes and scores stay as they are. What could not be used is the answer's
    ledger; where that is a finding by a name we don't know, the answer is partial: absence of
    anything is then not known.
    """
    votes = {label: votes_on(label, readings) for label in LABELS}
    alone = len(readings) == 1
    ledger = tuple(
        LedgerEntry(LedgerReason(entry["reason"]), entry["raw"], entry["detail"])
        for reading in readings
        for entry in reading.ledger
    )
    is_partial = any(
        entry.reason == LedgerReason.UNKNOWN_LABEL and not is_known(entry.raw) for entry in ledger
    )
    return Grounding(
        ImageState.PARTIAL if is_partial else ImageState.GROUNDED,
        {label: vote.state for label, vote in votes.items()},
        tuple(
            finding
            for label, vote in votes.items()
            if vote.is_present
            for finding in (_as_drawn if alone else findings_of)(label, vote.marks)
        ),
        image_normal=all(reading.normal for reading in readings),
        ledger=ledger,
    )


def _as_drawn(label: Label, marks: Sequence[Mark]) -> list[Finding]:
    return [
        Finding(label, _box(mark) if mark["box"] else None, mark.get("score")) for mark in marks
    ]


def _of_label(label: Label, reading: RecordedReading) -> list[Mark]:
    return [mark for mark in reading.findings if mark["label"] == label]


def _box(mark: Mark) -> Box:
    y0, x0, y1, x1 = mark["box"]
    return y0, x0, y1, x1
