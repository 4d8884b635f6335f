"""What a model is taught to answer, in its checkpoint's own box convention."""

import json
import math
from dataclasses import dataclass
from typing import Any, Final

from inference.boxes import BoxFormat
from inference.curation.examples import Example
from inference.schema import Box

CHECKPOINTS: Final[dict[str, BoxFormat]] = {
    "fractions": BoxFormat(),
    "medgemma": BoxFormat(scale=1000, padded=True),
}
"""Box conventions by name. MedGemma 1.5's own notebook: [y0, x0, y1, x1] in 0..1000 of the image
padded to a centred square. ``fractions``: 0..1 of the image itself."""

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Target:
    """The convention of one checkpoint; raises ``KeyError`` for a name without one."""

    checkpoint: str = "fractions"

    @property
    def form(self) -> BoxFormat:
        return CHECKPOINTS[self.checkpoint]

    @property
    def question(self) -> str:
        where = "of the image padded to a square" if self.form.padded else "of the image"
        return (
            "Find pleural effusion, pneumothorax, lung opacity or consolidation, nodule or mass "
            "and cardiomegaly on this chest X-ray. Answer with a JSON list of "
            f'{{"label", "box_2d": [y0, x0, y1, x1] in 0..{self.form.scale:g} {where}, or null}}.'
        )

    def answer(self, example: Example) -> str:
        """JSON with the labels in their order, each label's boxes sorted; ``[]`` on a normal."""
        items: list[dict[str, Any]] = [
            {
                "label": finding.label,
                "box_2d": None
                if finding.box is None
                else from_box(finding.box, self.form, example.height, example.width),
            }
            for finding in example.settled
        ]
        return json.dumps(items, separators=(",", ":"))


def from_box(box: Box, form: BoxFormat, height: int, width: int) -> list[float] | list[int]:
    """The box of an image of height x width pixels in ``form``: what ``to_box`` undoes.

    Rounded outwards, so that the smallest box keeps an area: to whole numbers of a scale of
    thousands, to four digits of a scale of 1. Only the order yxyx is written.
    """
    if form.order != "yxyx" or form.scale == "pixels":
        raise ValueError("targets are written as yxyx of a scale")
    frame_y, frame_x = (max(height, width),) * 2 if form.padded else (height, width)
    steps = form.scale if form.scale > 1 else 10**_DIGITS
    low = math.floor, math.floor
    high = math.ceil, math.ceil
    sides = [
        # Without what a float gets wrong, or .4 would round outwards to .4001.
        turn(round(_padded(value, frame, side) * steps, 9))
        for value, frame, side, turn in zip(
            box, (frame_y, frame_x) * 2, (height, width) * 2, low + high, strict=True
        )
    ]
    return sides if form.scale > 1 else [side / steps for side in sides]


def _padded(value: float, frame: int, side: int) -> float:
    return (value * side + (frame - side) // 2) / frame
