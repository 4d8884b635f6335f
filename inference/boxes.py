"""Boxes: from any model's convention to ours, and how much two of them are one.

A :data:`~inference.schema.Box` is ``(y0, x0, y1, x1)`` in 0..1 of the stored image. Nothing here
knows an image's identity: callers compare boxes of ONE image and ONE label at a time. Boxes
pooled over images match each other by chance and inflate every score.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from inference.policies import SPECIFICITY
from inference.schema import Box, Finding, Side

MERGE_IOU: Final = 0.5
"""Boxes of one label at or above this IoU are one finding (three readers drawing one lesion)."""

DEDUPE_IOU: Final = 0.6
"""Boxes of two labels at or above this IoU are one finding with two names."""

_OVERSHOOT: Final = 0.05
_ONE_SIDED: Final = 0.75

Order = Literal["yxyx", "xyxy", "xywh"]


@dataclass(frozen=True, slots=True)
class BoxFormat:
    """The convention a box's source declares.

    ``scale`` is the number that stands for the whole side of the frame (1, 1000, 1024), or
    ``"pixels"``. ``padded`` says that the frame is the image padded to a centred square, as
    MedGemma's own notebook does; else it is the image itself.
    """

    scale: float | Literal["pixels"] = 1.0
    order: Order = "yxyx"
    padded: bool = False


class Converted(NamedTuple):
    """A usable box, or ``None`` and the sentence that says why not."""

    box: Box | None
    reason: str = ""


def to_box(values: object, form: BoxFormat, height: int, width: int) -> Converted:
    """Convert four numbers of a declared format to a box of an image of height x width pixels.

    A box up to 5% of the frame beyond its edge is clipped; one further out is refused, since it
    is most likely of another scale, and clipping it would invent a box as large as the image.
    """
    numbers = _four_numbers(values)
    if numbers is None:
        return Converted(None, "a box is four finite numbers")
    frame_y, frame_x = (max(height, width),) * 2 if form.padded else (height, width)
    y0, x0, y1, x1 = _yxyx(numbers, form.order)
    unit_y, unit_x = (frame_y, frame_x) if form.scale == "pixels" else (form.scale, form.scale)
    y0, x0, y1, x1 = y0 / unit_y, x0 / unit_x, y1 / unit_y, x1 / unit_x
    if not (y0 < y1 and x0 < x1):
        return Converted(None, "a box needs y0 < y1 and x0 < x1")
    if min(y0, x0) < -_OVERSHOOT or max(y1, x1) > 1 + _OVERSHOOT:
        return Converted(None, f"the box lies outside its frame: is its scale {form.scale}?")
    return _clipped(
        (
            _unpad(y0, frame_y, height),
            _unpad(x0, frame_x, width),
            _unpad(y1, frame_y, height),
            _unpad(x1, frame_x, width),
        )
    )


def _four_numbers(values: object) -> tuple[float, float, float, float] | None:
    if not isinstance(values, list | tuple) or len(values) != 4:
        return None
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        # One test for NaN, infinity, and whole numbers that no float can hold.
        if not abs(value) <= 1e9:
            return None
    y0, x0, y1, x1 = values
    return float(y0), float(x0), float(y1), float(x1)


def _yxyx(numbers: Box, order: Order) -> Box:
    a, b, c, d = numbers
    if order == "yxyx":
        return a, b, c, d
    if order == "xyxy":
        return b, a, d, c
    return b, a, b + d, a + c


def _unpad(value: float, frame: int, side: int) -> float:
    if frame == side:
        return value
    before = (frame - side) // 2
    return (value * frame - before) / side


def _clipped(box: Box) -> Converted:
    # Adding 0.0 turns -0.0 into 0.0, which writes differently and compares the same.
    y0, x0, y1, x1 = (min(max(value, 0.0), 1.0) + 0.0 for value in box)
    if not (y0 < y1 and x0 < x1):
        return Converted(None, "nothing of the box lies inside the image")
    return Converted((y0, x0, y1, x1))


def side_of(box: Box) -> Side | None:
    """The patient's side of a box in a frontal view: the image's left is the patient's right.

    A side is given when at least three quarters of the box's width lie in one half of the image.
    A box that straddles the midline has no side (``None``), and is not ``bilateral``: that word
    takes a box on each side.
    """
    _, x0, _, x1 = box
    midline = (0.5 - x0) / (x1 - x0)
    if midline >= _ONE_SIDED:
        return "right"
    return "left" if midline <= 1 - _ONE_SIDED else None


def side_of_all(boxes: Sequence[Box]) -> Side | None:
    """The patient's side on which all ``boxes`` lie; ``None`` if one of them has none."""
    sides = {side_of(box) for box in boxes}
    if not sides or None in sides:
        return None
    return "bilateral" if len(sides) == 2 else sides.pop()


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes, 0..1 (0 where an area is too small for a float)."""
    high = min(a[2], b[2]) - max(a[0], b[0])
    wide = min(a[3], b[3]) - max(a[1], b[1])
    if high <= 0 or wide <= 0:
        return 0.0
    shared = high * wide
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return shared / (union or 1.0)


def iou_matrix(a: Sequence[Box], b: Sequence[Box]) -> npt.NDArray[np.float64]:
    """IoU of every box of ``a`` [N] with every box of ``b`` [M]: shape [N, M], 0..1."""
    first = np.asarray(a, np.float64).reshape(-1, 1, 4)
    second = np.asarray(b, np.float64).reshape(1, -1, 4)
    low = np.maximum(first[..., :2], second[..., :2])
    high = np.minimum(first[..., 2:], second[..., 2:])
    shared = np.prod(np.clip(high - low, 0.0, None), axis=-1)
    union = _areas(first) + _areas(second) - shared
    return np.asarray(shared / np.where(union > 0, union, 1.0))


def _areas(boxes: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.prod(boxes[..., 2:] - boxes[..., :2], axis=-1))


def group_boxes(boxes: Sequence[Box], threshold: float = MERGE_IOU) -> list[list[int]]:
    """Indices of boxes joined by chains of IoU >= threshold (union-find), one list a group.

    Groups come in the order of their first box, indices ascending.
    """
    parent = list(range(len(boxes)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    overlap = iou_matrix(boxes, boxes)
    for i, j in np.argwhere(np.triu(overlap >= threshold, k=1)).tolist():
        low, high = sorted((root(i), root(j)))
        parent[high] = low
    groups: dict[int, list[int]] = {}
    for index in range(len(boxes)):
        groups.setdefault(root(index), []).append(index)
    return list(groups.values())


def merge_boxes(boxes: Sequence[Box], threshold: float = MERGE_IOU) -> list[Box]:
    """The mean box of each group of one image's and one label's boxes, sorted."""
    groups = group_boxes(boxes, threshold)
    return sorted(mean_box([boxes[index] for index in group]) for group in groups)


def mean_box(boxes: Sequence[Box]) -> Box:
    """The mean of each coordinate, the same to the last bit in any order."""
    y0, x0, y1, x1 = (math.fsum(values) / len(boxes) for values in zip(*boxes, strict=True))
    return y0, x0, y1, x1


def dedupe_labels(
    findings: Sequence[Finding], threshold: float = DEDUPE_IOU
) -> tuple[list[Finding], list[Finding]]:
    """Split one image's findings into (kept, dropped), each in the order given.

    Of two boxes with different labels at IoU >= threshold the more specific label stays. A
    finding without a box always stays.
    """
    rank = {label: place for place, label in enumerate(SPECIFICITY)}
    kept: list[int] = []
    for index in sorted(range(len(findings)), key=lambda i: rank[findings[i].label]):
        if not any(_same_place(findings[index], findings[other], threshold) for other in kept):
            kept.append(index)
    stays = set(kept)
    return (
        [finding for index, finding in enumerate(findings) if index in stays],
        [finding for index, finding in enumerate(findings) if index not in stays],
    )


def _same_place(one: Finding, other: Finding, threshold: float) -> bool:
    if one.label == other.label or one.box is None or other.box is None:
        return False
    return iou(one.box, other.box) >= threshold


class Match(NamedTuple):
    """A predicted box and the true box it stands for, by index."""

    predicted: int
    truth: int
    iou: float


def match_boxes(
    predicted: Sequence[Box],
    truth: Sequence[Box],
    *,
    threshold: float,
    scores: Sequence[float] | None = None,
) -> list[Match]:
    """Pair predicted with true boxes of ONE image and ONE label, each used at most once.

    Greedy, as COCO does: the highest score takes the free true box it overlaps most, if at IoU
    >= threshold. Without scores the closest pair goes first. Sorted by predicted index.
    """
    overlap = iou_matrix(predicted, truth)
    pairs = [
        (-(scores[i] if scores else 0.0), -float(overlap[i, j]), predicted[i], truth[j], i, j)
        for i, j in np.argwhere(overlap >= threshold).tolist()
    ]
    used_predicted: set[int] = set()
    used_truth: set[int] = set()
    matches: list[Match] = []
    for _, negative, _, _, i, j in sorted(pairs):
        if i not in used_predicted and j not in used_truth:
            used_predicted.add(i)
            used_truth.add(j)
            matches.append(Match(i, j, -negative))
    return sorted(matches)
