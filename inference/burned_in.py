"""Finds what looks like text burned into an image: strokes side by side in a row near an edge.

Acquisition stations write names, dates and numbers into the picture itself, where no metadata rule
reaches them. They are found by shape alone (nothing here reads): many strokes side by side, their
edges sharp, over the height of a line, in the outer part of the image. A side marker (L, R) has too
few strokes to count alone. `docs/privacy.md` says how much is found.
"""

import numpy as np
import numpy.typing as npt

WORK_SIDE = 1280
"""Larger images are looked at with every second, third, ... pixel, so that no side is longer."""
STEP = 40
"""Gray levels of 255 over two pixels that make the edge of a stroke."""
STROKES = 5
"""Strokes side by side in one row; a side marker with a ring around it has four."""
BORDER = 0.28
"""The outer part of each side that is looked at, as a share of it: a spine's wires lie within."""

_CELLS = 24
"""Half windows across the width: a window is two of them, 53 pixels of 640."""
_CELL_ROWS = 6
_ROWS_OF_A_LINE = 5
_SMALLEST = 64

Cells = npt.NDArray[np.int16]
Mask = npt.NDArray[np.bool_]


def looks_lettered(image: npt.NDArray[np.uint8]) -> bool:
    """Whether a line of text-like strokes lies in the outer part of an 8-bit gray image."""
    stride = -(-max(image.shape) // WORK_SIDE)
    small = image[::stride, ::stride]
    if min(small.shape) < _SMALLEST:
        return False
    return bool(_outer(_lines(small)).any())


def _lines(image: npt.NDArray[np.uint8]) -> Mask:
    """Per window (two cells wide, two cells high, overlapping by one): enough rows of strokes."""
    before, after = image[:, :-2], image[:, 2:]
    # Differences wrap around in 8 bits; the comparison before them keeps only those that do not.
    rises = _counted((after > before) & (after - before >= STEP))
    falls = _counted((before > after) & (before - after >= STEP))
    strokes = np.minimum(_pairs(rises, axis=1), _pairs(falls, axis=1))
    rows = (strokes >= STROKES).astype(np.int16)
    high = rows.shape[0] // _CELL_ROWS
    cells = rows[: high * _CELL_ROWS].reshape(high, _CELL_ROWS, -1).sum(axis=1, dtype=np.int16)
    return _pairs(cells, axis=0) >= _ROWS_OF_A_LINE


def _counted(steep: Mask) -> Cells:
    """Where steep stretches begin, counted per row and cell."""
    begins = steep.copy()
    begins[:, 1:] &= ~steep[:, :-1]
    wide = begins.shape[1] // _CELLS
    cells = begins[:, : wide * _CELLS].reshape(len(begins), _CELLS, wide)
    counts: Cells = cells.sum(axis=2, dtype=np.int16)
    return counts


def _pairs(cells: Cells, *, axis: int) -> Cells:
    """Each cell and the next along the axis together."""
    first, second = (cells[:-1], cells[1:]) if axis == 0 else (cells[:, :-1], cells[:, 1:])
    return first + second


def _outer(windows: Mask) -> Mask:
    outer = windows.copy()
    high, wide = (round(BORDER * side) for side in windows.shape)
    outer[high : windows.shape[0] - high, wide : windows.shape[1] - wide] = False
    return outer
