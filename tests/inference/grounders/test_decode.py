"""From maps to boxes, on maps made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference.grounders.embedded.decode import Maps, average, best_boxes, mirror, peak_logits
from inference.vocabulary import Label

LABEL = Label.PLEURAL_EFFUSION


def maps_with(*peaks: tuple[int, int], cells: int = 20, side: float = 0.1) -> Maps:
    heat = np.full((1, cells, cells), -8.0, dtype=np.float32)
    for strength, (row, column) in zip((4.0, 3.0, 2.0), peaks, strict=False):
        heat[0, row, column] = strength
    return Maps((LABEL,), heat, np.full((1, 4, cells, cells), side, dtype=np.float32))


def test_a_peak_becomes_a_box_round_its_cell() -> None:
    best = best_boxes(maps_with((10, 5)))[LABEL]
    assert best == pytest.approx((0.425, 0.175, 0.625, 0.375), abs=1e-3)


def test_the_strongest_peak_is_the_one_box() -> None:
    box = best_boxes(maps_with((10, 3), (10, 16)))[LABEL]
    assert round(box[1] + box[3], 2) == 0.35


def test_a_mirrored_picture_gives_mirrored_boxes() -> None:
    maps = maps_with((4, 3))
    maps.ltrb[:, 1] = 0.02
    plain, turned = (best_boxes(m)[LABEL] for m in (maps, mirror(maps)))
    assert turned == pytest.approx((plain[0], 1 - plain[3], plain[2], 1 - plain[1]), abs=1e-6)
    assert best_boxes(mirror(mirror(maps))) == best_boxes(maps)


def test_the_average_of_one_view_is_that_view() -> None:
    maps = maps_with((4, 3))
    assert best_boxes(average([maps, maps])) == best_boxes(maps)


def test_a_peak_is_the_mean_of_the_four_strongest_cells() -> None:
    maps = maps_with((10, 3), (2, 2), (5, 5))
    assert peak_logits(maps)[LABEL] == pytest.approx((4 + 3 + 2 - 8) / 4)


@given(
    arrays.arrays(np.float32, (1, 6, 6), elements=st.floats(-30, 30, width=32)),
    arrays.arrays(np.float32, (1, 4, 6, 6), elements=st.floats(0.0078125, 2, width=32)),
)
def test_any_maps_give_boxes_inside_the_picture(
    heat: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    ltrb: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
) -> None:
    y0, x0, y1, x1 = best_boxes(Maps((LABEL,), heat, ltrb))[LABEL]
    assert 0 <= y0 < y1 <= 1
    assert 0 <= x0 < x1 <= 1
