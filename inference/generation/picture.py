"""From a stored radiograph to the picture a vision model is shown."""

import base64

import numpy as np
from PIL import Image

from inference.boxes import BoxFormat
from inference.grounders.embedded.preprocess import reduce, window
from inference.images import GrayImage, encode_png


def picture(image: GrayImage, boxes: BoxFormat, side: int) -> Image.Image:
    """``image`` [H, W] as an 8-bit gray picture, its longer side at most ``side`` pixels.

    Padded with black to a centred square where ``boxes`` count on it, so that what the model
    calls 0..1000 is what :func:`inference.boxes.to_box` undoes. Raises ``ValueError`` for a
    uniform image.
    """
    tones = np.asarray(np.rint(window(reduce(image))), dtype=np.uint8)
    height, width = image.shape
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    made = Image.fromarray(tones).resize(size, Image.Resampling.BILINEAR)
    return _squared(made) if boxes.padded else made


def picture_url(image: GrayImage, boxes: BoxFormat, side: int) -> str:
    """The :func:`picture` as a data URL of a PNG."""
    data = base64.b64encode(encode_png(np.asarray(picture(image, boxes, side)))).decode()
    return f"data:image/png;base64,{data}"


def _squared(made: Image.Image) -> Image.Image:
    longer = max(made.size)
    square = Image.new("L", (longer, longer))
    square.paste(made, ((longer - made.width) // 2, (longer - made.height) // 2))
    return square
