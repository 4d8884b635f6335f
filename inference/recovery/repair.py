"""Boxes, scores and statuses out of the values a model wrote."""

from dataclasses import replace
from typing import Final, NamedTuple

from inference.boxes import BoxFormat, to_box
from inference.recovery.reader import Node, Scalar
from inference.schema import Box
from inference.vocabulary import State

SCORE_KEYS: Final = ("score", "confidence", "probability")
STATUS_KEYS: Final = ("status", "state", "present", "presence", "assertion")

_STATUSES: Final[dict[Scalar, State]] = {
    True: State.PRESENT, "present": State.PRESENT, "positive": State.PRESENT,
    "yes": State.PRESENT, "affirmed": State.PRESENT, "true": State.PRESENT,
    False: State.ABSENT, "absent": State.ABSENT, "negative": State.ABSENT, "no": State.ABSENT,
    "negated": State.ABSENT, "denied": State.ABSENT, "false": State.ABSENT,
    "uncertain": State.UNCERTAIN, "possible": State.UNCERTAIN, "equivocal": State.UNCERTAIN,
    "probable": State.UNCERTAIN, "hedged": State.UNCERTAIN,
}  # fmt: skip


class ImageFrame(NamedTuple):
    """What an adapter declares of its model's boxes, and the image they belong to.

    ``formats`` begins with the convention the model was asked for; any further ones are those it
    is known to fall back to (a fine-tuned model to its base's), tried in order only where the
    first can't hold. ``height`` and ``width`` are the stored image's, in pixels.
    """

    formats: tuple[BoxFormat, ...]
    height: int
    width: int


class RepairedBox(NamedTuple):
    """``box`` is ``None`` if nothing could be made of it, and ``detail`` says why."""

    box: Box | None
    as_declared: bool
    detail: str = ""


def read_box(node: Node, frame: ImageFrame) -> RepairedBox:
    """Our box for what the model wrote, trying the declared convention before any repair."""
    values = [item.scalar for item in node.items] if node.kind == "list" else None
    if values is None or not node.complete:
        return RepairedBox(None, False, "the box is not a finished list of numbers")
    declared = frame.formats[0]
    first = to_box(values, declared, frame.height, frame.width)
    if first.box is not None and not _must_be_fractions(values, declared):
        return RepairedBox(first.box, True)
    for form in _fallbacks(values, frame.formats):
        for corners in (values, _sorted_corners(values, form)):
            other = to_box(corners, form, frame.height, frame.width)
            if other.box is not None:
                return RepairedBox(other.box, False)
    return RepairedBox(None, False, first.reason or "the scale of the box cannot be told")


def read_score(node: Node | None) -> float | None:
    """A score in 0..1, else ``None``: a score nobody can place is no score."""
    value = node.scalar if node is not None and node.complete else None
    if isinstance(value, bool) or not isinstance(value, float) or not 0 <= value <= 1:
        return None
    return value


def read_status(node: Node | None) -> State | None:
    """The state a model gave a statement, ``None`` if it gave none that is known."""
    if node is None or node.kind != "scalar":
        return None
    value = node.scalar.strip().casefold() if isinstance(node.scalar, str) else node.scalar
    return _STATUSES.get(value) if isinstance(value, str | bool) else None


def _fallbacks(values: list[Scalar], formats: tuple[BoxFormat, ...]) -> tuple[BoxFormat, ...]:
    if _must_be_fractions(values, formats[0]):
        return (replace(formats[0], scale=1.0),)
    return formats


def _must_be_fractions(values: list[Scalar], form: BoxFormat) -> bool:
    """Whether a box declared in pixels or thousandths is smaller than one: then it is in 0..1."""
    numbers = [value for value in values if isinstance(value, float)]
    return form.scale != 1.0 and max(numbers, default=2.0) <= 1.0


def _sorted_corners(values: list[Scalar], form: BoxFormat) -> list[Scalar]:
    """The same box with its corners in order, where the convention is one of two corners."""
    if form.order == "xywh" or not all(isinstance(value, float) for value in values):
        return values
    numbers = [value for value in values if isinstance(value, float)]
    if len(numbers) != len(values) or len(numbers) != 4:
        return values
    a, b, c, d = numbers
    return [min(a, c), min(b, d), max(a, c), max(b, d)]
