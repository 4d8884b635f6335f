"""Reading pictures from strangers: PNG, JPEG, WebP, TIFF and DICOM in, one gray array out.

Nothing is trusted.

The file is walked as bytes first: its size is checked before a pixel is decoded, and only the
parts that carry pixels are handed to the decoder. Text, colour profiles, thumbnails, further
pictures and whatever was hidden behind the end stay outside, so no metadata bomb is ever
unpacked and no global limit of the imaging library has to be changed.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference import tiff, webp
from inference.described import is_dicom
from inference.refusals import GrayImage, ImageRefused, broken, check_size, truncated

__all__ = ("MAX_BYTES", "GrayImage", "ImageRefused", "encode_png", "read_image")

MAX_BYTES = 200_000_000
QUICKLY_PACKED = 16_000_000
"""Pixels of a picture that is packed as hard as a PNG usually is."""
MAX_SCANS = 100
"""A progressive JPEG has about ten scans; thousands are an attack on the processor."""

SEND_ANOTHER = "Send a PNG, JPEG, WebP, TIFF or a DICOM radiograph."


@dataclass(frozen=True, slots=True)
class _Pixels:
    """The part of a file a decoder needs, and what its header promises."""

    data: bytes
    width: int
    height: int
    orientation: int
    white: int = 0
    """What gray values are turned about where zero is white; 0 where they stand right already."""


def read_image(source: Path | bytes) -> GrayImage:
    """Decode a PNG, JPEG, WebP, TIFF or DICOM to gray, upright as its orientation says.

    Colour becomes luminance (ITU-R 601), transparency black; 16 bits survive in gray PNG, TIFF and
    DICOM.
    Raises ``ImageRefused`` for anything else, anything broken, over 64 megapixels, over 200 MB
    or under 64 pixels a side; ``OSError`` if a path cannot be opened. Needs at most about eleven
    bytes of memory a pixel (CMYK), four or less for gray.
    """
    data = _read_bytes(source)
    if is_dicom(data):
        from inference import dicom  # noqa: PLC0415 - 45 MB that no process needs but a decoder

        return dicom.read_pixels(data)
    pixels = _find_pixels(data)
    check_size(pixels.width, pixels.height)
    decoded = _decode(pixels)
    if pixels.white:
        decoded = (pixels.white - np.minimum(decoded, pixels.white)).astype(np.uint16)
    return _upright(decoded, pixels.orientation)


def encode_png(image: GrayImage) -> bytes:
    """The same pixels as a PNG of the same depth, holding nothing but them.

    Packed hard as far as that is quick. The largest picture of 16 bits would take 21 s for 6 % of
    its bytes, of the 60 that its decoder has (`inference.decoding`).
    """
    if image.ndim != 2 or image.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"expected uint8 or uint16 [H, W], got {image.dtype} {image.shape}")
    buffer = io.BytesIO()
    level = 6 if image.size <= QUICKLY_PACKED else 1
    Image.fromarray(np.ascontiguousarray(image)).save(buffer, format="PNG", compress_level=level)
    return buffer.getvalue()


def _read_bytes(source: Path | bytes) -> bytes:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > MAX_BYTES:
        raise ImageRefused(
            f"The file has {size // 1_000_000} MB; the limit is {MAX_BYTES // 1_000_000} MB. "
            "Send a smaller picture."
        )
    return source if isinstance(source, bytes) else source.read_bytes()


# --- What kind of file it is -----------------------------------------------------------------

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"
OTHER_FORMATS = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"%PDF", "PDF"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
)


FORMATS = ("PNG", "JPEG", "WEBP", "TIFF")
"""What the decoder may take the rebuilt file for."""


def _find_pixels(data: bytes) -> _Pixels:
    if data.startswith(PNG_MAGIC):
        return _png_pixels(data)
    if data.startswith(JPEG_MAGIC):
        return _jpeg_pixels(data)
    if webp.is_webp(data):
        kept, width, height, exif = webp.find_pixels(data)
        return _Pixels(kept, width, height, _orientation(exif))
    if tiff.is_tiff(data):
        plain = tiff.find_pixels(data)
        turned = plain.orientation if 1 <= plain.orientation <= 8 else 1
        return _Pixels(plain.data, plain.width, plain.height, turned, plain.white)
    raise ImageRefused(_why_not(data))


def _why_not(data: bytes) -> str:
    if not data:
        return f"The file is empty. {SEND_ANOTHER}"
    for magic, name in OTHER_FORMATS:
        if data.startswith(magic):
            return f"This is a {name} file. {SEND_ANOTHER}"
    if data[4:8] == b"ftyp":
        return f"This is a HEIC, AVIF or video file. {SEND_ANOTHER}"
    return f"This is not an image. {SEND_ANOTHER}"


# --- PNG: chunks -----------------------------------------------------------------------------

PNG_KEPT = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))


def _png_pixels(data: bytes) -> _Pixels:
    kept, orientation, width, height = [PNG_MAGIC], 1, 0, 0
    for name, start, end in _png_chunks(data):
        body = memoryview(data)[start + 8 : end - 4]
        if name == b"IHDR" and len(body) == 13:
            width, height = struct.unpack_from(">II", body)
            # At once: a bomb need not be walked to its end.
            check_size(width, height)
        elif name == b"acTL":
            raise ImageRefused("This picture is animated. Send one still picture.")
        elif name == b"eXIf":
            orientation = _orientation(bytes(body))
        if name in PNG_KEPT:
            kept.append(data[start:end])
    if not width:
        raise broken()
    return _Pixels(b"".join(kept), width, height, orientation)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk up to IEND; raises if the file ends before it."""
    start = len(PNG_MAGIC)
    while start + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, start)
        end = start + 12 + length
        if end > len(data):
            break
        yield name, start, end
        if name == b"IEND":
            return
        start = end
    raise truncated()


