"""From the network's maps to boxes. numpy only; the same code scores training and serves users."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.schema import Box
from inference.vocabulary import LABELS, Label

Array = npt.NDArray[np.float32]

TOP_CELLS = 4
NEIGHBOURS = 1
"""A peak's box is the mean over the cells at most this far from it."""
SECOND_PEAK_GAP = 2.0
"""A second box must lie this many half-sides of the first away from its centre."""


@dataclass(frozen=True, slots=True)
class Maps:
    """One picture's raw maps for one head, labels in the head's order.

    ``heat`` logits [K, h, w]; ``ltrb`` [K, 4, h, w], distances from the cell to top, left, bottom
    and right in units of the image.
    """

    labels: tuple[Label, ...]
    heat: Array
    ltrb: Array


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place for one label; ``strength`` is the smoothed heat there, 0..1."""

    label: Label
    box: Box
    strength: float


def mirror(maps: Maps) -> Maps:
    """The maps of the mirrored picture, turned back: columns reversed, left and right swapped."""
    return Maps(maps.labels, maps.heat[..., ::-1], maps.ltrb[:, [0, 3, 2, 1], :, ::-1])


def average(several: list[Maps]) -> Maps:
    """The mean of several views of one picture: logits for heat, distances for boxes."""
    heat = np.stack([m.heat for m in several]).mean(axis=0, dtype=np.float32)
    ltrb = np.stack([m.ltrb for m in several]).mean(axis=0, dtype=np.float32)
    return Maps(several[0].labels, heat, ltrb)


def peak_logits(maps: Maps) -> dict[Label, float]:
    """Per label the mean of the ``TOP_CELLS`` strongest heat logits: how sure the map is."""
    flat = maps.heat.reshape(len(maps.labels), -1)
    top = np.partition(flat, -TOP_CELLS, axis=1)[:, -TOP_CELLS:].mean(axis=1)
    return {label: float(value) for label, value in zip(maps.labels, top, strict=True)}


def candidates(maps: Maps, most: int = 2) -> dict[Label, list[Candidate]]:
    """Up to ``most`` boxes a label, strongest first; every label has at least one."""
    heat = 1.0 / (1.0 + np.exp(-maps.heat))
    return {
        label: _places(label, heat[row], maps.ltrb[row], most)
        for row, label in enumerate(maps.labels)
    }


def in_order(found: dict[Label, list[Candidate]]) -> list[Candidate]:
    return [candidate for label in LABELS for candidate in found.get(label, [])]


def _places(label: Label, heat: Array, ltrb: Array, most: int) -> list[Candidate]:
    smooth = _blur(_blur(heat))
    found: list[Candidate] = []
    for _ in range(most):
        row, column = np.unravel_index(int(smooth.argmax()), smooth.shape)
        strength = float(smooth[row, column])
        if strength <= 0.0:
            break
        box = _box_at(heat, ltrb, int(row), int(column))
        found.append(Candidate(label, box, strength))
        smooth = np.where(_near(box, smooth.shape), 0.0, smooth).astype(np.float32)
    return found


def _box_at(heat: Array, ltrb: Array, row: int, column: int) -> Box:
    """The mean box round a peak, weighted by squared heat, clipped to the picture."""
    rows, columns = heat.shape
    low_y, high_y = max(0, row - NEIGHBOURS), min(rows, row + NEIGHBOURS + 1)
    low_x, high_x = max(0, column - NEIGHBOURS), min(columns, column + NEIGHBOURS + 1)
    weight = heat[low_y:high_y, low_x:high_x].astype(np.float64) ** 2
    weight = weight / weight.sum()
    y = ((np.arange(low_y, high_y) + 0.5) / rows)[:, None]
    x = ((np.arange(low_x, high_x) + 0.5) / columns)[None, :]
    top, left, bottom, right = ltrb[:, low_y:high_y, low_x:high_x]
    y0, x0 = float((weight * (y - top)).sum()), float((weight * (x - left)).sum())
    y1, x1 = float((weight * (y + bottom)).sum()), float((weight * (x + right)).sum())
    return max(0.0, y0), max(0.0, x0), min(1.0, y1), min(1.0, x1)


def _near(box: Box, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Cells so close to ``box`` that a second peak there would be the same finding."""
    rows, columns = shape
    y = ((np.arange(rows) + 0.5) / rows)[:, None]
    x = ((np.arange(columns) + 0.5) / columns)[None, :]
    tall, wide = (box[2] - box[0]) / 2 * SECOND_PEAK_GAP, (box[3] - box[1]) / 2 * SECOND_PEAK_GAP
    near_y = np.abs(y - (box[0] + box[2]) / 2) <= max(tall, 1.5 / rows)
    near_x = np.abs(x - (box[1] + box[3]) / 2) <= max(wide, 1.5 / columns)
    return np.asarray(near_y & near_x)


def _blur(heat: Array) -> Array:
    """The 3 x 3 mean, edges repeated."""
    padded = np.pad(heat, 1, mode="edge")
    rows, columns = heat.shape
    total = sum(padded[dy : dy + rows, dx : dx + columns] for dy in range(3) for dx in range(3))
    return np.asarray(total, dtype=np.float32) / 9.0
