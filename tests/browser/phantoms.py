"""Phantom images for the browser tests, and a grounder that knows the truth about them.

The seed and the findings of a phantom are written into its first pixels, so that the grounder
can draw the same phantom again and answer with its exact boxes. An order to fail goes there too.
"""

from collections.abc import Sequence

from inference.grounders import GROUNDERS
from inference.grounders.base import Grounder, GroundingFailed
from inference.images import GrayImage, encode_png
from inference.phantoms import render_phantom
from inference.schema import BackendVersion, Grounding
from inference.states import image_labels
from inference.vocabulary import LABELS, ImageState, Label

NAME = "phantom_truth"
_MAGIC, _FAILS = 201, 202
_SIZE = 512


def phantom(seed: int, *labels: Label, fails: bool = False, size: int = _SIZE) -> bytes:
    """A PNG of the phantom of ``seed`` (0..255) with these findings and no others."""
    image = render_phantom(seed, labels, size).image.copy()
    shown = sum(1 << at for at, label in enumerate(LABELS) if label in labels)
    image[0, :3] = (_FAILS if fails else _MAGIC, seed, shown)
    return encode_png(image)


class PhantomTruth:
    version = BackendVersion(NAME, "1", "7" * 64, "CC0-1.0", True)

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        return [_truth_of(image) for image in images]


def _truth_of(image: GrayImage) -> Grounding:
    magic, seed, shown = (int(value) for value in image[0, :3])
    if magic == _FAILS:
        raise GroundingFailed("The model ran out of memory.")
    if magic != _MAGIC:  # a worker warms up on a phantom that nobody marked
        return Grounding(ImageState.GROUNDED, image_labels(()), ())
    labels = [label for at, label in enumerate(LABELS) if shown & (1 << at)]
    findings = render_phantom(seed, labels, _SIZE).findings
    return Grounding(ImageState.GROUNDED, image_labels(findings), findings)


def phantom_truth() -> Grounder:
    return PhantomTruth()


def install() -> None:
    """Make the grounder known to this process, as every process of the site must."""
    GROUNDERS[NAME] = phantom_truth
