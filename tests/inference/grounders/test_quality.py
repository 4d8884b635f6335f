"""The quality screen: badges for what makes a picture hard to judge."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from inference.anatomy import SIZE
from inference.grounders.embedded.anatomist import Anatomist
from inference.grounders.embedded.card import read_card, read_weights
from inference.grounders.embedded.network import open_session
from inference.phantoms import render_phantom
from inference.quality import Screen, screen

Gray = npt.NDArray[np.uint8]
PLAIN = range(60, 72)
"""Phantoms without findings. One in ten may fool the screen; it is held to most, not to all."""


@dataclass(frozen=True)
class Room:
    anatomist: Anatomist

    def __call__(self, image: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]) -> Screen:
        return screen(image, self.anatomist)


@pytest.fixture(scope="module")
def look() -> Room:
    return Room(Anatomist(open_session(read_weights(read_card().anatomy))))


@pytest.fixture(scope="module")
def films() -> list[Gray]:
    return [render_phantom(seed, findings=(), size=400).image for seed in PLAIN]


def test_plain_frontal_films_get_no_badge(look: Room, films: list[Gray]) -> None:
    seen = [look(film) for film in films]
    assert all(s.frontal and not s.inverted for s in seen)
    assert sum(bool(s.notes) for s in seen) <= 1


def test_inverted_films_are_told(look: Room, films: list[Gray]) -> None:
    seen = [look(np.asarray(255 - film, dtype=np.uint8)) for film in films]
    assert sum(s.inverted for s in seen) >= 0.8 * len(seen)
    assert all(any("MONOCHROME1" in note for note in s.notes) for s in seen if s.inverted)


@pytest.mark.parametrize("turns", [1, 3])
def test_films_on_their_side_are_told_and_not_called_frontal(
    look: Room, films: list[Gray], turns: int
) -> None:
    seen = [look(np.ascontiguousarray(np.rot90(film, turns))) for film in films]
    told = [s for s in seen if any(f"{turns * 90} degrees" in note for note in s.notes)]
    assert len(told) >= 0.8 * len(seen)
    assert not any(s.frontal for s in told)


def test_a_film_cut_through_the_lungs_is_told(look: Room, films: list[Gray]) -> None:
    seen = [look(film[90:330, 110:290]) for film in films]
    told = [any("edge" in n or "frontal" in n for n in s.notes) for s in seen]
    assert sum(told) >= 0.8 * len(told)


def test_a_small_film_is_told_by_its_side(look: Room) -> None:
    notes = look(render_phantom(61, findings=(), size=200).image).notes
    assert any("200 pixels" in note for note in notes)


def test_burnt_dark_and_flat_films_are_told(look: Room, films: list[Gray]) -> None:
    film = films[0]
    bright = np.asarray(np.clip(film.astype(int) * 3, 0, 255), dtype=np.uint8)
    dark = np.asarray(np.clip(film.astype(int) - 150, 0, 255), dtype=np.uint8)
    flat = np.asarray(100 + film // 16, dtype=np.uint8)
    for image, word in ((bright, "white"), (dark, "black"), (flat, "contrast")):
        assert any(word in note for note in look(image).notes)


def test_a_twelve_bit_film_in_a_sixteen_bit_file_is_not_called_flat(
    look: Room, films: list[Gray]
) -> None:
    assert not any("contrast" in n for n in look(films[0].astype(np.uint16) * 16).notes)


def test_masks_lie_on_their_own_sides(look: Room, films: list[Gray]) -> None:
    for film in films:
        right, left, heart = (
            np.nonzero(mask)[1].mean() / SIZE for mask in look(film).anatomy.masks
        )
        assert right < heart < left


def test_a_uniform_image_can_not_be_screened(look: Room) -> None:
    with pytest.raises(ValueError, match="uniform"):
        look(np.full((200, 200), 9, dtype=np.uint8))
