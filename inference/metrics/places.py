"""Where a label is: boxes compared inside one image and one label, never pooled over images."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inference.boxes import iou_matrix, match_boxes
from inference.metrics.intervals import Array
from inference.metrics.records import Candidate
from inference.schema import Box

LOOSE, STRICT = 0.3, 0.5
"""The two overlaps at which a box counts as found."""


@dataclass(frozen=True, slots=True)
class BoxCounts:
    """Sums of one label over images, each array [images]: what a rate is made of.

    ``matched_iou`` adds up the IoU of the pairs matched at 0.3.
    """

    true: Array
    said: Array
    loose: Array
    strict: Array
    matched_iou: Array


@dataclass(frozen=True, slots=True)
class BestBoxes:
    """The model's best box of a label against the truth, for images that have a true box.

    Arrays [images]: ``asked`` is 1 where there is a true box; ``overlap`` is the IoU of the best
    box with the true box it overlaps most, 0 where the model gives none.
    """

    asked: Array
    overlap: Array


def count_boxes(pairs: Sequence[tuple[Sequence[Box], Sequence[Candidate]]]) -> BoxCounts:
    """Match the boxes of one label, image by image; candidates below threshold do not count."""
    rows = np.zeros((len(pairs), 5))
    for row, (true, candidates) in zip(rows, pairs, strict=True):
        said = [each for each in candidates if each.box is not None and not each.below]
        boxes = [each.box for each in said if each.box is not None]
        scores = [each.score if each.score is not None else 0.0 for each in said]
        loose = match_boxes(boxes, true, threshold=LOOSE, scores=scores)
        strict = match_boxes(boxes, true, threshold=STRICT, scores=scores)
        row[:] = len(true), len(boxes), len(loose), len(strict), sum(pair.iou for pair in loose)
    return BoxCounts(*rows.T)


def best_boxes(pairs: Sequence[tuple[Sequence[Box], Sequence[Candidate]]]) -> BestBoxes:
    """Take the label as given: where does the model look for it, shown or below threshold?"""
    rows = np.zeros((len(pairs), 2))
    for row, (true, candidates) in zip(rows, pairs, strict=True):
        boxed = [(each.score or 0.0, each.box) for each in candidates if each.box is not None]
        best = [max(boxed)[1]] if boxed else []
        row[:] = bool(true), iou_matrix(best, true).max(initial=0.0)
    return BestBoxes(*rows.T)
