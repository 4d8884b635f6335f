"""Perceptual hashes: near for the same picture, never lost by the bands, grouped whatever order."""

import io
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from inference.fingerprints import (
    BITS,
    NEAR,
    bands,
    distance,
    near_groups,
    perceptual_hash,
)
from inference.phantoms import render_phantom

hashes = st.integers(-(2 ** (BITS - 1)), 2 ** (BITS - 1) - 1)


def phantom(seed: int) -> NDArray[np.uint8]:
    image = np.asarray(render_phantom(seed, (), size=256).image)
    return image if image.dtype == np.uint8 else (image >> 8).astype(np.uint8)


def as_jpeg(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=60)
    return np.asarray(Image.open(buffer))


def test_the_same_picture_written_otherwise_is_near() -> None:
    image = phantom(1)
    half = np.asarray(Image.fromarray(image).resize((128, 128)))
    deep = image.astype(np.uint16) * 257
    for other in (as_jpeg(image), half, deep):
        assert distance(perceptual_hash(image), perceptual_hash(other)) <= NEAR


def test_other_pictures_are_far() -> None:
    values = [perceptual_hash(phantom(seed)) for seed in range(6)]
    mirrored = perceptual_hash(phantom(0)[:, ::-1])
    assert distance(values[0], mirrored) > NEAR
    assert len(set(values)) == 6


@given(hashes, st.sets(st.integers(0, BITS - 1), max_size=NEAR))
def test_no_near_pair_escapes_the_bands(value: int, flipped: set[int]) -> None:
    other = value
    for bit in flipped:
        other ^= 1 << bit if bit < BITS - 1 else -(1 << (BITS - 1))
    assert distance(value, other) == len(flipped)
    assert any(a == b for a, b in zip(bands(value), bands(other), strict=True))


@given(
    st.lists(hashes, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 62)), max_size=12),
)
def test_groups_are_the_connected_parts(seeds: list[int], edits: list[tuple[int, int]]) -> None:
    values = list(seeds)
    for at, bit in edits:
        if values:
            values.append(values[at % len(values)] ^ (1 << bit))
    groups = near_groups(values)
    for (a, one), (b, other) in combinations(enumerate(values), 2):
        if distance(one, other) <= NEAR:
            assert groups[a] == groups[b]
    for at, first in enumerate(groups):
        assert first <= at and groups[first] == first


def test_nothing_has_no_groups() -> None:
    assert near_groups([]) == []
