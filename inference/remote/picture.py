"""From a stored radiograph to the picture a vision model is sent."""

import base64

import numpy as np
from PIL import Image

from inference.boxes import BoxFormat
from inference.grounders.embedded.preprocess import reduce, window
from inference.images import GrayImage, encode_png


def picture_url(image: GrayImage, boxes: BoxFormat, side: int) -> str:
    """``image`` [H, W] as a data URL of an 8-bit PNG, its longer side at most ``side`` pixels.

    Padded with black to a centred square where ``boxes`` count on it, so that what the model
    calls 0..1000 is what :func:`inference.boxes.to_box` undoes. Raises ``ValueError`` for a
    uniform image.
    """
    tones = np.asarray(np.rint(window(reduce(image))), dtype=np.uint8)
    picture = Image.fromarray(tones)
    height, width = image.shape
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = picture.resize(size, Image.Resampling.BILINEAR)
    if boxes.padded:
        longer = max(size)
        square = Image.new("L", (longer, longer))
        square.paste(picture, ((longer - size[0]) // 2, (longer - size[1]) // 2))
        picture = square
    data = base64.b64encode(encode_png(np.asarray(picture))).decode()
    return f"data:image/png;base64,{data}"
