"""From a radiograph to what the networks see in it: screened, tones corrected, chest only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import onnxruntime

from inference.anatomy import SIZE, chest_region
from inference.grounders.embedded.anatomist import Anatomist
from inference.grounders.embedded.decode import Maps
from inference.grounders.embedded.network import Sight, combine, look
from inference.grounders.embedded.preprocess import shrink
from inference.images import GrayImage
from inference.quality import Screen, screen
from inference.vocabulary import Label

REACH = 0.04
"""The region goes this share of the picture beyond lungs and heart: fluid and a lost border hide
lung from the anatomy network. Every true box of the validation films has its middle inside."""
OUTSIDE = 4.0
"""Taken from a heat logit outside the region: a place there must be 55 times as likely."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """The detector's networks, the anatomy network and the detector's input side in pixels."""

    networks: Sequence[onnxruntime.InferenceSession]
    anatomist: Anatomist
    size: int

    def __call__(self, image: GrayImage) -> tuple[Sight, Screen]:
        """Raises ``ValueError`` for a uniform image, ``GroundingFailed`` if a network fails."""
        pixels = shrink(image, self.size)
        checked = screen(image, self.anatomist)
        if checked.inverted:
            pixels = np.asarray(255 - pixels, dtype=np.uint8)
        sight = combine([look(network, pixels) for network in self.networks])
        if checked.frontal:
            sight = within(sight, chest_region(checked.anatomy, REACH))
        return sight, checked


def within(sight: Sight, region: npt.NDArray[np.bool_]) -> Sight:
    """``sight`` with every label's heat but the heart's lowered outside ``region`` [160, 160]:
    no nodule lies in an arm."""
    return Sight(sight.image, _lowered(sight.coarse, region), _lowered(sight.fine, region))


def _lowered(maps: Maps, region: npt.NDArray[np.bool_]) -> Maps:
    rows, columns = ((np.arange(n) + 0.5) / n * SIZE for n in maps.heat.shape[1:])
    inside = region[np.ix_(rows.astype(int), columns.astype(int))]
    confined = np.array([label is not Label.CARDIOMEGALY for label in maps.labels])
    cost = np.where(inside[None] | ~confined[:, None, None], 0.0, OUTSIDE)
    return Maps(maps.labels, np.asarray(maps.heat - cost, dtype=np.float32), maps.ltrb)
