"""How large a pixel is, and which way the picture lies: told by the file or its sender, or unknown.

Everything here is of the upright picture as it is stored: rows run down, columns to the right. No
picture that carries these words is turned or resized (DICOM has no EXIF), so they are its own; who
sends one that was resized before says of which frame they are.
"""

import math
import re
from collections.abc import Sequence

PIXEL, IMAGER, SENDER = SPACING_SOURCES = ("pixel", "imager", "sender")
"""Where a spacing is measured: ``pixel`` as DICOM's Pixel Spacing (corrected towards the patient by
whoever wrote it), ``imager`` in the plane of the detector (the patient's chest is a few per cent
smaller than it measures there), ``sender`` as whoever sent the picture says, plane unknown."""

LEAST_MM, MOST_MM = 0.01, 5.0
"""Detectors have 0.05 to 0.2 mm, pictures scaled down to 256 pixels up to 2; others are wrong."""

MOST_OBLONG = 2.0
"""Pixels are square or nearly so; sides further apart are a mistake of the writer."""

LATERALITIES = ("R", "L", "B", "U")
"""The side of the body in the picture: right, left, both, or an unpaired part (DICOM 0020,0062)."""

_DIRECTIONS = re.compile(r"[ALHPRF]{1,3}")
_OPPOSITES = ("AP", "LR", "HF")
_NUMBER = re.compile(r"\d{1,4}(\.\d{1,12})?([eE][+-]?\d{1,2})?")

Spacing = tuple[float, float]
"""Millimetres from row to row and from column to column."""


def spacing_of(words: Sequence[str]) -> Spacing | None:
    """Two numbers, the distance of rows first, as DICOM writes them; None for what can't be one."""
    if len(words) != 2 or not all(map(_NUMBER.fullmatch, words)):
        return None
    row, column = map(float, words)
    return sane_spacing(row, column)


def sane_spacing(row: float, column: float) -> Spacing | None:
    """The two distances to the nanometre; None if no picture can have them."""
    row, column = round(row, 6), round(column, 6)
    if not all(LEAST_MM <= side <= MOST_MM for side in (row, column)):
        return None
    return (row, column) if max(row, column) <= MOST_OBLONG * min(row, column) else None


def spacing_source(pixel: Spacing | None, imager: Spacing | None) -> str:
    """Of the two spacings of a DICOM, where the one that counts is measured.

    Both alike means that nothing was corrected: the detector's plane (PS3.3, 10.7.1.3).
    """
    if pixel is None:
        return IMAGER if imager else ""
    alike = imager and all(map(_are_alike, pixel, imager))
    return IMAGER if alike else PIXEL


def _are_alike(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-3)


def orientation_of(words: Sequence[str]) -> str:
    r"""``L\F``: where the picture's right edge and its lower edge point in the patient.

    A (front), P (back), L, R, H (head), F (feet), up to three letters each, as DICOM's Patient
    Orientation. Empty for anything else, the ends of one axis in both places among them.
    """
    if len(words) != 2 or not all(map(_is_direction, words)):
        return ""
    along = {axis for axis in _OPPOSITES if words[0][0] in axis}
    return "" if words[1][0] in "".join(along) else "\\".join(words)


def _is_direction(word: str) -> bool:
    """No letter twice, and not both ends of an axis."""
    letters = set(word)
    return bool(_DIRECTIONS.fullmatch(word)) and not (
        len(letters) < len(word) or any(set(axis) <= letters for axis in _OPPOSITES)
    )


def written_pair(text: str) -> list[str]:
    r"""The two words of a manifest's cell: ``0.14\0.14``, ``0.14 0.14`` or a JSON list's text."""
    return [word for word in re.split(r"[\s\\,;\[\]'\"]+", text) if word]
