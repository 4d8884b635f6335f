"""The two kinds of line that ``evaluate`` reads, checked at the door."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass as checked

from inference.schema import Box
from inference.vocabulary import LABELS, ImageState, Label, State


def _ordered(box: Box) -> Box:
    y0, x0, y1, x1 = box
    if not (0 <= y0 < y1 <= 1 and 0 <= x0 < x1 <= 1):
        raise ValueError("a box is [y0, x0, y1, x1] in 0..1 with y0 < y1 and x0 < x1")
    return box


CheckedBox = Annotated[Box, AfterValidator(_ordered)]
Unit = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
_LOOSE = ConfigDict(extra="ignore")


@checked(config=_LOOSE)
class _TrueBox:
    label: Label
    box: CheckedBox


@checked(config=_LOOSE)
class _TruthLine:
    id: str | int
    patient: str | int | None = None
    labels: dict[Label, State | None] | None = None
    boxes: list[_TrueBox] = field(default_factory=list)


@checked(config=_LOOSE)
class _SaidFinding:
    label: Label
    box: CheckedBox | None = None
    score: Unit | None = None
    below: bool = False


@checked(config=_LOOSE)
class _PredictionLine:
    id: str | int
    findings: list[_SaidFinding]
    image_state: ImageState = ImageState.GROUNDED
    scores: dict[Label, Unit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of one image.

    ``states[label]`` is present or absent, or ``None`` where the truth does not say (null,
    uncertain, or a label that ``labels`` leaves out): such a pair of image and label is left out
    of every count. A line without ``labels`` is exhaustive: what has no box is absent. A box
    always makes its label present.
    """

    id: str
    patient: str
    states: dict[Label, State | None]
    boxes: dict[Label, tuple[Box, ...]]

    @property
    def normal(self) -> bool:
        """Whether every label is known to be absent."""
        return all(state is State.ABSENT for state in self.states.values())


@dataclass(frozen=True, slots=True)
class Candidate:
    """One box that a model drew or a finding without one; see Finding for ``below``."""

    box: Box | None
    score: float | None
    below: bool


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model said of one image: nothing at all if it ``failed``; ``partial`` if some of it
    could not be used."""

    id: str
    failed: bool
    candidates: dict[Label, tuple[Candidate, ...]]
    scores: dict[Label, float]
    partial: bool = False

    def says(self, label: Label) -> bool:
        return any(not each.below for each in self.candidates[label])


_TRUTH = TypeAdapter(_TruthLine)
_PREDICTION = TypeAdapter(_PredictionLine)


def read_truth(record: dict[str, Any]) -> Truth:
    """Check one truth line; raises pydantic's ValidationError (a ValueError)."""
    line = _TRUTH.validate_python(record)
    boxes = {label: tuple(b.box for b in line.boxes if b.label == label) for label in LABELS}
    stated = line.labels if line.labels is not None else dict.fromkeys(LABELS, State.ABSENT)
    states = {label: _known(stated.get(label)) for label in LABELS}
    states |= {label: State.PRESENT for label in LABELS if boxes[label]}
    # An image without a patient stands for itself; the mark keeps it apart from a patient's name.
    patient = f"image {line.id}" if line.patient is None else f"patient {line.patient}"
    return Truth(str(line.id), patient, states, boxes)


def read_prediction(record: dict[str, Any]) -> Prediction:
    """Check one prediction line as ``ground`` writes it; an error line is a failed image."""
    if record.get("error") is not None and "findings" not in record:
        record = {"id": record.get("id"), "image_state": ImageState.FAILED, "findings": []}
    line = _PREDICTION.validate_python(record)
    failed = line.image_state is ImageState.FAILED
    candidates = {
        label: tuple(
            Candidate(each.box, each.score, each.below)
            for each in line.findings
            if each.label == label and not failed
        )
        for label in LABELS
    }
    partial = line.image_state is ImageState.PARTIAL
    scores = {} if failed else dict(line.scores)
    return Prediction(str(line.id), failed, candidates, scores, partial)


def _known(state: State | None) -> State | None:
    return None if state is State.UNCERTAIN else state
