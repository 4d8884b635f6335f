"""TIFF: one plain picture rebuilt from its first directory, found without decoding (TIFF 6.0).

TIFF is a directory of offsets, and a stranger's offsets may point anywhere, at each other or twice
at the same bytes. So the directory is read here, within bounds, and a new file is written that
holds the strips or tiles and the dozen tags that say how to read them; the decoder never sees the
stranger's own directory, nor any other tag.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from inference.refusals import ImageRefused, broken, check_size, truncated

_ENTRIES = 200
_PIECES = 100_000
"""More strips or tiles than any radiograph has."""

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_STRIPS, _ORIENTATION, _SAMPLES, _STRIP_BYTES = 273, 274, 277, 279
_TILES, _TILE_BYTES, _FORMAT = 324, 325, 339
# Rows a strip, planes, predictor, colour map, tile sizes, extra samples, sample format.
_PLAIN: Final = (278, 284, 317, 320, 322, 323, 338, 339)
_COMPRESSIONS: Final = {1: "none", 5: "LZW", 8: "deflate", 32773: "PackBits", 32946: "deflate"}
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
_CODES: Final = {1: "B", 3: "H", 4: "I"}
_FLOAT = 3
_WHITE_IS_ZERO = 0

Tags = Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Plain:
    """A TIFF file of one picture and nothing else, and what its directory promised.

    ``white`` is the value to turn gray values about where zero is white and the decoder does not
    turn them by itself (more than 8 bits); else 0.
    """

    data: bytes
    width: int
    height: int
    orientation: int
    white: int


def is_tiff(data: bytes) -> bool:
    return data[:4] in (b"II*\x00", b"MM\x00*")


def find_pixels(data: bytes) -> Plain:
    """Raises ``ImageRefused`` for several pages, float samples, a compression that is not lossless
    or that we don't read, and for directories that make no sense."""
    order = "<" if data[:2] == b"II" else ">"
    tags, following = _directory(data, order)
    if following:
        raise ImageRefused("This TIFF holds several pictures. Send one picture a file.")
    width, height = _one(tags, _WIDTH), _one(tags, _HEIGHT)
    check_size(width, height)
    compression = _one(tags, _COMPRESSION, 1)
    if compression not in _COMPRESSIONS:
        raise ImageRefused(
            "This TIFF is compressed in a way that is not read here. "
            "Export it without compression, or as PNG."
        )
    if _FLOAT in tags.get(_FORMAT, ()):
        raise ImageRefused("This TIFF holds fractions, not gray values. Export it as 16-bit.")
    if max(tags.get(_BITS, (1,))) > 8 and _one(tags, _SAMPLES, 1) > 1:
        raise ImageRefused("This TIFF has more than 8 bits a colour. Export it in gray.")
    bits = min(16, max(tags.get(_BITS, (1,))))
    is_inverted = _one(tags, _PHOTOMETRIC, 1) == _WHITE_IS_ZERO
    return Plain(
        data=_rebuilt(order, tags, _pieces(data, tags)),
        width=width,
        height=height,
        orientation=_one(tags, _ORIENTATION, 1),
        white=(1 << bits) - 1 if bits > 8 and is_inverted else 0,
    )


def _directory(data: bytes, order: str) -> tuple[Tags, int]:
    """The numbers of the tags we know, and where the next directory would be."""
    at = _unpacked(data, order + "I", 4)
    count = _unpacked(data, order + "H", at)
    if not 0 < count <= _ENTRIES:
        raise broken()
    known = {_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _STRIPS, _ORIENTATION, _SAMPLES}
    known |= {_STRIP_BYTES, _TILES, _TILE_BYTES, *_PLAIN}
    tags: dict[int, tuple[int, ...]] = {}
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag = _unpacked(data, order + "H", entry)
        if tag in known:
            tags[tag] = _numbers(data, order, entry)
    return tags, _unpacked(data, order + "I", at + 2 + 12 * count)


def _numbers(data: bytes, order: str, entry: int) -> tuple[int, ...]:
    kind, count = _unpacked(data, order + "H", entry + 2), _unpacked(data, order + "I", entry + 4)
    if kind not in _CODES or not 0 < count <= _PIECES:
        raise broken()
    size = _SIZES[kind] * count
    start = entry + 8 if size <= 4 else _unpacked(data, order + "I", entry + 8)
    if start + size > len(data):
        raise truncated()
    return struct.unpack_from(f"{order}{count}{_CODES[kind]}", data, start)


def _unpacked(data: bytes, form: str, at: int) -> int:
    if at + struct.calcsize(form) > len(data):
        raise truncated()
    return int(struct.unpack_from(form, data, at)[0])


def _one(tags: Tags, tag: int, otherwise: int | None = None) -> int:
    if tag in tags:
        return tags[tag][0]
    if otherwise is None:
        raise broken()
    return otherwise


def _pieces(data: bytes, tags: Tags) -> tuple[int, int, list[bytes]]:
    """The tags of offsets and lengths in use, and the strips or tiles themselves."""
    tiled = _TILES in tags
    where, long = (_TILES, _TILE_BYTES) if tiled else (_STRIPS, _STRIP_BYTES)
    offsets, lengths = tags.get(where, ()), tags.get(long, ())
    if not offsets or len(offsets) != len(lengths):
        raise broken()
    # Strips that name the same bytes again and again would make a small file large.
    if sum(lengths) > len(data):
        raise broken()
    pieces = [data[at : at + size] for at, size in zip(offsets, lengths, strict=True)]
    if any(len(piece) < size for piece, size in zip(pieces, lengths, strict=True)):
        raise truncated()
    return where, long, pieces


def _rebuilt(order: str, tags: Tags, found: tuple[int, int, list[bytes]]) -> bytes:
    where, long, pieces = found
    kept = (_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _SAMPLES, *_PLAIN)
    values = {tag: tags[tag] for tag in kept if tag in tags}
    values[long] = tuple(len(piece) for piece in pieces)
    values[where] = (0,) * len(pieces)  # known once the directory's own size is
    header = 8 + 2 + 12 * len(values) + 4
    long_ones = sum(4 * len(numbers) for numbers in values.values() if len(numbers) > 1)
    at, offsets = header + long_ones, []
    for piece in pieces:
        offsets.append(at)
        at += len(piece)
    values[where] = tuple(offsets)
    return _written(order, values, header) + b"".join(pieces)


def _written(order: str, values: Tags, header: int) -> bytes:
    """Header, directory and the numbers that don't fit in it; every number as 32 bits."""
    entries, behind = [], []
    at = header
    for tag, numbers in sorted(values.items()):
        body = struct.pack(f"{order}{len(numbers)}I", *numbers)
        field = body if len(numbers) == 1 else struct.pack(order + "I", at)
        entries.append(struct.pack(order + "HHI", tag, 4, len(numbers)) + field)
        if len(numbers) > 1:
            behind.append(body)
            at += len(body)
    start = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "I", 8)
    count, none_follows = struct.pack(order + "H", len(entries)), bytes(4)
    return b"".join((start, count, *entries, none_follows, *behind))
