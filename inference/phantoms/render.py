"""Put a phantom together: subject, tissues, findings, film."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.anatomy import Chest, airway_cm, build_chest, gas_cm, tissue_cm
from inference.phantoms.bones import bone_cm
from inference.phantoms.fields import Field, Noise
from inference.phantoms.film import collimate, expose, quantise, stamp_marker
from inference.phantoms.pathology import FINDINGS, Change, box_of, heart_scale
from inference.phantoms.subject import (
    ANATOMY,
    CHOICE,
    FILM,
    GRAIN,
    PATHOLOGY,
    VESSELS,
    Subject,
    body_grid,
    draw_subject,
    stream,
)
from inference.phantoms.vessels import vessels_cm
from inference.schema import Finding, Side
from inference.vocabulary import LABELS, Label

MIN_SIZE, MAX_SIZE = 64, 4096


@dataclass(frozen=True, slots=True)
class Phantom:
    """A made radiograph. ``image`` is uint8 ``[size, size]``; it shows no person.

    ``findings`` are in label order with exact boxes; ``sides`` runs parallel (``None`` for the
    heart); ``marker`` is the side letter drawn on the film.
    """

    seed: int
    image: NDArray[np.uint8]
    findings: tuple[Finding, ...]
    sides: tuple[Side | None, ...]
    marker: str


def render_phantom(seed: int, findings: Sequence[Label] | None = None, size: int = 768) -> Phantom:
    """Render the phantom of ``seed``: the same bytes for the same arguments.

    ``findings`` (each label at most once, in any order) are drawn; ``None`` draws what the seed
    says, nothing in two of five. Everything else of a seed stays put whatever the findings are.
    Raises ``ValueError`` for a negative seed, a repeated label or a size outside 64..4096.
    """
    _check(seed, findings, size)
    labels = _labels_of(seed) if findings is None else findings
    chosen = [label for label in LABELS if label in labels]
    subject = draw_subject(seed)
    noise = Noise(stream(seed, GRAIN), size)
    chest = _chest(subject, seed, chosen, size)
    changes = [
        FINDINGS[label](subject, chest, noise, stream(seed, PATHOLOGY, LABELS.index(label)))
        for label in chosen
    ]
    thickness = _thickness(subject, chest, changes, noise, seed)
    return Phantom(
        seed,
        _develop(thickness, noise, subject, seed),
        tuple(
            Finding(label, box_of(change.extent))
            for label, change in zip(chosen, changes, strict=True)
        ),
        tuple(change.side for change in changes),
        subject.marker,
    )


def _check(seed: int, findings: Sequence[Label] | None, size: int) -> None:
    if seed < 0:
        raise ValueError("a phantom's seed is 0 or more")
    if not MIN_SIZE <= size <= MAX_SIZE:
        raise ValueError(f"a phantom's size is {MIN_SIZE} to {MAX_SIZE} pixels, not {size}")
    if findings is not None and len(set(findings)) != len(findings):
        raise ValueError("a phantom shows each label at most once")


def _labels_of(seed: int) -> list[Label]:
    rng = stream(seed, CHOICE)
    count = int(rng.choice(4, p=(0.40, 0.40, 0.16, 0.04)))
    return [LABELS[int(index)] for index in rng.choice(len(LABELS), count, replace=False)]


def _chest(subject: Subject, seed: int, chosen: Sequence[Label], size: int) -> Chest:
    scale = 1.0
    if Label.CARDIOMEGALY in chosen:
        scale = heart_scale(stream(seed, PATHOLOGY, len(LABELS)))
    return build_chest(subject, *body_grid(subject, size), scale)


def _thickness(
    subject: Subject, chest: Chest, changes: Sequence[Change], noise: Noise, seed: int
) -> Field:
    """Centimetres of water on each ray."""
    lung = chest.lung
    aerated = lung.copy()
    markings = np.minimum(lung * 1.6, 1.0)
    density = np.full_like(lung, subject.lung_density)
    total = tissue_cm(subject, chest) + bone_cm(subject, chest, stream(seed, ANATOMY, 1))
    total -= airway_cm(chest) + gas_cm(chest, stream(seed, ANATOMY, 2))
    for change in changes:
        if change.filled is not None:
            aerated *= 1.0 - change.filled
        if change.emptied is not None:
            density *= 1.0 - change.emptied
            markings *= 1.0 - change.emptied
        if change.added_cm is not None:
            total += change.added_cm
    interstitium = 0.13 * noise.grain(0.05, 0.008) + 0.25 * noise.clouds(0.08)
    vessels = vessels_cm(subject, stream(seed, VESSELS), lung.shape[0])
    total += markings * (vessels + interstitium)
    total += 0.8 * noise.clouds(0.22)
    total -= subject.lung_cm * aerated * (1.0 - density)
    return np.clip(total, 0.0, None)


def _develop(thickness: Field, noise: Noise, subject: Subject, seed: int) -> NDArray[np.uint8]:
    rng = stream(seed, FILM)
    gray = expose(thickness, noise, rng)
    collimate(gray, rng)
    stamp_marker(gray, subject.marker, rng)
    return quantise(gray)
