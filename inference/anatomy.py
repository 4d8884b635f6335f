"""Where heart and lungs are in a frontal radiograph, and the cardiothoracic ratio they give.

A measurement, never a diagnosis: an AP film magnifies the heart, a poor breath widens it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SIZE = 160
"""Pixels of the network's square input."""

ORGANS = ("right_lung", "left_lung", "heart")
"""The patient's sides: his right lung lies on the picture's left."""

RIGHT_LUNG, LEFT_LUNG, HEART = range(3)

Masks = npt.NDArray[np.bool_]
Chances = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Anatomy:
    """``masks`` bool [3, 160, 160] in ``ORGANS`` order, one piece each; ``sureness`` 0..1 is the
    mean chance inside the masks (0 where there is none)."""

    masks: Masks
    sureness: float

    def share(self, organ: int) -> float:
        """The organ's area as a share of the picture."""
        return float(self.masks[organ].mean())


@dataclass(frozen=True, slots=True)
class HeartWidth:
    """The cardiothoracic ratio and its landmarks, in 0..1 of the picture's width and height.

    ``heart`` and ``chest`` are (x0, x1) of the widest extents, drawn at heights ``heart_y`` and
    ``chest_y``.
    """

    ratio: float
    heart: tuple[float, float]
    chest: tuple[float, float]
    heart_y: float
    chest_y: float


def anatomy_of(chances: Chances) -> Anatomy:
    """Masks from the network's chances [3, S, S]: above one half, largest piece each."""
    masks = np.stack([_one_piece(organ > 0.5) for organ in chances])
    inside = chances[masks]
    return Anatomy(masks, float(inside.mean()) if inside.size else 0.0)


def heart_width(anatomy: Anatomy) -> HeartWidth | None:
    """Widest heart over widest chest between the lungs' outer borders; None without all three.

    Danzer, Am J Med Sci 1919. The lungs' outer borders stand for the inner ribs.
    """
    if not all(mask.any() for mask in anatomy.masks):
        return None
    heart_y, heart = _widest(anatomy.masks[HEART])
    lungs = anatomy.masks[RIGHT_LUNG] | anatomy.masks[LEFT_LUNG]
    chest_y, chest = _widest(lungs)
    wide = chest[1] - chest[0]
    columns = np.flatnonzero(anatomy.masks[HEART].any(axis=0))
    heart = (int(columns[0]), int(columns[-1]) + 1)
    return HeartWidth(
        ratio=(heart[1] - heart[0]) / wide,
        heart=(heart[0] / SIZE, heart[1] / SIZE),
        chest=(chest[0] / SIZE, chest[1] / SIZE),
        heart_y=(heart_y + 0.5) / SIZE,
        chest_y=(chest_y + 0.5) / SIZE,
    )


def chest_region(anatomy: Anatomy, reach: float) -> Masks:
    """Lungs, heart and what lies between them, grown by ``reach`` (a share of the picture's side)
    in steps up, down and sideways: bool [S, S]."""
    organs = np.asarray(anatomy.masks.any(axis=0))
    region = organs | _filled(organs) | _filled(organs.T).T
    for _ in range(round(reach * SIZE)):
        wide = np.pad(region, 1)
        region = region | wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:]
    return region


def _filled(mask: Masks) -> Masks:
    """Each row from its first true column to its last."""
    reached = np.logical_or.accumulate(mask, axis=1)
    return np.asarray(reached & np.logical_or.accumulate(mask[:, ::-1], axis=1)[:, ::-1])


def _widest(mask: npt.NDArray[np.bool_]) -> tuple[int, tuple[int, int]]:
    """The row where the mask reaches furthest, and its first and past-the-last column there."""
    first = np.where(mask.any(axis=1), mask.argmax(axis=1), 0)
    last = np.where(mask.any(axis=1), mask.shape[1] - mask[:, ::-1].argmax(axis=1), 0)
    row = int((last - first).argmax())
    return row, (int(first[row]), int(last[row]))


def _one_piece(mask: Masks) -> Masks:
    """The largest 4-connected piece of ``mask`` [h, w]: runs of a row joined to those above."""
    runs = _runs(mask)
    parent = list(range(len(runs)))
    above: list[int] = []
    for row in sorted({run[0] for run in runs}):
        here = [i for i, run in enumerate(runs) if run[0] == row]
        for i in here:
            for j in above:
                if runs[j][0] == row - 1 and runs[j][1] < runs[i][2] and runs[i][1] < runs[j][2]:
                    parent[_root(parent, i)] = _root(parent, j)
        above = here
    areas = np.zeros(len(runs), dtype=np.int64)
    for i, (_, start, end) in enumerate(runs):
        areas[_root(parent, i)] += end - start
    kept = np.zeros_like(mask)
    for i, (row, start, end) in enumerate(runs):
        if _root(parent, i) == int(areas.argmax()):
            kept[row, start:end] = True
    return kept


def _runs(mask: Masks) -> list[tuple[int, int, int]]:
    """Every horizontal run of ``mask`` as (row, first column, past-the-last column)."""
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    return [(int(r), int(a), int(b)) for (r, a), (_, b) in zip(starts, ends, strict=True)]


def _root(parent: list[int], item: int) -> int:
    while parent[item] != item:
        item = parent[item]
    return item
