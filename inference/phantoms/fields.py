"""Numeric pieces the phantom is built from: edges, chords, strokes and noise on a grid."""

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]
"""Float array ``[H, W]``: a coordinate, a fraction in 0..1, or centimetres of water."""


def edge(distance: Field, softness: float) -> Field:
    """0 where ``distance <= -softness``, 1 where ``distance >= softness``, smooth between."""
    t = distance * (0.5 / softness)
    t += 0.5
    np.clip(t, 0.0, 1.0, out=t)
    rest = -2.0 * t
    rest += 3.0
    rest *= t
    rest *= t
    return rest


def chord(squared_radius: Field) -> Field:
    """Length of a ray through a unit ball, as a fraction of its diameter.

    This square root is what gives every organ of a radiograph its steep yet rounded border.
    """
    rest = 1.0 - squared_radius
    np.maximum(rest, 0.0, out=rest)
    return np.sqrt(rest, out=rest)


def ellipse(
    x: Field, y: Field, centre: tuple[float, float], radii: tuple[float, float], turn: float = 0.0
) -> Field:
    """Squared radius of each point relative to an ellipse turned by ``turn`` radians."""
    dx, dy = x - centre[0], y - centre[1]
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    u = (cos * dx + sin * dy) / radii[0]
    v = (cos * dy - sin * dx) / radii[1]
    return u * u + v * v


def add_stroke(
    field: Field, ends: NDArray[np.float64], radii: tuple[float, float], height: float
) -> None:
    """Add a tapering rod to ``field`` in place, touching only the pixels around it.

    ``ends`` is ``[[row, col], [row, col]]`` and ``radii`` are the half-widths at both ends, all
    in pixels; ``height`` is the value on the axis.
    """
    reach = max(radii) + 1.5
    low = np.maximum(np.floor(ends.min(axis=0) - reach).astype(int), 0)
    high = np.minimum(np.ceil(ends.max(axis=0) + reach).astype(int) + 1, field.shape)
    if (low >= high).any():
        return
    rows = np.arange(low[0], high[0], dtype=np.float64)[:, None] - ends[0, 0]
    cols = np.arange(low[1], high[1], dtype=np.float64)[None, :] - ends[0, 1]
    along = ends[1] - ends[0]
    length = float(along @ along) or 1.0
    t = np.clip((rows * along[0] + cols * along[1]) / length, 0.0, 1.0)
    squared = (rows - t * along[0]) ** 2 + (cols - t * along[1]) ** 2
    radius = radii[0] + (radii[1] - radii[0]) * t
    patch = field[low[0] : high[0], low[1] : high[1]]
    # The larger of the two, not the sum: joints of a tree must not become beads.
    np.maximum(patch, height * chord(squared / (radius * radius)), out=patch)


class Noise:
    """Random textures of chosen grain, all filtered from one white field."""

    def __init__(self, rng: np.random.Generator, size: int) -> None:
        self._shape = (size, size)
        self._spectrum = np.fft.rfft2(rng.standard_normal(self._shape))
        fy = np.fft.fftfreq(size, d=2.0 / size)[:, None]
        fx = np.fft.rfftfreq(size, d=2.0 / size)[None, :]
        self._squared_frequency = fx * fx + fy * fy

    def grain(self, coarse: float, fine: float = 0.0) -> Field:
        """Zero mean, unit deviation; details between ``fine`` and ``coarse`` (half image = 1)."""
        f2 = self._squared_frequency
        band = np.exp(-2.0 * (np.pi * fine) ** 2 * f2) - np.exp(-2.0 * (np.pi * coarse) ** 2 * f2)
        return self._normal(band)

    def clouds(self, scale: float) -> Field:
        """Zero mean, unit deviation; nothing finer than about ``scale``."""
        return self._normal(np.exp(-2.0 * (np.pi * scale) ** 2 * self._squared_frequency))

    def _normal(self, filter_: Field) -> Field:
        field: Field = np.fft.irfft2(self._spectrum * filter_, s=self._shape)
        field -= field.mean()
        field /= field.std()
        return field
