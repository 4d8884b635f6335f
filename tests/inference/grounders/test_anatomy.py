"""Masks and the cardiothoracic ratio, on organs drawn by hand."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.anatomy import HEART, LEFT_LUNG, RIGHT_LUNG, SIZE, Anatomy, anatomy_of, heart_width


def organs(heart: tuple[int, int] = (70, 105)) -> npt.NDArray[np.float32]:
    """Chances of two lungs from column 20 to 140 and a heart between the given columns."""
    chances = np.zeros((3, SIZE, SIZE), dtype=np.float32)
    chances[RIGHT_LUNG, 30:120, 20:65] = 0.9
    chances[LEFT_LUNG, 30:120, 100:140] = 0.9
    chances[HEART, 80:125, heart[0] : heart[1]] = 0.9
    return chances


@given(st.integers(40, 80), st.integers(10, 60))
def test_the_ratio_is_heart_over_chest(start: int, width: int) -> None:
    found = heart_width(anatomy_of(organs((start, start + width))))
    assert found is not None
    assert found.ratio == pytest.approx(width / 120)
    assert found.heart == (start / SIZE, (start + width) / SIZE)
    assert found.chest == (20 / SIZE, 140 / SIZE)


@pytest.mark.parametrize("organ", [RIGHT_LUNG, LEFT_LUNG, HEART])
def test_without_one_of_the_three_there_is_no_ratio(organ: int) -> None:
    chances = organs()
    chances[organ] = 0
    assert heart_width(anatomy_of(chances)) is None


def test_stray_pieces_do_not_count() -> None:
    chances = organs()
    chances[HEART, 5:9, 1:150] = 0.9
    found = heart_width(anatomy_of(chances))
    assert found is not None
    assert found.ratio == pytest.approx(35 / 120)


def test_a_piece_joined_below_is_one_piece() -> None:
    chances = np.zeros((3, SIZE, SIZE), dtype=np.float32)
    chances[HEART, 10:50, 10:14] = chances[HEART, 10:50, 40:44] = chances[HEART, 48:50, 10:44] = 1
    chances[RIGHT_LUNG, 100:110, 100:110] = 1
    masks = anatomy_of(chances).masks
    assert np.array_equal(masks[HEART], chances[HEART] > 0.5)


def test_nothing_found_is_not_sure_of_anything() -> None:
    found = anatomy_of(np.zeros((3, SIZE, SIZE), dtype=np.float32))
    assert found == Anatomy(found.masks, 0.0)
    assert not found.masks.any()
