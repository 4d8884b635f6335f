"""What curation works on: one image, what is known of each label, and where it lies."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from inference.boxes import DEDUPE_IOU, dedupe_labels, group_boxes, iou, mean_box
from inference.release.tables import Split
from inference.schema import Box, Finding
from inference.vocabulary import LABELS, Label, State


@dataclass(frozen=True, slots=True)
class Example:
    """One image of one patient.

    ``states[label]`` is present or absent, or ``None`` where nobody settled it: never a negative.
    ``settled`` are boxes (or findings without one) that people stand behind, ``modelled`` those
    that only a model gave. ``picture`` is a file; ``height`` and ``width`` are its pixels, and
    ``fingerprint`` is its perceptual hash. ``split`` is empty where the source gives none.
    """

    id: str
    patient: str
    picture: Path
    states: dict[Label, State | None]
    settled: tuple[Finding, ...] = ()
    modelled: tuple[Finding, ...] = ()
    split: Split | Literal[""] = ""
    height: int = 0
    width: int = 0
    fingerprint: int = 0

    @property
    def present(self) -> frozenset[Label]:
        return frozenset(label for label in LABELS if self.states[label] is State.PRESENT)

    @property
    def open(self) -> tuple[Label, ...]:
        return tuple(label for label in LABELS if self.states[label] is None)

    @property
    def normal(self) -> bool:
        return all(state is State.ABSENT for state in self.states.values())


@dataclass(slots=True)
class Tally:
    """What was read, and what became of it; every drop has a reason, every box a fate.

    ``dropped`` counts images by reason, and images read = images kept + all of ``dropped``.
    ``boxes`` counts boxes by what happened to them, and boxes read = boxes kept + the rest.
    """

    read: int = 0
    kept: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    boxes: dict[str, int] = field(default_factory=dict)
    moved_with_their_patient: int = 0
    near_duplicates: list[list[str]] = field(default_factory=list)

    def drop(self, reason: str, count: int = 1) -> None:
        if count:
            self.dropped[reason] = self.dropped.get(reason, 0) + count

    def box(self, fate: str, count: int = 1) -> None:
        if count:
            self.boxes[fate] = self.boxes.get(fate, 0) + count

    def lose_box(self, fate: str, count: int = 1) -> None:
        """A box that was read and never came as far as being settled."""
        self.box("read", count)
        self.box(fate, count)


def settle(example: Example, tally: Tally) -> Example:
    """One finding a place: readers merged, two names of one place reduced, truth over models.

    Raises nothing; the result has all its findings in ``settled`` and none in ``modelled``. A
    label whose every box was given to a more specific one becomes open, not absent: a reader saw
    something there.
    """
    true = _placed(example.settled, example.present, tally)
    people = _reduced(_merged(true, tally), tally)
    spoken = {finding.label for finding in true}
    offered = _unless_settled(example, spoken, tally)
    model = _reduced(_merged(offered, tally), tally)
    findings = people + _beside(people, model, tally)
    findings += _placeless(example, findings, true + offered)
    tally.box("kept", sum(finding.box is not None for finding in findings))
    named = {finding.label for finding in findings}
    states = {
        label: None if state is State.PRESENT and label not in named else state
        for label, state in example.states.items()
    }
    return replace(example, states=states, settled=tuple(sorted(findings, key=order)), modelled=())


def order(finding: Finding) -> tuple[int, Box]:
    return LABELS.index(finding.label), finding.box or (2.0, 2.0, 2.0, 2.0)


def _placed(findings: Sequence[Finding], present: frozenset[Label], tally: Tally) -> list[Finding]:
    """The findings with a box, of labels that are present; counts every box it meets."""
    boxed = [finding for finding in findings if finding.box is not None]
    tally.box("read", len(boxed))
    kept = [finding for finding in boxed if finding.label in present]
    tally.box("of_a_label_not_present", len(boxed) - len(kept))
    return kept


def _unless_settled(example: Example, spoken: set[Label], tally: Tally) -> list[Finding]:
    boxed = _placed(example.modelled, example.present, tally)
    kept = [finding for finding in boxed if finding.label not in spoken]
    tally.box("model_overruled", len(boxed) - len(kept))
    return kept


def _merged(findings: Sequence[Finding], tally: Tally) -> list[Finding]:
    merged: list[Finding] = []
    for label in LABELS:
        # Sorted first, so that the order of readers changes nothing.
        boxes = sorted(f.box for f in findings if f.label == label and f.box is not None)
        groups = group_boxes(boxes)
        merged += [Finding(label, mean_box([boxes[at] for at in group])) for group in groups]
        tally.box("merged", len(boxes) - len(groups))
    return merged


def _reduced(findings: Sequence[Finding], tally: Tally) -> list[Finding]:
    kept, dropped = dedupe_labels(findings)
    tally.box("reduced_to_a_more_specific_label", len(dropped))
    return kept


def _beside(people: Sequence[Finding], model: Sequence[Finding], tally: Tally) -> list[Finding]:
    """The model's findings that no settled one of another label already stands for."""
    kept = [finding for finding in model if not any(_one_place(finding, other) for other in people)]
    tally.box("model_overruled", len(model) - len(kept))
    return kept


def _one_place(one: Finding, other: Finding) -> bool:
    return one.box is not None and other.box is not None and iou(one.box, other.box) >= DEDUPE_IOU


def _placeless(
    example: Example, findings: Sequence[Finding], boxed: Sequence[Finding]
) -> list[Finding]:
    """A finding without a box for each present label that never had one."""
    located = {finding.label for finding in boxed}
    return [Finding(label) for label in LABELS if label in example.present and label not in located]
