"""Is this a frontal chest radiograph one can judge? Badges for the page; nothing is ever hidden.

The anatomy network is the witness: on an upright frontal chest it finds two lungs side by side
and a heart between them; turned, inverted, lateral or no chest at all, it does not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.anatomy import HEART, LEFT_LUNG, ORGANS, RIGHT_LUNG, SIZE, Anatomy
from inference.grounders.embedded.preprocess import Pixels, shrink
from inference.images import GrayImage

Find = Callable[[Pixels], Anatomy]

SMALL_SIDE = 320
"""Pixels; below it, a 1 cm nodule on a 40 cm film is under 8 pixels wide."""
FRONTAL_FIT, MISS = 0.6, 0.75
"""Least fit of a frontal chest, and what each thing amiss costs."""
LONGEST = 2.0
"""Long side over short side: the network sees a square, and would see a chest in any strip."""
SURE_FIT, SURE_CONTRAST, CLEARLY = 0.9, 75.0, 1.5
"""A picture this good as stored is looked at no other way; another way must be clearly better."""
CUT_SHARE = 0.25
"""A lung that runs along the picture's edge for this share of the edge is cut off."""
TILT_DEGREES = 15.0
CLIPPED_SHARE, FLAT_RANGE = 0.25, 0.12

NOT_FRONTAL = (
    "This does not look like a frontal chest radiograph. What was not seen is not called absent."
)
INVERTED = "The tones look inverted (bones dark, as in MONOCHROME1); it was read inverted back."
TURNED = "The picture looks turned by {degrees} degrees. Findings may be missed."
TILTED = "The chest is tilted by about {degrees} degrees."
CUT = "The lungs reach the edge of the picture: a part may be cut off."
SMALL = "The picture is only {side} pixels on its short side: small findings can't be seen."
BRIGHT = "Much of the picture is burnt to white (over-bright): findings there are lost."
DARK = "Much of the picture is sunk in black (too dark): findings there are lost."
FLAT = "The picture has very little contrast."


