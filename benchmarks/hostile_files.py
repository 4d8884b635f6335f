"""Do mutated, cut, lying and packed files of each format hang, kill or get through the door?

Each file goes through the very function that uploads and imports call, in one process that asks
as a worker does. Counted for each format: taken (what came out is a picture again, holds none of
the identifiers that were planted, and is a PNG of nothing but pixels), refused with a sentence,
refused because the decoder was lost to it; and every way to fail: another exception than a refusal,
an answer later than the limit on decoding, an identifier in what came out or in the sentence.
Memory is the most that this process and any one decoder of it ever held.

    python -m benchmarks.hostile_files                 10,000 files, writes docs/measurements.md
    python -m benchmarks.hostile_files --files 500 --no-doc
"""

import argparse
import random
import resource
import struct
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks.detector_tables import write_between
from benchmarks.parser_peers import ROOT
from benchmarks.scrubbing import share
from inference.decoding import AT_ONCE, WALL_SECONDS, DecoderDied, prepared_apart
from inference.preparing import PreparedImage
from inference.refusals import ImageRefused
from tests.audits import identifiers as planted
from tests.audits.traces import PLAIN_PNG, png_chunks, traces

DOC = ROOT / "docs" / "measurements.md"
SEED = 20_261_129
Change = Callable[[bytearray, random.Random], bytes]


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


def hostile(count: int) -> Iterator[tuple[str, str, bytes]]:
    """Format, what was done, file: bombs, empty ones, then mutations in turn."""
    draw = random.Random(SEED)
    for kind, data in bombs():
        yield kind, "bomb", data
    for kind in seeds():
        yield kind, "empty", b""
    wanted = list(seeds().items())
    for number in range(count):
        kind, files = wanted[number % len(wanted)]
        name, change = list(CHANGES.items())[number // len(wanted) % len(CHANGES)]
        yield kind, name, change(bytearray(draw.choice(files)), draw)


# --- What came of it ------------------------------------------------------------------------------


@dataclass
class Tally:
    """Counts by format (or by change) and outcome; ``wrong`` tells what must not be."""

    n: Counter[str] = field(default_factory=Counter)
    outcome: Counter[tuple[str, str]] = field(default_factory=Counter)
    sentences: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0


@dataclass(frozen=True)
class Judged:
    kind: str
    change: str
    outcome: str
    seconds: float
    said: str
    """The sentence of a refusal, or what is wrong."""


def judge(given: tuple[str, str, bytes]) -> Judged:
    kind, change, data = given
    began = time.monotonic()
    try:
        image = prepared_apart(data)
    except DecoderDied as died:
        outcome, said = f"lost: {died.why}", str(died)
    except ImageRefused as refused:
        outcome, said = "refused", str(refused)
    except Exception as error:
        outcome, said = "wrong", type(error).__name__
    else:
        said = wrong_with(image)
        outcome = "wrong" if said else "taken"
    return Judged(kind, change, outcome, time.monotonic() - began, said)


def wrong_with(image: PreparedImage) -> str:
    for blob in (image.png, image.preview, image.thumbnail):
        if not set(png_chunks(blob)) <= PLAIN_PNG:
            return "a chunk that holds no pixels"
    told = repr((image.described.view, image.described.age, image.described.sex))
    kept = {"files": image.png + image.preview + image.thumbnail, "words": told.encode()}
    return ", ".join(traces(planted.SECRETS, kept))


def run(count: int) -> Tally:
    tally = Tally()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        files = hostile(count)
        while batch := [given for _, given in zip(range(64), files, strict=False)]:
            for judged in pool.map(judge, batch):
                _count(tally, judged)
    return tally


def _count(tally: Tally, one: Judged) -> None:
    tally.slowest = max(tally.slowest, one.seconds)
    for group in (one.kind, one.change, "all"):
        tally.n[group] += 1
        tally.outcome[group, one.outcome] += 1
    what = f"{one.kind}, {one.change}"
    if one.outcome == "wrong" or one.seconds > WALL_SECONDS + 30:
        tally.wrong.append(f"{what}: {one.said or 'too late'}")
    elif one.outcome != "taken":
        tally.sentences[one.said] += 1
        if not one.said or traces(planted.SECRETS, {"sentence": one.said.encode()}):
            tally.wrong.append(f"{what}: the sentence {one.said!r}")


def report(tally: Tally) -> list[str]:
    outcomes = ["taken", "refused", "lost: time", "lost: memory", "lost: crash", "wrong"]
    lines = [
        "| files | n | " + " | ".join(outcomes) + " |",
        "|---|" + "---|" * (len(outcomes) + 1),
    ]
    for group, n in sorted(tally.n.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        cells = [str(tally.outcome[group, outcome]) for outcome in outcomes]
        lines.append(f"| {group} | {n:,} | " + " | ".join(cells) + " |")
    n = tally.n["all"]
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines += [
        "",
        f"Hung, brought down, or let through with an identifier: {share(len(tally.wrong), n)}, "
        f"n = {n:,}. {len(tally.sentences)} different sentences.",
        f"The process that asks never held more than {held:.0f} MB; its decoders are held to "
        "their limit by the kernel.",
        *(f"WRONG: {one}" for one in tally.wrong[:20]),
    ]
    return lines


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--no-doc", action="store_true", help="print only")
    args = parser.parse_args(argv)
    tally = run(args.files)
    lines = report(tally)
    print("\n".join(lines))
    if not args.no_doc:
        write_between("hostile_files", "\n".join(lines), DOC)
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
