"""Files as no honest program writes them, for `benchmarks.hostile_files`; each from a seed."""

import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.audits import archives
from tests.audits import identifiers as planted
from tests.audits.identifiers import NUMBER, WORD

Change = Callable[[bytearray, random.Random], bytes]

NAMES = (
    f"{planted.FILE_NAME}.png",
    f"../../{WORD}.png",
    f"/etc/cron.d/{WORD}",
    f"..\\..\\{WORD}.png",
    f"C:\\{WORD}.dcm",
    f"{WORD}\u202egnp.exe",
    f"{WORD}%00.png",
    f"{WORD} {'x' * 3000}.png",
    ".",
    f"$(touch {WORD})`id`.png",
)
"""What a picture may be called by who sends it."""


@dataclass(frozen=True)
class Hostile:
    """``kind`` is the format it is, or was; ``change`` what was done to it."""

    kind: str
    change: str
    data: bytes
    name: str = ""


# --- What is done to a file -----------------------------------------------------------------------


def flip_bits(data: bytearray, draw: random.Random) -> bytes:
    for _ in range(draw.choice([1, 3, 10, 100])):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    return bytes(data)


def flip_head(data: bytearray, draw: random.Random) -> bytes:
    """Bits of the first half kilobyte, where sizes and tables are."""
    for _ in range(draw.choice([1, 2, 5])):
        data[draw.randrange(min(512, len(data)))] ^= 1 << draw.randrange(8)
    return bytes(data)


def cut(data: bytearray, draw: random.Random) -> bytes:
    return bytes(data[: draw.randrange(len(data))])


def tear_out(data: bytearray, draw: random.Random) -> bytes:
    start = draw.randrange(len(data))
    return bytes(data[:start] + data[start + draw.randrange(1, 400) :])


def repeat(data: bytearray, draw: random.Random) -> bytes:
    start = draw.randrange(len(data))
    piece = data[start : start + draw.randrange(1, 400)]
    return bytes(data[:start] + piece * draw.choice([2, 50, 2000]) + data[start:])


def lie(data: bytearray, draw: random.Random) -> bytes:
    """A number somewhere is as large as numbers get."""
    at = draw.randrange(max(1, len(data) - 8))
    number = draw.choice([0, 1, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1])
    form = draw.choice(["<I", ">I", "<H", ">H"])
    struct.pack_into(form, data, at, number & (2 ** (8 * struct.calcsize(form)) - 1))
    return bytes(data)


def wear(data: bytearray, draw: random.Random) -> bytes:
    """The file behind the first bytes of another format: a polyglot."""
    fronts = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\0", b"RIFF\xff\xff\xff\xffWEBP")
    return draw.choice(fronts) + bytes(data)


