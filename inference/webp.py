"""WebP: the chunks that carry pixels, found without decoding (RFC 9649)."""

import struct
from collections.abc import Iterator

from inference.refusals import ImageRefused, broken, check_size, truncated

_ALPHA, _ANIMATION = 0x10, 0x02
_HEADER = 12
_ORIENTATION_PREFIX = b"Exif\x00\x00"


def is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def find_pixels(data: bytes) -> tuple[bytes, int, int, bytes]:
    """A WebP file of the pixels alone, its width and height, and the EXIF block (maybe empty).

    Colour profile, EXIF, XMP and unknown chunks stay outside. Raises ``ImageRefused`` for one
    that is animated, cut off or without pixels.
    """
    kept: list[bytes] = []
    exif, size, canvas = b"", (0, 0), b""
    for name, body in _chunks(data):
        if name == b"VP8X" and len(body) >= 10:
            if body[0] & _ANIMATION:
                raise ImageRefused("This picture is animated. Send one still picture.")
            canvas = bytes([body[0] & _ALPHA]) + body[1:10]
        elif name == b"EXIF":
            exif = body.removeprefix(_ORIENTATION_PREFIX)
        elif name in (b"VP8 ", b"VP8L"):
            size = _lossy_size(body) if name == b"VP8 " else _lossless_size(body)
            check_size(*size)
            kept.append(_chunk(name, body))
            break
        elif name == b"ALPH":
            kept.append(_chunk(name, body))
    if not size[0]:
        raise broken()
    if canvas:
        # The canvas has its own width and height, each less one; a still picture fills it.
        if _canvas_size(canvas) != size:
            raise broken()
        kept.insert(0, _chunk(b"VP8X", canvas))
    return _riff(b"".join(kept)), *size, exif or _exif_after(data)


def _exif_after(data: bytes) -> bytes:
    """The EXIF block, which usually stands behind the pixels."""
    found = (body for name, body in _chunks(data) if name == b"EXIF")
    return next(found, b"").removeprefix(_ORIENTATION_PREFIX)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each chunk; raises if the file ends inside one. What lies behind the
    declared end of the file is not looked at."""
    end = 8 + int(struct.unpack_from("<I", data, 4)[0])
    if end > len(data):
        raise truncated()
    at = _HEADER
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", data, at)
        if at + 8 + length > end:
            raise truncated()
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _lossy_size(body: bytes) -> tuple[int, int]:
    """From the key frame's header: three bytes, a start code, two sizes of 14 bits."""
    if len(body) < 10 or body[3:6] != b"\x9d\x01\x2a":
        raise broken()
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _lossless_size(body: bytes) -> tuple[int, int]:
    """From the first 28 bits behind the signature, each size less one."""
    if len(body) < 5 or body[0] != 0x2F:
        raise broken()
    bits = struct.unpack_from("<I", body, 1)[0]
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _canvas_size(body: bytes) -> tuple[int, int]:
    width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
    return width, height


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + bytes(len(body) % 2)


def _riff(chunks: bytes) -> bytes:
    return struct.pack("<4sI4s", b"RIFF", 4 + len(chunks), b"WEBP") + chunks
