"""Lettering is found by its shape: lines of strokes near an edge, not a marker, not a chest."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from inference.burned_in import looks_lettered
from inference.phantoms import render_phantom

Pixels = NDArray[np.uint8]
SIDE = 640


def plain(side: int = SIDE) -> Pixels:
    """A soft bright disc on black, as a chest in its collimated field."""
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    return (200 * np.clip(1.2 - np.hypot(x, y), 0, 1)).astype(np.uint8)


def lettered(
    line: str = "DOE, JANE 01/31/2024",
    at: tuple[int, int] = (12, 10),
    size: int = 16,
    side: int = SIDE,
) -> Pixels:
    page = Image.fromarray(plain(side))
    ImageDraw.Draw(page).text(at, line, fill=255, font=ImageFont.load_default(size))
    return np.asarray(page)


@pytest.mark.parametrize("at", [(12, 10), (440, 10), (12, 612), (440, 612)])
@pytest.mark.parametrize("line", ["DOE, JANE 01/31/2024", "MRN 12345678", "19480203 F 054Y"])
def test_a_line_in_any_corner_is_found(line: str, at: tuple[int, int]) -> None:
    assert looks_lettered(lettered(line, at))


@pytest.mark.parametrize("side", [400, 1000, 2500])
def test_at_any_resolution(side: int) -> None:
    assert looks_lettered(lettered(size=side // 40, side=side))
    assert not looks_lettered(plain(side))


def test_black_letters_on_bright_ground_are_found() -> None:
    assert looks_lettered(255 - lettered())


@pytest.mark.parametrize("marker", ["L", "R"])
@pytest.mark.parametrize("size", [16, 40])
def test_a_side_marker_alone_does_not_count(marker: str, size: int) -> None:
    assert not looks_lettered(lettered(marker, size=size))


def test_no_phantom_is_flagged() -> None:
    assert [seed for seed in range(6) if looks_lettered(render_phantom(seed).image)] == []


@pytest.mark.parametrize("shape", [(1, 1), (63, 2000), (64, 64), (2000, 65)])
def test_any_size_is_looked_at(shape: tuple[int, int]) -> None:
    assert not looks_lettered(np.zeros(shape, np.uint8))
