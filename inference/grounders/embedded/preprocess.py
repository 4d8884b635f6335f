"""From any stored radiograph to what the network sees, the same in training and in use."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from inference.images import GrayImage

Pixels = npt.NDArray[np.uint8]

_MAX_SAMPLED_SIDE = 1024
_KEPT_SIDE = 1024
"""A side keeps at least this many pixels before tones become floats."""


def reduce(image: GrayImage) -> GrayImage | npt.NDArray[np.float32]:
    """The means of blocks of ``image`` [H, W] where a side has 2,048 pixels or more, else ``image``
    itself: the floats of a 48-megapixel film would take 600 MB. Rows and columns that fill no
    block (under one in a thousand) are left out."""
    tall, wide = (max(1, side // _KEPT_SIDE) for side in image.shape)
    if tall == wide == 1:
        return image
    height, width = image.shape[0] // tall * tall, image.shape[1] // wide * wide
    total = np.zeros((height // tall, width // wide), dtype=np.uint32)
    for y in range(tall):
        for x in range(wide):
            total += image[y:height:tall, x:width:wide]
    return np.asarray(total / (tall * wide), dtype=np.float32)


def window(image: GrayImage | npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Stretch the 0.5-99.5 percentile of ``image`` [H, W] to 0..255, clipped.

    Percentiles are read on a strided view: a 50-megapixel film needs no full sort. Raises
    ``ValueError`` for an image whose window is empty (a constant picture).
    """
    step = max(1, max(image.shape) // _MAX_SAMPLED_SIDE)
    low, high = (float(v) for v in np.percentile(image[::step, ::step], (0.5, 99.5)))
    if high <= low:
        raise ValueError("the image is uniform: there is nothing to see in it")
    stretched = (image.astype(np.float32) - low) * (255.0 / (high - low))
    return np.asarray(np.clip(stretched, 0.0, 255.0), dtype=np.float32)


def shrink(image: GrayImage, size: int) -> Pixels:
    """Window and resample ``image`` [H, W] to uint8 [size, size], anti-aliased.

    The aspect is not kept: NIH ChestX-ray14, which the network learnt from, is stored square.
    """
    resampled = Image.fromarray(window(reduce(image)), mode="F").resize(
        (size, size), Image.Resampling.BILINEAR
    )
    return np.asarray(np.clip(np.rint(np.asarray(resampled)), 0, 255), dtype=np.uint8)


def to_input(pixels: Pixels) -> npt.NDArray[np.float32]:
    """Scale uint8 [B, S, S] to the network's float32 [B, 1, S, S], about -1..1.

    (v - 127) / 128 is the normalisation EfficientNet-Lite was trained with.
    """
    return ((pixels.astype(np.float32) - 127.0) / 128.0)[:, None]
