"""What every reader of pictures refuses of any format: too large, too small, not readable."""

import numpy as np
from numpy.typing import NDArray

GrayImage = NDArray[np.uint8] | NDArray[np.uint16]
"""``[H, W]``, uint8, or uint16 where the file had more than 8 bits a gray pixel."""

MAX_PIXELS = 64_000_000
MIN_SIDE = 64


class ImageRefused(ValueError):
    """The picture cannot be used; the message says what is wrong and what to do."""


def check_size(width: int, height: int) -> None:
    """Raise ``ImageRefused`` on what a header promises, before a pixel is decoded."""
    if width * height > MAX_PIXELS:
        raise ImageRefused(
            f"The picture has {width} x {height} pixels; the limit is 64 million. "
            "Scale it down and send it again."
        )
    if min(width, height) < MIN_SIDE:
        raise ImageRefused(
            f"The picture has {width} x {height} pixels; at least {MIN_SIDE} a side are needed. "
            "Send the full-size radiograph."
        )


def truncated() -> ImageRefused:
    return ImageRefused("The picture is cut off before its end. Export or upload it again.")


def broken() -> ImageRefused:
    return ImageRefused("The picture is damaged and cannot be decoded. Export it again.")
