"""Phantoms as training pictures: every finding known, every box exact, no patient."""

from pathlib import Path

import numpy as np

from inference.grounders.embedded.preprocess import shrink
from inference.phantoms import Phantom, render_phantom
from inference.training.dataset import NO_FINDING, Cache, Sample

FIRST_SEED = 100_000
"""Training seeds start here; the demo and the tests use seeds below 1,000."""


def phantom_cache(count: int, size: int, first_seed: int = FIRST_SEED) -> Cache:
    """``count`` phantoms at ``size`` pixels, with the renderer's own mix of findings."""
    phantoms = [render_phantom(first_seed + row, size=size) for row in range(count)]
    pixels = np.stack([shrink(phantom.image, size) for phantom in phantoms])
    return Cache([phantom_sample(phantom) for phantom in phantoms], pixels)


def phantom_sample(phantom: Phantom) -> Sample:
    """What is known of a phantom: everything."""
    name = f"phantom-{phantom.seed}"
    return Sample(
        path=Path(name),
        classes=frozenset[str](f.label for f in phantom.findings) or frozenset({NO_FINDING}),
        boxes=tuple((f.label, f.box) for f in phantom.findings if f.box is not None),
        patient=name,
        exhaustive=True,
    )
