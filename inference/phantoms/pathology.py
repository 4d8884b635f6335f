"""The five findings. Each says what it does to the lungs, and exactly where."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.anatomy import LUNG_AXIS, Chest, build_chest, cage
from inference.phantoms.fields import Field, Noise, chord, edge, ellipse
from inference.phantoms.subject import CM, Subject, to_pixels
from inference.schema import Box, Side
from inference.vocabulary import Label

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Change:
    """Where one finding is and what it does to each ray, ``[H, W]`` each.

    ``extent`` is true where a reader would draw it. ``filled`` is the fraction of air replaced by
    fluid, ``emptied`` the fraction of lung replaced by free air, ``added_cm`` tissue on top.
    """

    side: Side | None
    extent: Mask
    filled: Field | None = None
    emptied: Field | None = None
    added_cm: Field | None = None


HEART_HEIGHT = 0.70
"""From the left main bronchus to the diaphragm; above it the outline is great vessels."""


def heart_scale(rng: np.random.Generator) -> float:
    """How much wider than normal an enlarged heart is."""
    return float(rng.uniform(1.34, 1.62))


def box_of(extent: Mask) -> Box:
    """The box around ``extent``, 0..1 of the picture."""
    rows = np.flatnonzero(extent.any(axis=1))
    cols = np.flatnonzero(extent.any(axis=0))
    height, width = extent.shape
    return (
        float(rows[0] / height),
        float(cols[0] / width),
        float((rows[-1] + 1) / height),
        float((cols[-1] + 1) / width),
    )


def effusion(subject: Subject, chest: Chest, noise: Noise, rng: np.random.Generator) -> Change:
    """Fluid that blunts the costophrenic angle and climbs the wall in a meniscus."""
    side = _side(rng)
    rise = 0.24 + 0.58 * float(rng.random()) ** 1.5
    angle = subject.domes[side == "left"] + subject.dome_drop
    from_wall = np.clip(chest.wall - np.abs(chest.x), 0.0, None)
    level = angle - rise + (0.07 + 0.18 * rise) * (1.0 - np.exp(-from_wall / 0.13))
    depth = edge(chest.y - level, 0.05 + 0.10 * rise)
    filled = 0.92 * depth * _half(chest, side) * edge(1.03 - chest.cavity, 0.03)
    return Change(
        side,
        filled=filled,
        extent=_and(filled > 0.25, chest.cavity < 1, chest.y < chest.dome, chest.solid < 0.5),
    )


def pneumothorax(subject: Subject, chest: Chest, noise: Noise, rng: np.random.Generator) -> Change:
    """Free air over the apex: no markings beyond a thin pleural line."""
    side = _side(rng)
    size = float(rng.uniform(0.35, 1.0))
    inner = cage(subject, chest.x, chest.y, shrink=0.11 * size, sink=0.24 * size)
    rows, cols = np.gradient(inner, 2.0 / inner.shape[0])
    to_line = (inner - 1.0) / np.sqrt(rows * rows + cols * cols + 1e-6)
    # The lung re-expands downwards: the line meets the wall at this height.
    low = subject.waist - 0.42 + 0.5 * size * float(rng.random())
    here = _half(chest, side) * edge(low - chest.y, 0.12) * (chest.cavity < 1.0)
    outside = edge(to_line, 0.008) * here
    line = 0.75 * np.exp(-((to_line / 0.007) ** 2)) * here * (1.0 - chest.solid)
    return Change(
        side,
        emptied=outside,
        added_cm=line,
        extent=_and(outside > 0.5, chest.lung > 0.02),
    )


def opacity(subject: Subject, chest: Chest, noise: Noise, rng: np.random.Generator) -> Change:
    """A soft, ill-defined, mottled patch of consolidation."""
    side = _side(rng)
    radii = (float(rng.uniform(0.14, 0.25)), float(rng.uniform(0.15, 0.32)))
    centre = _place(subject, chest, side, rng, 0.55)
    squared = ellipse(chest.x, chest.y, centre, radii, float(rng.uniform(-0.6, 0.6)))
    ragged = np.sqrt(squared) + 0.13 * noise.clouds(0.13)
    patch = edge(1.0 - ragged, 0.45) * _half(chest, side)
    mottle = np.clip(1.0 + 0.05 * noise.grain(0.08, 0.014), 0.5, 1.5)
    filled = float(rng.uniform(0.34, 0.62)) * patch * mottle
    return Change(side, filled=filled, extent=_and(patch > 0.3, chest.lung > 0.12))


def nodule(subject: Subject, chest: Chest, noise: Noise, rng: np.random.Generator) -> Change:
    """A round nodule or mass, 1 to 4 cm across."""
    side = _side(rng)
    across_cm = float(rng.uniform(1.2, 4.0))
    radius = 0.5 * across_cm * CM
    centre = _place(subject, chest, side, rng, 0.62)
    turn, squash = float(rng.uniform(0, np.pi)), float(rng.uniform(0.86, 1.0))
    squared = ellipse(chest.x, chest.y, centre, (radius, radius * squash), turn)
    lobed = squared * (1.0 + 0.10 * np.clip(noise.clouds(0.05), -2.0, 2.0))
    # Small nodules are drawn denser than water: at true contrast no reader would find them.
    dense = 1.2 + 1.0 * max(0.0, 2.6 - across_cm)
    bulk = dense * across_cm * chord(lobed) * (1.0 - 0.5 * np.minimum(lobed, 1.0))
    return Change(side, added_cm=bulk, extent=lobed < 1.0)


def cardiomegaly(subject: Subject, chest: Chest, noise: Noise, rng: np.random.Generator) -> Change:
    """The heart of ``chest`` is already large; this only says where it is."""
    floor = 0.5 * sum(subject.domes) + 0.08
    tall = np.abs(chest.y - floor + HEART_HEIGHT / 2) < HEART_HEIGHT / 2
    return Change(None, extent=_and(chest.heart > 0.1, tall))


Draw = Callable[[Subject, Chest, Noise, np.random.Generator], Change]

FINDINGS: dict[Label, Draw] = {
    Label.PLEURAL_EFFUSION: effusion,
    Label.PNEUMOTHORAX: pneumothorax,
    Label.LUNG_OPACITY_CONSOLIDATION: opacity,
    Label.NODULE_MASS: nodule,
    Label.CARDIOMEGALY: cardiomegaly,
}


def _and(*masks: Mask) -> Mask:
    return np.asarray(np.logical_and.reduce(masks), dtype=np.bool_)


def _side(rng: np.random.Generator) -> Side:
    return "right" if rng.random() < 0.5 else "left"


def _half(chest: Chest, side: Side) -> Field:
    """1 on the patient's ``side``, softly 0 beyond the midline."""
    return edge(_toward(chest, side), 0.02)


def _toward(chest: Chest, side: Side) -> Field:
    return chest.x if side == "left" else -chest.x


def _place(
    subject: Subject, chest: Chest, side: Side, rng: np.random.Generator, deep: float
) -> tuple[float, float]:
    """A point where the lung is at least ``deep`` and no heart or diaphragm is in the way.

    Tried in body coordinates, away from any pixel, so that a finding stays in place when the
    picture's size changes.
    """
    sign = 1.0 if side == "left" else -1.0
    while True:
        x = sign * float(rng.uniform(0.5 * LUNG_AXIS, subject.thorax))
        y = float(rng.uniform(subject.apex, max(subject.domes)))
        here = build_chest(subject, np.array([[x]]), np.array([[y]]), chest.heart_scale)
        clear = here.lung[0, 0] > deep and y < here.dome[0, 0] - 0.08
        if clear and np.abs(to_pixels(subject, np.array([[x, y]]), 2) - 0.5).max() < 1.0:
            return x, y
