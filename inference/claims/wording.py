"""Words of certainty: which of a claim's are too sure, and a hedged wording to offer instead."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from inference.policies import PLAIN
from inference.schema import Mention, Span
from inference.vocabulary import LABELS, Label, State

# The patterns by which the field measures overconfident report wording, and their near kin.
_OVERCONFIDENT: Final = re.compile(
    r"\b(?:definitely|definitively|clearly|obviously|certainly|undoubtedly|unquestionably"
    r"|unequivocally|conclusively|no doubt|without (?:a )?doubt|without question"
    r"|confirm(?:s|ed|ing))\b",
    re.IGNORECASE,
)
# "not clearly seen" is the opposite of overconfident.
_NEGATED: Final = re.compile(r"(?:\bnot|n't|\bno longer|\bnever|\bcannot)\s+(?:be\s+)?$", re.I)


def overconfident_spans(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Spans, in the draft's own offsets, of words in ``text[start:end]`` that leave no doubt."""
    return tuple(
        found.span()
        for found in _OVERCONFIDENT.finditer(text, start, end)
        if not _NEGATED.search(text, max(start, found.start() - 16), found.start())
    )


def hedged(unsupported: Sequence[Mention]) -> str | None:
    """A wording for what the image does not support; offered to the writer, never applied."""
    sentences = [*_doubts(unsupported), *_cannot_exclude(unsupported)]
    return " ".join(sentences) or None


def _doubts(mentions: Iterable[Mention]) -> list[str]:
    asserted = _by_label(m for m in mentions if m.state != State.ABSENT)
    return [
        f"Possible {_sided(PLAIN[label], group)}, not clearly seen on this image."
        for label, group in asserted.items()
    ]


def _cannot_exclude(mentions: Iterable[Mention]) -> list[str]:
    denied = _by_label(m for m in mentions if m.state == State.ABSENT)
    return [
        f"{_sided(PLAIN[label], group).capitalize()} cannot be excluded on this image."
        for label, group in denied.items()
    ]


def _by_label(mentions: Iterable[Mention]) -> dict[Label, list[Mention]]:
    groups: dict[Label, list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(mention.label, []).append(mention)
    return {label: groups[label] for label in LABELS if label in groups}


def _sided(name: str, mentions: Iterable[Mention]) -> str:
    sides = {mention.side for mention in mentions if mention.side}
    return f"{sides.pop()} {name}" if len(sides) == 1 else name
