"""How often text planted in a picture is found, and how often a picture is flagged without it.

``python -m benchmarks.burned_in --data DIR`` (``make bench-burned-in ARGS="--data DIR"``): DIR
holds frontal radiographs; every fourth is taken, in the order of names. Each is looked at as it is,
then one line that nobody has (a made-up name, date or number) is written into each that was not
flagged. The same with phantoms, which hold no letters. Prints the tables and writes them into
docs/privacy.md. Real pictures hold real lettering (PORTABLE, AP, initials on a marker): a flag
there is not a false alarm before somebody has looked. Intervals are Wilson's, 95%.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from benchmarks.detector_tables import write_between
from benchmarks.parser_peers import ROOT
from benchmarks.scrubbing import share
from inference.burned_in import looks_lettered
from inference.phantoms import render_phantom

DOC = ROOT / "docs" / "privacy.md"
SEED = 20_261_126
PHANTOMS = 120
LINES = (
    "DOE, JANE A",
    "01/31/2024 14:30",
    "MRN 12345678",
    "ST LUKE HOSPITAL",
    "SMITH^JOHN",
    "F 054Y",
    "Acc: CR102938",
    "19480203",
)
HEIGHTS = (0.014, 0.018, 0.024, 0.034, 0.05)
"""Sizes of the letters as a share of the picture's width: 9 to 32 pixels of 640."""

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Planted:
    pixels: Pixels
    height: float
    bright: bool
    """White letters; the others are black."""


def plant(picture: Pixels, draw: random.Random) -> Planted:
    """Write one line near a corner."""
    page = Image.fromarray(picture)
    pen = ImageDraw.Draw(page)
    height, line, bright = draw.choice(HEIGHTS), draw.choice(LINES), draw.random() < 0.85
    font = ImageFont.load_default(max(8, round(height * page.width)))
    left, top, right, bottom = pen.textbbox((0, 0), line, font=font)
    margin = draw.randint(2, max(3, page.width // 32))
    x = draw.choice([margin, page.width - round(right - left) - margin])
    y = draw.choice([margin, page.height - round(bottom - top) - margin - 4])
    pen.text((max(0, x), max(0, y)), line, fill=255 if bright else 0, font=font)
    return Planted(np.asarray(page), height, bright)


def real(folder: Path) -> Iterator[Pixels]:
    for path in sorted(folder.rglob("*.jpg")) + sorted(folder.rglob("*.png")):
        with Image.open(path) as picture:
            yield np.asarray(picture.convert("L"))


def phantoms(count: int) -> Iterator[Pixels]:
    for seed in range(count):
        yield np.asarray(render_phantom(seed).image)


def row(name: str, pictures: list[Pixels]) -> tuple[str, list[str]]:
    """The table's line of one set, and the lines of what was planted in it."""
    flagged = [looks_lettered(picture) for picture in pictures]
    draw = random.Random(SEED)
    planted = [
        plant(picture, draw)
        for picture, lettered in zip(pictures, flagged, strict=True)
        if not lettered
    ]
    n: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for one in planted:
        hit = looks_lettered(one.pixels)
        colour = f"{'white' if one.bright else 'black'} letters"
        for key in ("all", colour, f"{one.height:.1%} high"):
            n[key] += 1
            found[key] += hit
    cells = [f"| {name} | {key} | {n[key]} | {share(found[key], n[key])} |" for key in sorted(n)]
    return f"| {name} | {len(pictures)} | {share(sum(flagged), len(pictures))} |", cells


def speed(pictures: list[Pixels]) -> str:
    started = time.process_time()
    for picture in pictures:
        looks_lettered(picture)
    taken = (time.process_time() - started) / len(pictures)
    side = max(pictures[0].shape)
    return f"{taken * 1000:.1f} ms a picture of {side} pixels a side, one core."


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="a folder of radiographs")
    parser.add_argument("--no-doc", action="store_true", help="print only")
    args = parser.parse_args(argv)
    sets = {"real": list(real(args.data))[::4], "phantoms": list(phantoms(PHANTOMS))}
    rows = {name: row(name, pictures) for name, pictures in sets.items()}
    lines = ["| pictures | n | flagged as they are (95%) |", "|---|---|---|"]
    lines += [first for first, _ in rows.values()]
    lines += ["", "| pictures | planted line | n | found (95%) |", "|---|---|---|---|"]
    lines += [cell for _, cells in rows.values() for cell in cells]
    lines += ["", speed(sets["real"])]
    print("\n".join(lines))
    if not args.no_doc:
        write_between("burned_in", "\n".join(lines), DOC)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
