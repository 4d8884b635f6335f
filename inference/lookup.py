"""Large pictures through a table of all values that a pixel can have."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROWS = 256


def looked_up(table: NDArray[Any], places: NDArray[Any], *, first: int = 0) -> NDArray[Any]:
    """``table[places - first]`` for whole-numbered ``places`` [H, W], a few rows at a time.

    At once, numpy's own index would take eight bytes a pixel beside the picture.
    """
    found = np.empty(places.shape, table.dtype)
    for top in range(0, len(places), _ROWS):
        found[top : top + _ROWS] = table[places[top : top + _ROWS].astype(np.intp) - first]
    return found
