"""What the learning loop shows: a picture, and what its scripted reader knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.schema import Box
from inference.vocabulary import LABELS, Label, State


@dataclass(frozen=True, slots=True)
class Shown:
    """``states[label]`` is present, absent or ``None`` where even the reader can't say; ``boxes``
    hold none of a label that is known to be there and nobody placed."""

    name: str
    content: bytes
    patient: str
    source: str
    states: Mapping[Label, State | None]
    boxes: Mapping[Label, tuple[Box, ...]]
    view: str = "PA"

    @property
    def present(self) -> list[Label]:
        return [label for label in LABELS if self.states[label] is State.PRESENT]

    def truth_line(self) -> dict[str, Any]:
        """The picture as ``evaluate`` and ``compare-versions`` read a truth."""
        return {
            "id": self.name,
            "patient": self.patient,
            "labels": dict(self.states),
            "boxes": [
                {"label": label, "box": list(box)}
                for label in LABELS
                for box in self.boxes.get(label, ())
            ],
        }