@dataclass(frozen=True, slots=True)
class Screen:
    """What the screen saw. ``frontal`` false means: call nothing absent. ``inverted`` means: read
    it with its tones turned over. ``anatomy`` is that of the picture as stored, tones corrected."""

    frontal: bool
    inverted: bool
    anatomy: Anatomy
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to look at a picture: tones turned over or not, quarter turns counter-clockwise."""

    inverted: bool = False
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """A thumbnail seen one way, the anatomy found in it, and how well that fits a chest."""

    thumbnail: Pixels
    anatomy: Anatomy
    fit: float
    contrast: float

    @property
    def worth(self) -> float:
        """What ways are compared by: squared, the fit outweighs the tones."""
        return self.fit**2 * max(0.0, self.contrast)


OTHER_WAYS = tuple(Way(inv, k) for inv in (False, True) for k in range(4) if inv or k)


def screen(image: GrayImage, find: Find) -> Screen:
    """Screen a gray radiograph [H, W]; ``ValueError`` if it is uniform."""
    way, seen = _right_way(_look(shrink(image, SIZE), find), find)
    chest_like = max(image.shape) <= LONGEST * min(image.shape)
    frontal, inverted = chest_like and seen.fit >= FRONTAL_FIT, way.inverted
    quarter_turns = (4 - way.turns) % 4
    anatomy = seen.anatomy if not way.turns else find(_turned_over(shrink(image, SIZE), inverted))
    notes = [] if frontal else [NOT_FRONTAL]
    if frontal and inverted:
        notes.append(INVERTED)
    if frontal and quarter_turns:
        notes.append(TURNED.format(degrees=90 * quarter_turns))
    if frontal and not quarter_turns:
        notes += _placement(anatomy)
    return Screen(
        frontal=frontal and not quarter_turns,
        inverted=frontal and inverted,
        anatomy=anatomy,
        notes=(*notes, *_pixels(image)),
    )


def fit(anatomy: Anatomy, thumbnail: Pixels) -> float:
    """How much this looks like an upright frontal chest with air dark, 0..1: the network's
    sureness, times ``MISS`` for each thing that is not as on a frontal chest."""
    if not all(mask.any() for mask in anatomy.masks):
        return 0.0
    (right_y, right_x), (left_y, left_x), (heart_y, heart_x) = map(_middle, anatomy.masks)
    right, left, heart = (anatomy.share(organ) for organ in (RIGHT_LUNG, LEFT_LUNG, HEART))
    wanted = (
        0.04 < right < 0.4 and 0.03 < left < 0.4 and 0.015 < heart < 0.3,
        0.4 < right / left < 3.5,
        right_x + 0.15 < left_x,
        (right_x + left_x) / 2 < heart_x < left_x,
        heart_y > (right_y + left_y) / 2,
        abs(right_y - left_y) < 0.15,
        _brightness(thumbnail, anatomy, HEART) > _brightness(thumbnail, anatomy, RIGHT_LUNG),
        _brightness(thumbnail, anatomy, HEART) > _brightness(thumbnail, anatomy, LEFT_LUNG),
    )
    return anatomy.sureness * MISS ** wanted.count(False)


def _brightness(thumbnail: Pixels, anatomy: Anatomy, organ: int) -> float:
    return float(thumbnail[anatomy.masks[organ]].mean())


def contrast(anatomy: Anatomy, thumbnail: Pixels) -> float:
    """By how much the heart is brighter than the lungs, -255..255."""
    if not all(mask.any() for mask in anatomy.masks):
        return -255.0
    right, left, heart = (_brightness(thumbnail, anatomy, k) for k in range(len(ORGANS)))
    return heart - (right + left) / 2


def _look(thumbnail: Pixels, find: Find) -> Look:
    anatomy = find(thumbnail)
    return Look(thumbnail, anatomy, fit(anatomy, thumbnail), contrast(anatomy, thumbnail))


def _right_way(stored: Look, find: Find) -> tuple[Way, Look]:
    """The way the picture looks most like a chest; as stored unless another is clearly better."""
    if stored.fit >= SURE_FIT and stored.contrast >= SURE_CONTRAST:
        return Way(), stored
    looks = {way: _look(_seen(stored.thumbnail, way), find) for way in OTHER_WAYS}
    best = max(looks, key=lambda way: looks[way].worth)
    if looks[best].worth > CLEARLY * stored.worth:
        return best, looks[best]
    return Way(), stored


def _seen(thumbnail: Pixels, way: Way) -> Pixels:
    turned = np.rot90(_turned_over(thumbnail, way.inverted), way.turns)
    return np.ascontiguousarray(turned)


def _placement(anatomy: Anatomy) -> list[str]:
    notes = []
    lungs = anatomy.masks[RIGHT_LUNG] | anatomy.masks[LEFT_LUNG]
    edges = (lungs[0], lungs[-1], lungs[:, 0], lungs[:, -1])
    if max(float(edge.mean()) for edge in edges) > CUT_SHARE:
        notes.append(CUT)
    degrees = _tilt(anatomy)
    if abs(degrees) > TILT_DEGREES:
        notes.append(TILTED.format(degrees=round(abs(degrees))))
    return notes


def _tilt(anatomy: Anatomy) -> float:
    """Degrees by which the line between the middles of the two lungs leaves the horizontal."""
    (right_y, right_x), (left_y, left_x) = map(_middle, anatomy.masks[: LEFT_LUNG + 1])
    return float(np.degrees(np.arctan2(left_y - right_y, left_x - right_x)))


def _pixels(image: GrayImage) -> list[str]:
    notes = []
    if min(image.shape) < SMALL_SIDE:
        notes.append(SMALL.format(side=min(image.shape)))
    height, width = image.shape
    middle = image[height // 5 : height - height // 5, width // 5 : width - width // 5]
    low, high = float(image.min()), float(image.max())
    if float((middle >= high).mean()) > CLIPPED_SHARE:
        notes.append(BRIGHT)
    if float((middle <= low).mean()) > CLIPPED_SHARE:
        notes.append(DARK)
    p0, p1 = (float(v) for v in np.percentile(middle[::4, ::4], (1, 99)))
    if p1 - p0 < FLAT_RANGE * _full_scale(image, high):
        notes.append(FLAT)
    return notes


def _full_scale(image: GrayImage, high: float) -> float:
    """The range a picture could have used: 12-bit films travel in 16-bit files."""
    return 255.0 if image.dtype == np.uint8 else float(2 ** int(np.ceil(np.log2(high + 1))) - 1)


def _turned_over(thumbnail: Pixels, inverted: bool) -> Pixels:
    return np.asarray(255 - thumbnail, dtype=np.uint8) if inverted else thumbnail


def _middle(mask: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Centre of mass (y, x) in 0..1."""
    y, x = np.nonzero(mask)
    return float(y.mean()) / SIZE, float(x.mean()) / SIZE
