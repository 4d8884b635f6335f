"""Reads an age as people and files write it: "45", "058Y", "6 months", "3.5 years", ">89".

Whole years come out, so that one rule says who is under 18, whatever the field looked like. A form
that can be read two ways ("60M": sixty months, or a man of sixty) is refused, never guessed.
"""

import re

OLDEST = 90
"""Ages above 89 identify people (45 CFR 164.514(b)(2)(i)(C)): they all become 90."""
LONGEST = 120
"""An age above it is a slip of the pen."""

_DICOM = re.compile(r"(\d{3})([DWMY])", re.IGNORECASE)
_WORDED = re.compile(
    r"(?P<number>\d{1,5}(?:\.\d{1,6})?)[ -]?"
    r"(?P<unit>days?|d|weeks?|wks?|w|months?|mos?|mths?|years?|yrs?|y)?"
    r"(?:[ -]?old|/?o)?",
    re.IGNORECASE,
)
_BEYOND = re.compile(r"[>≥] ?(?:=? ?)(?:89|90)|(?:89|90) ?\+", re.IGNORECASE)
_PER_YEAR = {"d": 365.25, "w": 52.18, "m": 12.0, "y": 1.0}


def whole_years(text: str) -> int:
    """The age in whole years, 0 to 120; "over 89" as 90.

    Raises ``ValueError`` for what is no age, or could be two; its message repeats nothing of it.
    """
    word = text.strip()
    if _BEYOND.fullmatch(word):
        return OLDEST
    found = _DICOM.fullmatch(word)
    number, unit = (found[1], found[2]) if found else _worded(word)
    years = int(float(number) / _PER_YEAR[unit[0].lower()] + 1e-9)
    if years > LONGEST:
        raise ValueError(f"An age has at most {LONGEST} years.")
    return years


def capped(years: int | None) -> int | None:
    """Ages over 89 as one; None stays unknown."""
    return None if years is None else min(years, OLDEST)


def _worded(word: str) -> tuple[str, str]:
    found = _WORDED.fullmatch(word)
    if not (found and word.isascii()):
        raise ValueError('Write an age as whole years ("45"), "6 months" or DICOM\'s "006M".')
    return found["number"], found["unit"] or "y"