# --- JPEG: segments --------------------------------------------------------------------------

SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
TABLES = frozenset((0xC4, 0xCC, 0xDB, 0xDD))
APP0, APP1, APP14, SOS = 0xE0, 0xE1, 0xEE, 0xDA
JPEG_KEPT = SOF | TABLES | {APP0, APP14}
"""APP14 says whether four channels are inverted; the colour would be wrong without it."""


def _jpeg_pixels(data: bytes) -> _Pixels:
    kept, orientation, width, height = [b"\xff\xd8"], 1, 0, 0
    for marker, start, end in _jpeg_segments(data):
        body = data[start + 4 : end]
        if marker in SOF and len(body) >= 6:
            height, width = struct.unpack_from(">HH", body, 1)
            check_size(width, height)
        elif marker == APP1 and body.startswith(b"Exif\x00\x00"):
            orientation = _orientation(body[6:])
        if marker in JPEG_KEPT:
            kept.append(data[start:end])
        elif marker == SOS:
            kept.append(data[start:])
    if not width:
        raise broken()
    # Neither marker can occur inside coded pixels, where every 0xFF is followed by a zero.
    if b"\xff\xd9" not in kept[-1]:
        raise truncated()
    if kept[-1].count(b"\xff\xda") > MAX_SCANS:
        raise ImageRefused("This JPEG has too many scans. Export it again as a plain JPEG or PNG.")
    return _Pixels(b"".join(kept), width, height, orientation)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment up to the first scan."""
    start = 2
    while start + 4 <= len(data):
        if data[start] != 0xFF:
            raise broken()
        marker = data[start + 1]
        if marker == 0xFF:  # a fill byte
            start += 1
            continue
        end = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
        if end > len(data):
            break
        yield marker, start, end
        if marker == SOS:
            return
        start = end
    raise truncated()


# --- Orientation -----------------------------------------------------------------------------


def _orientation(tiff: bytes) -> int:
    """EXIF tag 0x0112 of the first directory, 1..8; 1 where it is absent or nonsense."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    directory = struct.unpack_from(order + "I", tiff, 4)[0]
    if directory + 2 > len(tiff):
        return 1
    count = struct.unpack_from(order + "H", tiff, directory)[0]
    for at in range(directory + 2, directory + 2 + 12 * count, 12):
        if at + 12 > len(tiff):
            break
        tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, at)
        if tag == 0x0112 and kind == 3 and 1 <= value <= 8:
            return int(value)
    return 1


def _upright(image: GrayImage, orientation: int) -> GrayImage:
    turned: Any = image.T if orientation >= 5 else image
    if orientation in (2, 3, 6, 7):
        turned = turned[:, ::-1]
    if orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    upright: GrayImage = np.ascontiguousarray(turned)
    return upright


# --- Decoding --------------------------------------------------------------------------------


def _decode(pixels: _Pixels) -> GrayImage:
    try:
        with Image.open(io.BytesIO(pixels.data), formats=FORMATS) as picture:
            # A second size in a second header would slip past the first check.
            if picture.size != (pixels.width, pixels.height):
                raise broken()
            picture.draft("L", picture.size)
            return _gray(picture)
    except (ImageRefused, MemoryError):
        raise
    # Any exception: on damaged files the decoder's own invariants break, assertions among them.
    except Exception as error:
        raise (truncated() if "truncated" in str(error) else broken()) from error


def _gray(picture: Image.Image) -> GrayImage:
    if picture.mode.startswith("I;16"):
        return np.array(picture, dtype=np.uint16)
    if picture.has_transparency_data:
        return _on_black(picture if picture.mode in ("LA", "RGBA") else picture.convert("RGBA"))
    if picture.mode == "CMYK":
        picture = picture.convert("RGB")
    return np.array(picture.convert("L"), dtype=np.uint8)


def _on_black(picture: Image.Image) -> NDArray[np.uint8]:
    ground = Image.new("L", picture.size)
    ground.paste(picture.convert("L"), mask=picture.getchannel("A"))
    return np.array(ground, dtype=np.uint8)
