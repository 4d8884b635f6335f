"""From thickness to gray: exposure, grain, collimation and the side marker."""

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.fields import Field, Noise

LETTERS = {
    "L": ("10000", "10000", "10000", "10000", "10000", "10000", "11111"),
    "R": ("11110", "10001", "10001", "11110", "10100", "10010", "10001"),
}


def expose(tissue_cm: Field, noise: Noise, rng: np.random.Generator) -> Field:
    """Gray 0..255 (not yet rounded) of each ray through ``tissue_cm`` of water."""
    size = tissue_cm.shape[0]
    ramp = np.linspace(-1.0, 1.0, size)
    heel = float(rng.normal(0, 0.35)) * ramp[:, None] + float(rng.normal(0, 0.25)) * ramp[None, :]
    middle, width = float(rng.uniform(10.6, 13.6)), float(rng.uniform(3.8, 5.4))
    low, high = float(rng.uniform(-18, 2)), float(rng.uniform(236, 264))
    curve = 1.0 / (1.0 + np.exp((middle - heel - tissue_cm) / width))
    gray = low + (high - low) * curve
    grain = float(rng.uniform(0.6, 2.2)) * noise.grain(0.02, 1.0 / size)
    return gray + grain


def collimate(gray: Field, rng: np.random.Generator) -> None:
    """Darken the margins the collimator kept from the beam, in place."""
    size = gray.shape[0]
    for turns in range(4):
        margin = int(size * max(0.0, float(rng.uniform(-0.05, 0.03))))
        if margin:
            np.rot90(gray, turns)[:margin] *= 0.08


def stamp_marker(gray: Field, letter: str, rng: np.random.Generator) -> None:
    """Draw the lead letter in place: L at the picture's right, R at its left."""
    size = gray.shape[0]
    glyph = np.array([[int(bit) for bit in row] for row in LETTERS[letter]], dtype=np.float64)
    pixels = max(1, round(size * float(rng.uniform(0.0045, 0.0075))))
    block = glyph.repeat(pixels, axis=0).repeat(pixels, axis=1)
    top = int(size * float(rng.uniform(0.04, 0.14)))
    inset = int(size * float(rng.uniform(0.05, 0.10)))
    left = inset if letter == "R" else size - inset - block.shape[1]
    patch = gray[top : top + block.shape[0], left : left + block.shape[1]]
    patch += block * (244.0 - patch)


def quantise(gray: Field) -> NDArray[np.uint8]:
    """To 8 bits. The inner rounding absorbs last-digit differences between machines."""
    return np.clip(np.round(np.round(gray, 6)), 0, 255).astype(np.uint8)
