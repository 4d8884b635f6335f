"""How high in the chest: what the draft's words for a height and the image's boxes agree on.

Lung heights are not measured, so a box is only said to lie elsewhere when it lies clearly outside
the height that the word names. What differs is a note, never a flag.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from inference.policies import PLAIN, SIDED
from inference.schema import Box, Finding, Mention
from inference.vocabulary import LABELS, Label, State

Height = Literal["upper", "mid", "lower"]

# The words that the parsers give as a mention's location (lexicon/details.toml).
HEIGHTS: Final[dict[str, Height]] = {
    "apex": "upper",
    "upper": "upper",
    "mid": "mid",
    "lingula": "mid",
    "lower": "lower",
    "base": "lower",
    "retrocardiac": "lower",
    "costophrenic angle": "lower",
}
# (y0, y1) of the picture that a box must touch to lie there: thirds, with a sixth to spare, as
# how high a chest lies in its picture differs.
_REACHES: Final[dict[Height, tuple[float, float]]] = {
    "upper": (0.0, 1 / 2),
    "mid": (1 / 6, 5 / 6),
    "lower": (1 / 2, 1.0),
}
_PLACES: Final[dict[Height, str]] = {
    "upper": "high in the chest",
    "mid": "at mid height",
    "lower": "low in the chest",
}
_ASSERTED: Final = (State.PRESENT, State.UNCERTAIN)


def height_notes(seen: Sequence[Finding], said: Sequence[Mention]) -> Iterator[str]:
    """One sentence for each label of which no box lies at any height that the draft names.

    A label of which one finding has no box is left out: the lost box may lie where the draft says.
    """
    named = _named(said)
    for label in LABELS:
        boxes = [finding.box for finding in seen if finding.label == label]
        known = [box for box in boxes if box is not None]
        if label not in named or not known or len(known) < len(boxes):
            continue
        if not any(_touches(box, height) for box in known for height in named[label]):
            drafted = " or ".join(_PLACES[height] for height in _REACHES if height in named[label])
            where = " and ".join(dict.fromkeys(_PLACES[height_of(box)] for box in sorted(known)))
            yield f"The draft puts {PLAIN[label]} {drafted}; on the image it lies {where}."


def height_of(box: Box) -> Height:
    """The third of the picture in which the box's middle lies."""
    middle = (box[0] + box[2]) / 2
    if middle < 1 / 3:
        return "upper"
    return "mid" if middle < 2 / 3 else "lower"


def _named(said: Sequence[Mention]) -> Mapping[Label, set[Height]]:
    """The heights at which the draft asserts each label; the heart has none."""
    named: dict[Label, set[Height]] = {}
    for mention in said:
        height = HEIGHTS.get(mention.location or "")
        if height and mention.state in _ASSERTED and mention.label in SIDED:
            named.setdefault(mention.label, set()).add(height)
    return named


def _touches(box: Box, height: Height) -> bool:
    low, high = _REACHES[height]
    return box[0] < high and box[2] > low
