"""``python -m benchmarks.detector_gallery --out FILE``: hits and misses of the embedded detector.

Eight phantoms no training saw: half where every true box is met and nothing else is found, half
where one is missed or false. True boxes are dotted, found boxes solid, a colour a label. No
patients.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from inference.boxes import iou
from inference.grounders import get_grounder
from inference.grounders.base import Grounder
from inference.phantoms import Phantom, render_phantom
from inference.schema import Box, Finding
from inference.vocabulary import LABELS, Label

FIRST_SEED = 5000
SEEN_AT, TILE, COLUMNS = 512, 300, 4
CAPTION, LINE, GAP = 62, 14, 6
MET = 0.3
DOT = 5
SHORT: dict[Label, str] = {
    Label.PLEURAL_EFFUSION: "effusion",
    Label.PNEUMOTHORAX: "pneumothorax",
    Label.LUNG_OPACITY_CONSOLIDATION: "opacity",
    Label.NODULE_MASS: "nodule",
    Label.CARDIOMEGALY: "cardiomegaly",
}
INKS = dict(zip(LABELS, ("#6cb6ff", "#ff8fa3", "#e3b341", "#7ee787", "#d2a8ff"), strict=True))
PAPER, WORDS = "#0a0b0d", "#d3d8dd"


@dataclass(frozen=True, slots=True)
class Example:
    """One phantom, what was found in it, and in words what is right and wrong with that."""

    phantom: Phantom
    found: tuple[Finding, ...]
    missed: tuple[Label, ...]
    false: tuple[Label, ...]
    met: tuple[Label, ...]

    @property
    def right(self) -> bool:
        return not (self.missed or self.false)

    def caption(self) -> dict[str, tuple[Label, ...]]:
        parts = {"hit:": self.met, "missed:": self.missed, "false:": self.false}
        return {what: labels for what, labels in parts.items() if labels}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="the PNG to write")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="the first seed to look at")
    parser.add_argument("--most", type=int, default=300, help="how many seeds to look at")
    args = parser.parse_args(argv)
    examples = looked_at(get_grounder("embedded"), range(args.first, args.first + args.most))
    sheet(choose(examples, COLUMNS)).save(args.out, optimize=True)
    return 0


def looked_at(grounder: Grounder, seeds: Sequence[int]) -> Iterator[Example]:
    for seed in seeds:
        phantom = render_phantom(seed, size=SEEN_AT)
        (said,) = grounder.ground([phantom.image])
        yield judged(phantom, tuple(f for f in said.findings if not f.below))


def judged(phantom: Phantom, found: tuple[Finding, ...]) -> Example:
    """A true finding is met by a found box of its label with IoU >= .3; a found box that meets
    none is false."""
    met = tuple(t.label for t in phantom.findings if any(_meets(t, f) for f in found))
    missed = tuple(t.label for t in phantom.findings if not any(_meets(t, f) for f in found))
    false = tuple(f.label for f in found if not any(_meets(t, f) for t in phantom.findings))
    return Example(phantom, found, missed, false, met)


def _meets(true: Finding, found: Finding) -> bool:
    same = true.label is found.label and true.box is not None and found.box is not None
    return same and iou(true.box, found.box) >= MET  # type: ignore[arg-type]


def choose(examples: Iterator[Example], each: int) -> list[Example]:
    """The first ``each`` right ones, no two with the same labels, and the first ``each`` wrong."""
    right: dict[tuple[Label, ...], Example] = {}
    wrong: list[Example] = []
    for example in examples:
        if not example.right:
            wrong.append(example)
        elif example.met:
            right.setdefault(example.met, example)
        if len(right) >= each and len(wrong) >= each:
            break
    return [*list(right.values())[:each], *wrong[:each]]


def sheet(examples: Sequence[Example]) -> Image.Image:
    rows = -(-len(examples) // COLUMNS)
    wide, tall = TILE + GAP, TILE + CAPTION + GAP
    canvas = Image.new("RGB", (COLUMNS * wide - GAP, rows * tall - GAP), PAPER)
    for place, example in enumerate(examples):
        corner = (place % COLUMNS * wide, place // COLUMNS * tall)
        canvas.paste(tile(example), corner)
    return canvas.quantize(palette=_palette(), dither=Image.Dither.NONE)


def _palette() -> Image.Image:
    """The boxes' colours and 64 grays: a quarter of the bytes of true colour."""
    inks = [ImageColor.getrgb(ink)[:3] for ink in (*INKS.values(), PAPER, WORDS)]
    grays = [(round(k * 255 / 63),) * 3 for k in range(64)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in (*inks, *grays) for value in colour])
    return palette


def tile(example: Example) -> Image.Image:
    picture = Image.fromarray(example.phantom.image).resize((TILE, TILE)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for finding in example.found:
        if finding.box is not None:
            draw.rectangle(_pixels(finding.box), outline=INKS[finding.label], width=2)
    for finding in example.phantom.findings:
        if finding.box is not None:
            _dotted(draw, _pixels(finding.box), INKS[finding.label])
    whole = Image.new("RGB", (TILE, TILE + CAPTION), PAPER)
    whole.paste(picture)
    _write(ImageDraw.Draw(whole), example)
    return whole


def _write(draw: ImageDraw.ImageDraw, example: Example) -> None:
    """The caption, each label in the colour of its boxes."""
    font = ImageFont.load_default(11)
    draw.text((3, TILE + 2), f"phantom {example.phantom.seed}", fill=WORDS, font=font)
    for row, (what, labels) in enumerate(example.caption().items(), 1):
        x, y = 3.0, TILE + 2 + row * LINE
        for word, ink in ((what, WORDS), *((SHORT[k], INKS[k]) for k in labels)):
            draw.text((x, y), word, fill=ink, font=font)
            x += draw.textlength(f"{word} ", font)


def _pixels(box: Box) -> tuple[int, int, int, int]:
    y0, x0, y1, x1 = (round(edge * (TILE - 1)) for edge in box)
    return x0, y0, x1, y1


def _dotted(draw: ImageDraw.ImageDraw, frame: tuple[int, int, int, int], ink: str) -> None:
    x0, y0, x1, y1 = frame
    for x in range(x0, x1 + 1, 2 * DOT):
        for y in (y0, y1):
            draw.line([(x, y), (min(x + DOT, x1), y)], fill=ink, width=2)
    for y in range(y0, y1 + 1, 2 * DOT):
        for x in (x0, x1):
            draw.line([(x, y), (x, min(y + DOT, y1))], fill=ink, width=2)


if __name__ == "__main__":
    sys.exit(main())
