"""Soft tissue and air: torso, lungs, diaphragm, mediastinum, heart.

Thicknesses are centimetres of water along the ray, so that tissues add up as they do on film.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.fields import Field, chord, edge, ellipse
from inference.phantoms.subject import Subject

RIGHT_BORDER = (
    (-1.40, 0.12), (-0.90, 0.10), (-0.60, 0.115), (-0.35, 0.135), (-0.18, 0.13), (-0.08, 0.145),
    (0.02, 0.185), (0.12, 0.21), (0.22, 0.215), (0.32, 0.19), (0.42, 0.15), (1.40, 0.13),
)  # fmt: skip
LEFT_BORDER = (
    (-1.40, 0.12), (-0.90, 0.11), (-0.55, 0.125), (-0.44, 0.14), (-0.37, 0.185), (-0.31, 0.19),
    (-0.24, 0.15), (-0.14, 0.175), (-0.04, 0.215), (0.06, 0.285), (0.16, 0.36), (0.26, 0.415),
    (0.34, 0.425), (0.42, 0.38), (0.50, 0.25), (1.40, 0.13),
)  # fmt: skip
"""Height and half width of the borders of a middling heart whose floor is at 0.40."""

LUNG_AXIS = 0.30
"""Where the lung's apex lies, to the side of the midline."""


@dataclass(frozen=True, slots=True)
class Chest:
    """The geometry that bones, vessels and findings refer to; all ``[H, W]``.

    ``cavity`` is the squared radius in the rib cage (1 on the pleura), ``wall`` the cage's half
    width at each height, ``dome`` the height of the diaphragm at each column, ``air`` the lung
    above it as a fraction of the deepest lung, and ``solid`` the part of that depth filled by
    heart and mediastinum (0..1). ``heart`` is the heart's outline (fraction of its depth), and
    ``heart_scale`` its size, 1 for a normal one.
    """

    x: Field
    y: Field
    side: Field
    cavity: Field
    wall: Field
    dome: Field
    air: Field
    solid: Field
    heart: Field
    heart_scale: float

    @property
    def lung(self) -> Field:
        """Air that remains beside the heart: fraction of the deepest lung, 0..1."""
        return self.air * (1.0 - self.solid)


def cage(subject: Subject, x: Field, y: Field, shrink: float = 0.0, sink: float = 0.0) -> Field:
    """Squared radius in the rib cage; ``shrink`` and ``sink`` give a collapsed lung's border."""
    across = np.abs(x) - LUNG_AXIS
    half = subject.thorax - LUNG_AXIS - shrink
    u = np.where(across > 0, across / half, across / LUNG_AXIS)
    v = np.clip((subject.waist - y) / (subject.waist - subject.apex - sink), 0.0, None)
    flank = np.clip(y - subject.waist, 0.0, None)
    u = np.abs(u) * (1.0 + 0.14 * flank * flank)
    return u * u * np.sqrt(u) + v * v * np.sqrt(v)


def build_chest(subject: Subject, x: Field, y: Field, heart_scale: float) -> Chest:
    """Everything with an outline. ``heart_scale`` is 1 for a heart of normal size."""
    side = np.where(x < 0, -1.0, 1.0)
    cavity = cage(subject, x, y)
    dome = _dome(subject, x)
    above = edge(dome - y, 0.008)
    # The posterior sulcus: a little lung behind and below the dome.
    behind = 0.16 * edge(dome + 0.16 - y, 0.12)
    air = chord(cavity) * np.maximum(above, behind)
    heart = heart_outline(subject, x, y, heart_scale)
    solid = 0.68 * np.sqrt(heart)
    height = np.clip((subject.waist - y) / (subject.waist - subject.apex), 0.0, 1.0)
    rise = height * height * np.sqrt(height)
    wall = LUNG_AXIS + (subject.thorax - LUNG_AXIS) * np.sqrt(1.0 - rise)
    return Chest(x, y, side, cavity, wall, dome, air, solid, heart, heart_scale)


def _dome(subject: Subject, x: Field) -> Field:
    right, left = subject.domes
    across = np.abs(x) - 0.30
    slope = np.where(across > 0, across / (subject.thorax - 0.30), across * 1.5)
    peak = np.where(x < 0, right, left)
    # Blended over the midline, where the heart hides the step between the two domes.
    middle = np.clip(np.abs(x) / 0.2, 0.0, 1.0)
    peak = peak * middle + 0.5 * (right + left) * (1.0 - middle)
    return peak + subject.dome_drop * slope * slope * np.abs(slope)


