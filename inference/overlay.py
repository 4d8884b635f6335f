"""The evidence drawn on the picture: hollow boxes, their numbers, and a legend underneath.

Nothing covers anatomy: boxes have no fill, tags sit outside them, words stand below the picture,
and so does the notice that this is research.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from inference import NOTICE
from inference.boxes import side_of, side_of_all
from inference.images import GrayImage
from inference.policies import PLAIN, URGENCY
from inference.schema import Box, Finding, Flag, Side
from inference.vocabulary import LABELS, FlagKind

Pixels = tuple[int, int, int, int]
"""``(x0, y0, x1, y1)`` of the canvas, as Pillow draws."""

INK = {FlagKind.URGENT: "#ff6f80", FlagKind.MISSING: "#dfad3a", FlagKind.UNSUPPORTED: "#b69df1"}
UNFLAGGED, WORDS, FAINT, PAPER = "#d3d8dd", "#d3d8dd", "#a2abb4", "#0a0b0d"
MIN_WIDTH = 640
"""Smaller pictures are enlarged so that the words fit beside them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the legend and its boxes: the flags of one card, or a finding without a flag.

    ``number`` ties boxes to the line and is ``None`` without a flag; ``hollow`` marks an urgent
    finding that the draft reports.
    """

    number: int | None
    kinds: tuple[FlagKind, ...]
    text: str
    label: str
    boxes: tuple[Box, ...]
    hollow: bool = False

    @property
    def ink(self) -> str:
        kinds = sorted(self.kinds, key=lambda kind: kind != FlagKind.URGENT)
        return INK[kinds[0]] if kinds else UNFLAGGED


def marks_of(flags: Sequence[Flag], findings: Sequence[Finding]) -> list[Mark]:
    """Flags as numbered marks, most urgent first, then findings that no flag is about.

    URGENT and MISSING of one label are one mark, as they are one question to a reader.
    """
    cards: dict[tuple[str, bool], list[Flag]] = {}
    for flag in flags:
        cards.setdefault((flag.label, flag.kind == FlagKind.UNSUPPORTED), []).append(flag)
    marks = [
        _card_mark(number, card)
        for number, card in enumerate(sorted(cards.values(), key=_rank), start=1)
    ]
    flagged = {flag.label for flag in flags}
    seen = [finding for finding in findings if not finding.below]
    quiet = [label for label in LABELS if label in {f.label for f in seen} - flagged]
    for label in quiet:
        boxes = tuple(f.box for f in seen if f.label == label and f.box is not None)
        text = f"{PLAIN[label]}{_place(side_of_all(boxes))}: on the image, no flag"
        marks.append(Mark(None, (), text, PLAIN[label], boxes))
    return marks


def draw_overlay(image: GrayImage, marks: Sequence[Mark], notes: Sequence[str] = ()) -> bytes:
    """A PNG of ``image`` with the boxes of ``marks``, their legend, ``notes`` and the notice.

    16 bits are windowed to the 0.5 and 99.5 percentile. A picture under 640 pixels wide is
    enlarged by a whole number.
    """
    gray = _eight_bits(image)
    times = max(1, -(-MIN_WIDTH // gray.shape[1]))
    picture = Image.fromarray(gray.repeat(times, axis=0).repeat(times, axis=1)).convert("RGB")
    sheet = _Sheet(picture)
    placed = [(mark, box) for mark in marks for box in mark.boxes]
    for mark, box in placed:
        sheet.draw_box(box, mark)
    for mark, box in placed:
        sheet.draw_tag(box, mark)
    return sheet.finish(marks, notes)


def _rank(card: Sequence[Flag]) -> tuple[int, int, int]:
    """Urgent and unreported by tier, denied, omitted, unsupported, urgent and reported."""
    label = card[0].label
    kinds = {flag.kind: flag for flag in card}
    urgent, missing = kinds.get(FlagKind.URGENT), kinds.get(FlagKind.MISSING)
    place = LABELS.index(label)
    if urgent is not None and urgent.reported is not True:
        return 0, URGENCY[label].tier, place
    if missing is not None:
        return (1 if missing.reason == "denied" else 2), 0, place
    return (4 if urgent is not None else 3), 0, place


def _card_mark(number: int, card: Sequence[Flag]) -> Mark:
    urgent = next((flag for flag in card if flag.kind == FlagKind.URGENT), None)
    words = ", ".join(_words(flag) for flag in sorted(card, key=lambda f: f.kind, reverse=True))
    name = PLAIN[card[0].label]
    return Mark(
        number,
        tuple(flag.kind for flag in card),
        f"{name}{_place(side_of_all(card[0].boxes))}: {words}",
        name,
        card[0].boxes,
        hollow=urgent is not None and urgent.reported is True,
    )


def _words(flag: Flag) -> str:
    reported = {True: "reported", False: "not reported", None: "no draft to compare"}
    if flag.kind == FlagKind.URGENT:
        return f"URGENT ({reported[flag.reported]})"
    if flag.kind == FlagKind.MISSING:
        return f"MISSING ({flag.reason})"
    return "UNSUPPORTED (the draft asserts it)"


def _place(side: Side | None) -> str:
    return {None: "", "bilateral": ", both sides"}.get(side, f", {side}")


def _eight_bits(image: GrayImage) -> NDArray[np.uint8]:
    if image.dtype == np.uint8:
        return np.asarray(image, dtype=np.uint8)
    low, high = np.percentile(image, (0.5, 99.5))
    span = max(float(high - low), 1.0)
    return np.asarray(np.clip((image - low) * (255.0 / span), 0, 255), dtype=np.uint8)


class _Sheet:
    """The picture being drawn on; all lengths follow its width."""

    def __init__(self, picture: Image.Image) -> None:
        self._picture = picture
        self._draw = ImageDraw.Draw(picture)
        self._unit = max(1, round(picture.width / 700))
        self._font = ImageFont.load_default(14 * self._unit)
        self._tags: list[Pixels] = []

    def draw_box(self, box: Box, mark: Mark) -> None:
        x0, y0, x1, y1 = frame = self._to_pixels(box)
        line, halo = 2 * self._unit, self._unit
        around = (x0 - halo, y0 - halo, x1 + halo, y1 + halo)
        self._rectangle(around, "#000000", line + 2 * halo)
        self._rectangle(frame, mark.ink, line)
        if FlagKind.URGENT in mark.kinds:
            self._brackets(frame, mark.ink)

    def draw_tag(self, box: Box, mark: Mark) -> None:
        """Number, label, side and the kinds' glyphs, beside the box and over every line."""
        number = "" if mark.number is None else f"{mark.number} "
        text = f"{number}{mark.label}{_place(side_of(box))}"
        pad, glyph = 3 * self._unit, 14 * self._unit
        width = round(self._draw.textlength(text, self._font)) + glyph * len(mark.kinds) + 2 * pad
        height = 18 * self._unit
        x0, y0 = self._free_place(self._to_pixels(box), width, height)
        self._tags.append((x0, y0, x0 + width, y0 + height))
        self._draw.rectangle((x0, y0, x0 + width, y0 + height), fill="#000000")
        self._draw.text((x0 + pad, y0), text, fill=mark.ink, font=self._font)
        for place, kind in enumerate(mark.kinds):
            right = x0 + width - pad - place * glyph
            corner = (right - 11 * self._unit, y0 + 4 * self._unit)
            self._glyph(kind, corner, hollow=mark.hollow)

    def finish(self, marks: Sequence[Mark], notes: Sequence[str]) -> bytes:
        """The picture above, one line a mark and a note, the notice last; as PNG."""
        lines = [(mark.ink, f"{mark.number or '-'}  {mark.text}") for mark in marks]
        lines += [(FAINT, note) for note in notes] + [(WORDS, NOTICE)]
        width = self._picture.width - 16 * self._unit
        wrapped = [(ink, row) for ink, text in lines for row in self._wrap(text, width)]
        step = 20 * self._unit
        below = step * len(wrapped) + 12 * self._unit
        sheet = Image.new("RGB", (self._picture.width, self._picture.height + below), PAPER)
        sheet.paste(self._picture)
        draw = ImageDraw.Draw(sheet)
        for row, (ink, text) in enumerate(wrapped):
            top = self._picture.height + 6 * self._unit + row * step
            draw.text((8 * self._unit, top), text, fill=ink, font=self._font)
        buffer = io.BytesIO()
        sheet.save(buffer, format="PNG")
        return buffer.getvalue()

    def _to_pixels(self, box: Box) -> Pixels:
        y0, x0, y1, x1 = box
        width, height = self._picture.size
        left, top = int(x0 * width), int(y0 * height)
        return left, top, max(left + 1, round(x1 * width) - 1), max(top + 1, round(y1 * height) - 1)

    def _rectangle(self, frame: Pixels, ink: str, width: int) -> None:
        self._draw.rectangle(frame, outline=ink, width=width)

    def _brackets(self, frame: Pixels, ink: str) -> None:
        """Thick corners: urgency must not rest on colour alone."""
        x0, y0, x1, y1 = frame
        arm = max(6 * self._unit, min(x1 - x0, y1 - y0) // 6)
        for x, y in product((x0, x1), (y0, y1)):
            inward_x, inward_y = (1 if x == x0 else -1), (1 if y == y0 else -1)
            for end in ((x + inward_x * arm, y), (x, y + inward_y * arm)):
                self._draw.line([(x, y), end], fill=ink, width=4 * self._unit)

    def _free_place(self, frame: Pixels, width: int, height: int) -> tuple[int, int]:
        """Above the box if there is room, else below it; past tags already there."""
        gap = 4 * self._unit
        left = max(0, min(frame[0], self._picture.width - width))
        above = range(frame[1] - height - gap, -1, -height)
        below = range(frame[3] + gap, self._picture.height - height, height)
        for top in (*above, *below):
            if not any(_overlap((left, top, left + width, top + height), t) for t in self._tags):
                return left, top
        return left, max(0, frame[1] - height - gap)

    def _glyph(self, kind: FlagKind, corner: tuple[int, int], *, hollow: bool) -> None:
        x, y = corner
        size, line, ink = 10 * self._unit, max(1, self._unit), INK[kind]
        middle_x, middle_y = x + size // 2, y + size // 2
        if kind == FlagKind.URGENT:
            points = [(middle_x, y), (x + size, y + size), (x, y + size)]
            self._draw.polygon(points, fill=None if hollow else ink, outline=ink, width=line)
            return
        if kind == FlagKind.MISSING:
            self._draw.rectangle((x, y, x + size, y + size), outline=ink, width=line)
            self._draw.line([(middle_x, y + 2 * line), (middle_x, y + size - 2 * line)], ink, line)
            self._draw.line([(x + 2 * line, middle_y), (x + size - 2 * line, middle_y)], ink, line)
            return
        self._draw.ellipse((x, y, x + size, y + size), outline=ink, width=line)
        self._draw.line([(x + line, y + size - line), (x + size - line, y + line)], ink, line)

    def _wrap(self, text: str, width: int) -> list[str]:
        rows = [""]
        for word in text.split():
            longer = f"{rows[-1]} {word}".strip()
            if rows[-1] and self._draw.textlength(longer, self._font) > width:
                rows.append(word)
            else:
                rows[-1] = longer
        return rows


def _overlap(one: Pixels, other: Pixels) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
