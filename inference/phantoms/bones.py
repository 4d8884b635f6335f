"""Ribs, spine, clavicles, scapulae and humeri, in centimetres of water along the ray."""

import numpy as np

from inference.phantoms.anatomy import Chest
from inference.phantoms.fields import Field, chord, edge, ellipse
from inference.phantoms.subject import Subject


def bone_cm(subject: Subject, chest: Chest, rng: np.random.Generator) -> Field:
    """All bone on each ray."""
    return (
        _ribs(subject, chest, rng)
        + _spine(chest.x, chest.y)
        + _clavicles(subject, chest)
        + _shoulder_girdle(chest)
    )


def _ribs(subject: Subject, chest: Chest, rng: np.random.Generator) -> Field:
    """All ribs at once: each is a tilted ring, so its two halves are two arcs of one ellipse.

    The height of a pixel relative to those arcs, divided by the gap between ribs, is a phase;
    every whole number is the axis of one rib.
    """
    across = np.abs(chest.x) / (chest.wall + 0.012)
    arc = chord(across * across)
    behind, before = subject.rib_drop
    uneven = subject.rib_start + 0.15 * chest.x * float(rng.uniform(-0.1, 0.1))
    strength = rng.uniform(0.8, 1.2, 16)
    posterior = chest.y - behind * (1.0 - arc) - uneven
    anterior = chest.y - behind - before * arc - uneven - 0.02
    fade = edge(np.abs(chest.x) - 0.27, 0.07)
    inside = edge(1.0 - across, 0.012)
    return (
        subject.rib_cm
        * inside
        * (
            _rib_set(posterior / subject.rib_gap, subject, strength)
            + 0.62 * fade * _rib_set(anterior / subject.rib_gap, subject, strength)
        )
    )


def _rib_set(phase: Field, subject: Subject, strength: np.ndarray) -> Field:
    nearest = np.round(phase)
    rows, cols = np.gradient(phase, 2.0 / phase.shape[0])
    distance = np.abs(phase - nearest) / np.sqrt(rows * rows + cols * cols + 1e-9)
    distance *= 1.0 / subject.scale
    half = subject.rib_half
    # Cortex is denser than marrow: a rib is two bright lines with a paler band between them.
    shell = 0.55 + 0.6 * np.minimum(distance / half, 1.0) ** 2
    known = (nearest >= 0) & (nearest <= 10)
    weight = strength[np.clip(nearest, 0, 15).astype(int)] * known
    return np.asarray(weight * shell * edge(half - distance, 0.007))


def _spine(x: Field, y: Field) -> Field:
    squared = (x / 0.088) ** 2
    wave = 0.5 + 0.5 * np.cos((y + 0.02) * (2 * np.pi / 0.118))
    body = 1.0 - wave
    disc = 0.32 * wave**2 * wave**2
    pedicle = chord(((np.abs(x) - 0.055) / 0.020) ** 2) * body**2
    process = chord((x / 0.020) ** 2) * body**2
    return chord(squared * squared) * (2.7 * (1.0 - disc) + 0.5 * pedicle + 0.7 * process)


def _clavicles(subject: Subject, chest: Chest) -> Field:
    height, slope, wave = subject.clavicle
    across = np.abs(chest.x)
    axis = height + slope * across + wave * np.sin((across - 0.1) * 7.0)
    tangent = slope + 7.0 * wave * np.cos((across - 0.1) * 7.0)
    distance = np.abs(chest.y - axis) / np.sqrt(1.0 + tangent * tangent)
    half = 0.027 + 0.012 * np.clip(0.18 - across, 0.0, None) / 0.12
    shell = 0.8 + 0.6 * np.minimum(distance / half, 1.0) ** 2
    span = edge(across - 0.07, 0.012) * edge(0.86 - across, 0.02)
    return 1.35 * shell * span * edge(half - distance, 0.008)


def _shoulder_girdle(chest: Chest) -> Field:
    across, y = np.abs(chest.x), chest.y
    blade = ellipse(across, y, (0.78, -0.36), (0.17, 0.34), 0.28)
    rim = chord(((np.sqrt(blade) - 1.0) * 10.0) ** 2)
    scapula = 0.35 * edge(1.0 - blade, 0.12) + 0.5 * rim * edge(across - 0.62, 0.1)
    head = ellipse(across, y, (1.0, -0.55), (0.13, 0.14))
    shaft = chord(((across - 1.06) / 0.075) ** 2) * edge(y + 0.52, 0.06)
    return scapula + 1.9 * np.sqrt(chord(head)) + 1.6 * shaft
