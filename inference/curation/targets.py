"""What a model is asked and taught to answer: by the numbered prompt that it will be asked with."""

import json
import math
from dataclasses import dataclass
from typing import Any, Final

from inference.boxes import BoxFormat
from inference.curation.examples import Example
from inference.prompts import Prompt
from inference.schema import Box

_DIGITS: Final = 3
"""Of a fraction: as many as the answers' schema lets a model write."""
_NORMAL: Final = {"label": "no_finding", "box_2d": None}


@dataclass(frozen=True, slots=True)
class Target:
    """One prompt's words, shape of answer and box convention."""

    prompt: Prompt

    @property
    def form(self) -> BoxFormat:
        return self.prompt.boxes or BoxFormat()

    def messages(self, example: Example) -> list[dict[str, Any]]:
        """System, question with the image, answer: word for word what the grounder sends."""
        question = [{"type": "image"}, _text(self.prompt.user.strip())]
        return [
            {"role": "system", "content": [_text(self.prompt.system.strip())]},
            {"role": "user", "content": question},
            {"role": "assistant", "content": [_text(self.answer(example))]},
        ]

    def answer(self, example: Example) -> str:
        """JSON that the prompt's schema allows: the labels in their order, boxes sorted."""
        items: list[dict[str, Any]] = [
            {
                "label": finding.label,
                "box_2d": None
                if finding.box is None
                else from_box(finding.box, self.form, example.height, example.width),
            }
            for finding in example.settled
        ]
        listed = items or [_NORMAL]
        answer = listed if self.prompt.listed else {self.prompt.answer: items}
        return json.dumps(answer, separators=(",", ":"))


def _text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def from_box(box: Box, form: BoxFormat, height: int, width: int) -> list[float] | list[int]:
    """The box of an image of height x width pixels in ``form``: what ``to_box`` undoes.

    Rounded outwards, so that the smallest box keeps an area: to whole numbers of a scale of
    thousands, to three digits of a scale of 1. Only the order yxyx is written.
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