def heart_outline(subject: Subject, x: Field, y: Field, scale: float) -> Field:
    """Depth of heart and mediastinum as a fraction of the chest's, 0 outside their border."""
    floor = 0.5 * sum(subject.domes) + 0.07
    right, left = (_border(subject, points, floor, scale) for points in (RIGHT_BORDER, LEFT_BORDER))
    # One row of the body is one height, but a tilted grid has no rows: look each pixel up.
    middle, half = 0.5 * (left - right), 0.5 * (left + right)
    steps = np.clip((y + 1.4) / 2.8, 0.0, 1.0) * (len(middle) - 1)
    low = np.minimum(steps.astype(int), len(middle) - 2)
    part = steps - low
    centre = middle[low] + part * (middle[low + 1] - middle[low])
    width = half[low] + part * (half[low + 1] - half[low])
    return chord(((x - centre) / width) ** 2)


def _border(
    subject: Subject, points: tuple[tuple[float, float], ...], floor: float, scale: float
) -> NDArray[np.float64]:
    """Half width at 561 heights from -1.4 to 1.4, smoothed as living edges are."""
    heights = np.linspace(-1.4, 1.4, 561)
    knots = np.array(points)
    # The upper mediastinum hangs from the neck, the heart sits on the diaphragm.
    at = np.where(knots[:, 0] > -0.2, knots[:, 0] + floor - 0.40, knots[:, 0])
    heart = np.clip((knots[:, 0] + 0.30) / 0.35, 0.0, 1.0)
    grown = knots[:, 1] * (1.0 + heart * (subject.heart_width * scale - 1.0))
    grown += (1.0 - heart) * (subject.mediastinum - 0.13)
    width = np.interp(heights, at, grown)
    kernel = np.hanning(23)
    padded = np.pad(width, 11, mode="edge")
    return np.asarray(np.convolve(padded, kernel / kernel.sum(), mode="valid"))


def tissue_cm(subject: Subject, chest: Chest) -> Field:
    """Soft tissue on each ray before the lungs' air is taken away, in cm of water."""
    x, y = chest.x, chest.y
    across = np.abs(x)
    outer = subject.thorax + subject.wall + 0.05 * np.clip(y - 0.2, 0.0, None)
    flank = (across / outer) ** 2
    torso = subject.torso_cm * (0.80 + 0.20 * edge(y + 0.35, 0.45)) * chord(flank * flank)
    torso *= 1.0 + 0.12 * edge(y - 0.4, 0.3)
    girdle = 15.0 * edge(-0.18 - y, 0.38)
    top = subject.shoulder + 0.40 * np.clip(across - 0.26, 0.0, None)
    depth = np.sqrt(np.clip((y - top) / 0.36, 0.0, 1.0))
    neck = 12.5 * chord(((across / 0.32) ** 2) ** 2) * edge(-0.70 - y, 0.2)
    arm = 8.5 * chord(((across - subject.arms) / 0.2) ** 2) * edge(y + 0.75, 0.1)
    breast = subject.breast * chord(ellipse(across, y, (0.47, 0.26), (0.34, 0.32)) ** 2)
    # A root of squares rounds the corner where the shoulder's muscles leave the chest wall.
    body = np.sqrt(torso * torso + 0.5 * girdle * girdle)
    trunk: Field = np.maximum(np.maximum(body * depth, neck), arm)
    return trunk + breast


def gas_cm(chest: Chest, rng: np.random.Generator) -> Field:
    """Gas in the stomach under the left dome and in the bowel, in cm."""
    gas = np.zeros_like(chest.x)
    for index in range(int(rng.integers(1, 5))):
        centre = (float(rng.uniform(0.2, 0.5)), float(rng.uniform(0.10, 0.16)))
        radii = (float(rng.uniform(0.06, 0.20)), float(rng.uniform(0.03, 0.07)))
        if index:
            centre = (float(rng.uniform(-0.6, 0.6)), float(rng.uniform(0.3, 0.6)))
            radii = (float(rng.uniform(0.04, 0.10)), float(rng.uniform(0.03, 0.06)))
        blob = chord(ellipse(chest.x, chest.y - chest.dome, centre, radii))
        gas += float(rng.uniform(1.5, 4.5)) * blob
    return gas


def airway_cm(chest: Chest) -> Field:
    """Air of the trachea and main bronchi, in cm."""
    x, y = chest.x, chest.y
    trachea = chord(((x - 0.01) / 0.042) ** 2) * edge(-0.27 - y, 0.03)
    fork = np.abs(x - 0.01) * 0.9 - 0.29
    bronchi = chord(((y - fork) / 0.036) ** 2) * edge(0.17 - np.abs(x), 0.05)
    return 1.7 * trachea + 0.9 * bronchi * edge(y + 0.31, 0.03)
