"""From a file to what is stored of it: lossless pixels, an 8-bit preview, a thumbnail, hashes."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.burned_in import looks_lettered
from inference.described import Described, is_dicom
from inference.fingerprints import perceptual_hash, pixels_sha256
from inference.images import encode_png, read_image
from inference.lookup import looked_up
from inference.refusals import GrayImage

THUMBNAIL_PIXELS = 320
_ROWS = 256


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """PNG files without metadata; ``preview`` is ``png`` itself for an 8-bit image.

    ``burned_in``: something in the picture looks like text. ``brightness`` is the mean of the
    preview, 0..1.
    ``described`` is what the file itself said (DICOM only); its patient code is never stored.
    """

    file_sha256: str
    pixels_sha256: str
    width: int
    height: int
    perceptual_hash: int
    burned_in: bool
    brightness: float
    png: bytes
    preview: bytes
    thumbnail: bytes
    described: Described = field(default_factory=Described, repr=False)


def prepared(data: bytes) -> PreparedImage:
    """Decode and re-encode, in this very process; raises ``ImageRefused`` with the reason."""
    pixels = read_image(data)
    png = encode_png(pixels)
    shown = _to_8_bit(pixels)
    return PreparedImage(
        file_sha256=sha256(data).hexdigest(),
        pixels_sha256=pixels_sha256(pixels),
        width=pixels.shape[1],
        height=pixels.shape[0],
        perceptual_hash=perceptual_hash(shown),
        burned_in=looks_lettered(shown),
        brightness=round(float(shown.mean()) / 255, 4),
        png=png,
        preview=png if shown is pixels else encode_png(shown),
        thumbnail=encode_png(_shrunk(shown)),
        described=_described(data) if is_dicom(data) else Described(),
    )


def _described(data: bytes) -> Described:
    from inference import dicom  # noqa: PLC0415 - as in `read_image`

    return dicom.describe(data)


def _to_8_bit(pixels: GrayImage) -> NDArray[np.uint8]:
    """Stretch the middle 99% of a deep image's values over 0..255; 8-bit images stay as they are.

    The tails are left out because a few burnt-in or dead pixels would flatten all the rest.
    """
    if pixels.dtype == np.uint8:
        return cast(NDArray[np.uint8], pixels)
    low, high = _percentiles(pixels, 0.5, 99.5)
    scaled = (np.arange(2**16) - low) / max(high - low, 1.0)
    table = (np.clip(scaled, 0, 1) * 255).round().astype(np.uint8)
    return looked_up(table, pixels)


def _percentiles(pixels: GrayImage, *wanted: float) -> list[float]:
    """As numpy's (linear between neighbours), from counts: a sorted copy would take memory."""
    counts = np.zeros(2**16, np.int64)
    for top in range(0, len(pixels), _ROWS):
        counts += np.bincount(pixels[top : top + _ROWS].ravel(), minlength=2**16)
    up_to = counts.cumsum()
    found = []
    for percent in wanted:
        place = (pixels.size - 1) * percent / 100
        below, above = np.searchsorted(up_to, [int(place) + 1, min(int(place) + 2, pixels.size)])
        found.append(float(below + (above - below) * (place - int(place))))
    return found


def _shrunk(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image = Image.fromarray(pixels)
    image.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS), Image.Resampling.BOX)
    return np.asarray(image, dtype=np.uint8)
