"""Hila and vessels: branching trees of tapering rods, fading towards the pleura."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.fields import Field, add_stroke
from inference.phantoms.subject import CM, Subject, to_pixels

GENERATIONS = 5


def vessels_cm(subject: Subject, rng: np.random.Generator, size: int) -> Field:
    """Blood on each ray inside the lungs, in cm; the caller masks it by the lung."""
    field = np.zeros((size, size))
    for side in (-1.0, 1.0):
        tree = _Tree(field, subject, rng, side)
        hilum = np.array([side * 0.20, -0.08 if side < 0 else -0.14])
        for angle in np.linspace(-1.5, 1.6, 8):
            heading = float(angle + rng.normal(0, 0.2))
            tree.grow(hilum + rng.normal(0, 0.022, 2), heading, 0)
    return field


@dataclass(frozen=True, slots=True)
class _Tree:
    field: Field
    subject: Subject
    rng: np.random.Generator
    side: float

    def grow(self, start: NDArray[np.float64], heading: float, generation: int) -> None:
        """Draw one vessel from ``start`` and, smaller, the two it divides into."""
        size = self.field.shape[0]
        length = float(self.rng.uniform(0.085, 0.135)) * 0.92**generation
        radius = 0.027 * 0.63**generation
        end = start + length * np.array([self.side * np.cos(heading), np.sin(heading)])
        ends = to_pixels(self.subject, np.stack([start, end]), size)
        wide = radius * self.subject.scale * size / 2
        add_stroke(self.field, ends, (wide, 0.72 * wide), 2.2 * radius / CM)
        if generation + 1 == GENERATIONS:
            return
        for way in (1, -1):
            turn = way * float(self.rng.uniform(0.02, 0.75))
            self.grow(end, heading + turn, generation + 1)
