"""A draft cut into statements: sentences, and clauses where a sentence says two things.

Offsets are exact: ``text[piece.start:piece.end]`` is the statement, pieces never overlap, come in
order, and no mention is ever cut in two or left outside a piece.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from inference.schema import Mention
from inference.vocabulary import State

_HEADINGS: Final = {
    "impression": r"impressions?|conclusions?|opinion|summary|assessment",
    "recommendation": r"recommendations?|advice|plan",
    "findings": r"findings?|report|description",
    "background": r"(?:clinical )?(?:indications?|history|information|details)"
    r"|reason for (?:exam(?:ination)?|study)|comparisons?|technique|exam(?:ination)?"
    r"|procedure|views?",
}
_HEADING: Final = re.compile(
    r"(?:^|(?<=[.!?]))[ \t]*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _HEADINGS.items())
    + r")[ \t]*(?::|$)",
    re.IGNORECASE | re.MULTILINE,
)
# The end of a sentence; a missing space after the full stop is common in dictated reports.
_SENTENCE: Final = re.compile(r"[.!?](?=\s)|(?<=[a-z])[.!?](?=[A-Z])|;")
_ABBREVIATED: Final = re.compile(r"\b(?:approx|cf|dr|e\.g|i\.e|vs)$", re.IGNORECASE)
# A new line starts a statement, unless it goes on in lower case: then it only wraps one.
_LINE: Final = re.compile(r"\n(?=[ \t]*(?:[^\sa-z]|\n|$))")
_CLAUSE: Final = re.compile(
    r",|\b(?:and|but|with|without|although|though|however|while|whereas|yet)\b", re.IGNORECASE
)
# Bullets, list numbers, and the word that joined two clauses.
_LEAD: Final = re.compile(
    r"[\s\-–—*•·>,;:.!?)]*(?:\(?\d{1,2}[.)](?=\s))?[\s\-–—*•·>,;:.]*(?:(?:and|but)\s+)?",
    re.IGNORECASE,
)
_TAIL: Final = frozenset(",;:.-–—")


class Piece(NamedTuple):
    """One statement's place in the draft, and the section it stands in ("" before any)."""

    start: int
    end: int
    section: str


def split_draft(text: str, mentions: Sequence[Mention]) -> list[Piece]:
    """The statements of ``text``; ``mentions`` show where a sentence says two things.

    A heading is no statement, nor is what has neither a letter nor a mention, nor what stands
    under indication, technique and the like without one: none of these speaks of this image.
    """
    ordered = sorted(mentions, key=lambda m: (m.start, m.end, m.label, m.state))
    starts = [mention.start for mention in ordered]
    headings = {m.start(): (m.end(), m.lastgroup or "") for m in _HEADING.finditer(text)}
    pieces: list[Piece] = []
    section = ""
    for start, end in pairwise(_edges(text, ordered, headings)):
        section = headings[start][1] if start in headings else section
        inside = ordered[bisect_left(starts, start) : bisect_left(starts, end)]
        if not inside and start in headings and headings[start][0] == end:
            continue
        first, last = _trimmed(text, start, end, inside)
        says = section != "background" and any(map(str.isalpha, text[first:last]))
        if inside or says:
            pieces.append(Piece(first, last, section))
    return pieces


def _edges(
    text: str, ordered: Sequence[Mention], headings: Mapping[int, tuple[int, str]]
) -> list[int]:
    cuts = {0, len(text), *_sentence_cuts(text), *headings}
    cuts.update(end for end, _ in headings.values())
    cuts.update(_clause_cuts(text, ordered, sorted(cuts)))
    return _outside_mentions(sorted(cuts), ordered)


def _sentence_cuts(text: str) -> Iterator[int]:
    for found in _SENTENCE.finditer(text):
        at = found.start()
        if not (text[at] == "." and _ABBREVIATED.search(text, max(0, at - 8), at)):
            yield found.end()
    yield from (found.end() for found in _LINE.finditer(text))


def _clause_cuts(text: str, ordered: Sequence[Mention], cuts: Sequence[int]) -> Iterator[int]:
    for one, other in pairwise(ordered):
        apart = bisect_right(cuts, other.start) > bisect_left(cuts, one.end)
        if apart or not _two_statements(one, other):
            continue
        found = [clause.start() for clause in _CLAUSE.finditer(text, one.end, other.start)]
        yield from found[-1:]


def _two_statements(one: Mention, other: Mention) -> bool:
    """Denials and doubts share their cue ("no effusion or pneumothorax") and stay together."""
    if one.state != other.state:
        return True
    return one.label != other.label and one.state == State.PRESENT


def _outside_mentions(cuts: Sequence[int], ordered: Sequence[Mention]) -> list[int]:
    reach, furthest = [], 0
    for mention in ordered:
        furthest = max(furthest, mention.end)
        reach.append(furthest)
    starts = [mention.start for mention in ordered]
    before = [bisect_left(starts, cut) for cut in cuts]
    return [cut for cut, n in zip(cuts, before, strict=True) if n == 0 or reach[n - 1] <= cut]


def _trimmed(text: str, start: int, end: int, inside: Sequence[Mention]) -> tuple[int, int]:
    lead = _LEAD.match(text, start, end)
    first = lead.end() if lead else start
    last = end
    while last > first and (text[last - 1].isspace() or text[last - 1] in _TAIL):
        last -= 1
    if inside:
        first = min(first, inside[0].start)
        last = max(last, *(mention.end for mention in inside), first)
    return first, last
