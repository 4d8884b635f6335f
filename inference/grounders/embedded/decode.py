"""From the network's maps to boxes. numpy only; the same code scores training and serves users."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.schema import Box
from inference.vocabulary import Label

Array = npt.NDArray[np.float32]

TOP_CELLS = 4
NEIGHBOURS = 1
"""A peak's box is the mean over the cells at most this far from it."""


@dataclass(frozen=True, slots=True)
class Maps:
    """One picture's raw maps for one head, labels in the head's order.

    ``heat`` logits [K, h, w]; ``ltrb`` [K, 4, h, w], distances from the cell to top, left, bottom
    and right in units of the image.
    """

    labels: tuple[Label, ...]
    heat: Array
    ltrb: Array


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


def best_boxes(maps: Maps) -> dict[Label, Box]:
    """The box of each label at its strongest place. One a label: a second peak met a true box
    less often than it was drawn on normal pictures (docs/model-card-embedded.md)."""
    heat = 1.0 / (1.0 + np.exp(-maps.heat))
    return {
        label: box_at(heat[row], maps.ltrb[row], *strongest_cell(smoothed(heat[row])))
        for row, label in enumerate(maps.labels)
    }


def smoothed(heat: Array) -> Array:
    return _blur(_blur(heat))


def strongest_cell(heat: Array) -> tuple[int, int]:
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    return int(row), int(column)


def box_at(heat: Array, ltrb: Array, row: int, column: int) -> Box:
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


def _blur(heat: Array) -> Array:
    """The 3 x 3 mean, edges repeated."""
    padded = np.pad(heat, 1, mode="edge")
    rows, columns = heat.shape
    total = sum(padded[dy : dy + rows, dx : dx + columns] for dy in range(3) for dx in range(3))
    return np.asarray(total, dtype=np.float32) / 9.0
