"""One made-up person: every measure of a phantom, drawn from its seed.

Body coordinates: ``x`` runs from the midline to the patient's left (the picture's right), ``y``
down; the half width of the picture is 1, about 21 cm.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.fields import Field

CM = 1 / 21
"""One centimetre in body coordinates: a 42 cm field of view, a large chest film."""

ANATOMY, VESSELS, GRAIN, FILM, CHOICE, PATHOLOGY = range(6)


def stream(seed: int, *key: int) -> np.random.Generator:
    """An independent random stream for one part of one phantom.

    Each part draws from its own, so that adding a finding never moves a rib.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *key])))


@dataclass(frozen=True, slots=True)
class Subject:
    """Measures in body coordinates unless a name says ``cm`` or ``gray``."""

    tilt: float
    scale: float
    shift: tuple[float, float]
    thorax: float
    apex: float
    waist: float
    domes: tuple[float, float]
    dome_drop: float
    wall: float
    torso_cm: float
    lung_cm: float
    lung_density: float
    shoulder: float
    arms: float
    heart_width: float
    mediastinum: float
    rib_start: float
    rib_gap: float
    rib_half: float
    rib_drop: tuple[float, float]
    rib_cm: float
    clavicle: tuple[float, float, float]
    breast: float
    marker: str


def draw_subject(seed: int) -> Subject:
    """The person of one seed."""
    rng = stream(seed, ANATOMY)

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    right_dome = between(0.24, 0.44)
    return Subject(
        tilt=float(np.clip(rng.normal(0, 0.03), -0.08, 0.08)),
        scale=between(0.97, 1.14),
        shift=(between(-0.08, 0.08), between(-0.06, 0.04)),
        thorax=between(0.66, 0.76),
        apex=between(-0.84, -0.74),
        waist=between(0.10, 0.24),
        domes=(right_dome, right_dome + between(0.01, 0.08)),
        dome_drop=between(0.15, 0.26),
        wall=between(0.08, 0.24),
        torso_cm=between(19.0, 23.0),
        lung_cm=between(14.5, 17.0),
        lung_density=between(0.20, 0.32),
        shoulder=between(-1.08, -0.94),
        arms=between(1.0, 1.3),
        heart_width=between(0.86, 1.02),
        mediastinum=between(0.13, 0.17),
        rib_start=between(-0.90, -0.83),
        rib_gap=between(0.112, 0.132),
        rib_half=between(0.020, 0.027),
        rib_drop=(between(0.18, 0.30), between(0.22, 0.34)),
        rib_cm=between(0.9, 1.6),
        clavicle=(between(-0.66, -0.56), between(-0.2, -0.02), between(0.01, 0.05)),
        breast=max(0.0, between(-1.5, 2.2)),
        marker="L" if rng.random() < 0.8 else "R",
    )


def body_grid(subject: Subject, size: int) -> tuple[Field, Field]:
    """Body coordinates ``(x, y)`` of each pixel centre, two arrays ``[size, size]``."""
    pixel = (np.arange(size, dtype=np.float64) + 0.5) * (2.0 / size) - 1.0
    dx = (pixel - subject.shift[0])[None, :] / subject.scale
    dy = (pixel - subject.shift[1])[:, None] / subject.scale
    cos, sin = float(np.cos(subject.tilt)), float(np.sin(subject.tilt))
    return cos * dx + sin * dy, cos * dy - sin * dx


def to_pixels(subject: Subject, points: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """``[N, 2]`` body ``(x, y)`` to ``[N, 2]`` pixel ``(row, col)``: the way back from the grid."""
    cos, sin = float(np.cos(subject.tilt)), float(np.sin(subject.tilt))
    x, y = points[:, 0], points[:, 1]
    col = (cos * x - sin * y) * subject.scale + subject.shift[0]
    row = (sin * x + cos * y) * subject.scale + subject.shift[1]
    return (np.stack([row, col], axis=1) + 1.0) * (size / 2) - 0.5