CHANGES: dict[str, Change] = {
    "bits flipped": flip_bits,
    "bits of the head flipped": flip_head,
    "cut off": cut,
    "a piece missing": tear_out,
    "a piece repeated": repeat,
    "a number as large as it gets": lie,
    "another format's head": wear,
}


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that promise, or unpack to, very much."""
    for side in (8_000, 65_000, 2**31 - 1):
        for rows in (bytes(1000), bytes(50_000_000)):
            yield "PNG", _png(side, side, zlib.compress(rows, 9))
    text = zlib.compress(bytes(200_000_000), 9)
    yield "PNG", _png(64, 64, zlib.compress(bytes(65 * 64)), extra=b"a\0\0" + text)
    jpeg = dict(planted.pictures())["jpg"]
    at = jpeg.index(b"\xff\xc0") + 5
    for height, width in ((65_535, 65_535), (8_000, 8_000), (1, 65_535)):
        yield "JPEG", jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]
    scan = jpeg.index(b"\xff\xda")
    yield "JPEG", jpeg[:scan] + jpeg[scan:-2] * 5_000 + b"\xff\xd9"
    tiff = struct.pack("<2sHIH", b"II", 42, 8, 9)
    tags = {
        256: 60_000,
        257: 60_000,
        258: 8,
        259: 8,
        262: 1,
        273: 200,
        277: 1,
        278: 60_000,
        279: 99,
    }
    for tag, value in tags.items():
        tiff += struct.pack("<HHII", tag, 4, 1, value)
    yield "TIFF", tiff + bytes(2_000)
    for _, data in planted.dicoms()[:1]:
        for element in (b"\x28\x00\x10\x00US\x02\x00", b"\x28\x00\x11\x00US\x02\x00"):
            at = data.index(element) + 8
            yield "DICOM", data[:at] + b"\xff\xff" + data[at + 2 :]
        at = data.index(b"\xe0\x7f\x10\x00") + 8
        yield "DICOM", data[:at] + struct.pack("<I", 2**31 - 2) + data[at + 4 :]


def _png(width: int, height: int, pixels: bytes, extra: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    text = chunk(b"zTXt", extra) if extra else b""
    return b"\x89PNG\r\n\x1a\n" + header + text + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def seeds() -> dict[str, list[bytes]]:
    """Whole files full of identifiers, by format."""
    found = {kind.upper(): [data] for kind, data in planted.pictures()}
    found["JPEG"], found["TIFF"] = found.pop("JPG"), found.pop("TIF")
    # The one with 4,000 tags is half a megabyte of words: the others are mutated where it matters.
    found["DICOM"] = [data for _, data in planted.dicoms()[1:]]
    return found


def polyglots() -> Iterator[tuple[str, bytes]]:
    """Two formats in one file: each is a whole one, for whoever looks for it."""
    whole = {kind: files[0] for kind, files in seeds().items()}
    html = f"<script>alert('{WORD}')</script>".encode()
    archive = archives.zipped({"manifest.jsonl": f'{{"image": "{WORD}.png"}}'})
    for kind, data in whole.items():
        for behind in (archive, html, *whole.values()):
            yield kind, data + behind
    # The preamble of a DICOM is 128 free bytes: enough for the head of any other format.
    for front in (b"MZ", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"II*\0", b"PK\3\4", b"#!/bin/sh\n"):
        yield "DICOM", front.ljust(128, b"\0") + whole["DICOM"][128:]


def lengths() -> Iterator[tuple[str, bytes]]:
    """Pieces that say they have 2 GB."""
    for kind, files in seeds().items():
        data = files[0]
        for place in _lengths_in(kind, data):
            for size in (2**31 - 1, 2**31, 2**32 - 2):
                form = "<I" if kind in ("DICOM", "TIFF", "WEBP") else ">I"
                yield kind, data[:place] + struct.pack(form, size) + data[place + 4 :]


def _lengths_in(kind: str, data: bytes) -> list[int]:
    if kind == "PNG":
        return [data.index(name) - 4 for name in (b"IHDR", b"IDAT", b"IEND")]
    if kind == "WEBP":
        return [4, 16]
    if kind == "DICOM":
        return [data.index(b"\xe0\x7f\x10\x00") + 8, 132 + 8]
    return [4] if kind == "TIFF" else []


def zips(draw: random.Random) -> Iterator[tuple[str, bytes]]:
    """One archive of each way to harm, around mutated pictures."""
    kinds = list(seeds().items())

    def odd() -> bytes:
        change = draw.choice(list(CHANGES.values()))
        return change(bytearray(draw.choice(draw.choice(kinds)[1])), draw)

    members: dict[str, bytes | str] = {f"{WORD} {at}.png": odd() for at in range(3)}
    honest = archives.zipped(members)
    yield "hostile members", honest
    yield "member of no bytes", archives.zipped({**members, "empty.png": b"", "empty.txt": b""})
    for name in ("../", "/etc/", "a/../../", "..\\..\\", "C:\\", "\\\\host\\"):
        yield "path that leads out", archives.zipped({f"{name}{WORD}.png": odd()})
    yield "name with NUL", archives.zipped({"aXb.png": odd()}).replace(b"aXb", b"a\0b")
    yield "name of 60,000", archives.zipped({"n" * 60_000 + ".png": odd()})
    yield "link", archives.with_link()
    yield "encrypted", archives.with_flag(1)
    yield "two entries of one member", archives.with_overlap()
    yield "2 GB of directory announced", archives.with_many_announced()
    yield (
        "bomb",
        archives.zipped({"0.png": bytes(draw.choice([5, 40]) * 2**20)}, zipfile.ZIP_DEFLATED),
    )
    yield "ZIP in a ZIP", archives.zipped({"in.zip": honest, "in.png": honest})
    yield "2 GB a member announced", _announced(honest, draw.choice([2**31 - 1, 2**31, 2**32 - 2]))
    yield (
        "way of packing nobody knows",
        _patched(honest, 10, struct.pack("<H", draw.randrange(1, 99))),
    )
    for change in (flip_bits, flip_head, cut, tear_out, repeat, lie):
        yield "archive itself mutated", change(bytearray(honest), draw)
    yield "manifest that leads out", _manifest(draw)


def _announced(data: bytes, size: int) -> bytes:
    return _patched(data, 24, struct.pack("<I", size))


def _patched(data: bytes, at: int, piece: bytes) -> bytes:
    """The first entry of the archive's directory with ``piece`` at this place."""
    start = data.rfind(b"PK\x01\x02") + at
    return data[:start] + piece + data[start + len(piece) :]


def _manifest(draw: random.Random) -> bytes:
    paths = [
        "../../etc/passwd",
        "/etc/passwd",
        "a.png\0",
        "",
        f"{WORD}.png",
        "con",
        "manifest.jsonl",
    ]
    rows = [{"image": path, "draft": planted.NAMED_DRAFT, "patient": NUMBER} for path in paths]
    rows += [{"image": "a.png", "findings": "[" * draw.choice([10, 100_000])}]
    text = "\n".join(map(json.dumps, rows)) + "\n\xff{"
    return archives.zipped({"manifest.jsonl": text, "a.png": dict(planted.pictures())["png"]})


def hostile(count: int, seed: int) -> Iterator[Hostile]:
    """Bombs, polyglots, empty files and lying lengths once, archives for a twentieth, then
    mutations of every format in turn; ``count`` in all."""
    draw = random.Random(seed)
    made = 0
    for change, pieces in (
        ("bomb", bombs()),
        ("polyglot", polyglots()),
        ("2 GB announced", lengths()),
    ):
        for kind, data in pieces:
            yield Hostile(kind, change, data, draw.choice(NAMES))
            made += 1
    for kind in seeds():
        yield Hostile(kind, "empty", b"", draw.choice(NAMES))
        made += 1
    wanted_zips = made + count // 20
    while made < wanted_zips:
        for change, data in zips(draw):
            yield Hostile("ZIP", change, data)
            made += 1
    wanted = list(seeds().items())
    for number in range(count - made):
        kind, files = wanted[number % len(wanted)]
        name, change = list(CHANGES.items())[number // len(wanted) % len(CHANGES)]
        data = change(bytearray(draw.choice(files)), draw)
        yield Hostile(kind, name, data, draw.choice(NAMES))
