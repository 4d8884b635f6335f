"""Sections: which part of the draft a sentence stands in, and whether that part asserts."""

from collections.abc import Sequence
from dataclasses import dataclass

from inference.parsers.rules.lexicon import Lexicon
from inference.parsers.rules.phrases import longest


@dataclass(slots=True)
class Sentence:
    """A run of tokens ``first:stop`` in one section; ``line`` counts the draft's lines."""

    first: int
    stop: int
    section: str
    line: int
    headed: bool = False


def header_at(lexicon: Lexicon, words: Sequence[str], first: int, stop: int) -> str | None:
    """Return the section that ``words[first:stop]`` name exactly, or None."""
    if first >= stop or stop - first > 6:
        return None
    found = longest(lexicon.headers, words, first, stop, ())
    return str(found[0]) if found and found[1] == stop else None


def asserting(lexicon: Lexicon, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences outside history, indication, technique and comparison.

    Such a section runs to the next header. When no findings or impression header follows it,
    it ends with its line (with its first sentence, if the draft has one line): a report that
    names only its indication is not skipped whole.
    """
    if not any(lexicon.roles.get(s.section) == "skip" for s in sentences):
        return list(sentences)
    last_body = max(
        (
            i
            for i, s in enumerate(sentences)
            if lexicon.roles.get(s.section) in ("body", "impression")
        ),
        default=-1,
    )
    lines = {s.line for s in sentences}
    kept: list[Sentence] = []
    opened: Sentence | None = None
    for index, sentence in enumerate(sentences):
        if lexicon.roles.get(sentence.section) != "skip":
            kept.append(sentence)
            continue
        if sentence.headed:
            opened = sentence
        closed = index > last_body and sentence.section != "recommendation" and not sentence.headed
        if closed and opened is not None and (len(lines) == 1 or sentence.line > opened.line):
            sentence.section = ""
            kept.append(sentence)
    return kept
