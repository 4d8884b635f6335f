"""Two fingerprints of a radiograph: of its exact pixels, and of what it looks like.

The latter is a 64-bit perceptual hash of which near-duplicates differ in few bits: the DCT hash of
C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions" (2010), section
3.2.1, as pHash has it: the picture at 32 x 32, its discrete cosine transform, the 8 x 8 lowest
frequencies without the first row and column, each bit whether one lies above their median.
Re-encoding, scaling and windowing change few bits. Chest X-rays resemble each other more than
photographs do: `NEAR` is set by measurement (docs/importing.md), not taken from there.
"""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.images import GrayImage

BITS: Final = 64
NEAR: Final = 4
"""Hashes that differ in at most so many bits are near-duplicates."""

BANDS: Final = NEAR + 1
"""Parts of the hash: two that differ in ``NEAR`` bits agree in at least one of one part more."""

BAND_BITS: Final = -(-BITS // BANDS)
BAND_MASK: Final = (1 << BAND_BITS) - 1

_SIDE = 32


def pixels_sha256(image: GrayImage) -> str:
    """SHA-256 in hex digits of depth, height, width and pixels, however the file packed them."""
    header = f"{image.dtype.name} {image.shape[0]} {image.shape[1]}\0"
    return sha256(header.encode() + np.ascontiguousarray(image).tobytes()).hexdigest()


def perceptual_hash(image: GrayImage) -> int:
    """The hash as a signed 64-bit whole number (a Postgres bigint) of a gray [H, W] image."""
    picture = Image.fromarray(_eight_bits(image))
    small = np.asarray(picture.resize((_SIDE, _SIDE), Image.Resampling.BOX), dtype=np.float64)
    low = (_cosines() @ small @ _cosines().T)[1:9, 1:9].ravel()
    bits = np.packbits(low > np.median(low))
    return int.from_bytes(bits.tobytes(), "big", signed=True)


def _eight_bits(image: GrayImage) -> NDArray[np.uint8]:
    if image.dtype == np.uint8:
        return image.astype(np.uint8, copy=False)
    low, high = int(image.min()), int(image.max())
    scaled: NDArray[np.uint8] = (
        (image.astype(np.float32) - low) / max(high - low, 1) * 255
    ).astype(np.uint8)
    return scaled


@cache
def _cosines() -> NDArray[np.float64]:
    """The matrix of the DCT-II: ``C @ x`` transforms the columns of ``x``."""
    at = np.arange(_SIDE)
    cosines: NDArray[np.float64] = np.cos(np.pi * at[:, None] * (2 * at + 1) / (2 * _SIDE))
    return cosines


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ."""
    return ((one ^ other) & ((1 << BITS) - 1)).bit_count()


def bands(value: int) -> tuple[int, ...]:
    """The parts of a hash, lowest bits first."""
    bits = value & ((1 << BITS) - 1)
    return tuple((bits >> (BAND_BITS * at)) & BAND_MASK for at in range(BANDS))


def near_groups(hashes: Sequence[int]) -> list[int]:
    """For each hash the index of the first one of its group.

    Groups are the connected parts of "near": a and c are together if b is near both. Pairs are
    sought only among hashes that share a band, which no near pair escapes.
    """
    first = list(range(len(hashes)))
    values = np.array([value & ((1 << BITS) - 1) for value in hashes], dtype=np.uint64)
    for band in range(BANDS):
        parts = (values >> np.uint64(BAND_BITS * band)) & np.uint64(BAND_MASK)
        order = np.argsort(parts, kind="stable")
        edges = np.flatnonzero(np.diff(parts[order])) + 1
        for members in np.split(order, edges):
            if len(members) > 1:
                _join(first, members, values)
    return [_root(first, at) for at in range(len(hashes))]


def _join(first: list[int], members: NDArray[np.intp], values: NDArray[np.uint64]) -> None:
    for at, one in enumerate(members[:-1]):
        rest = members[at + 1 :]
        near = rest[np.bitwise_count(values[rest] ^ values[one]) <= NEAR]
        for other in near:
            a, b = _root(first, int(one)), _root(first, int(other))
            first[max(a, b)] = min(a, b)


def _root(first: list[int], at: int) -> int:
    while first[at] != at:
        first[at] = first[first[at]]
        at = first[at]
    return at
