"""Sets a model's thinking aside, so that what it considered is never read as what it said."""

import re
from dataclasses import dataclass

# MedGemma marks its thoughts with two reserved tokens; the others write tags.
_OPEN = r"(?:<(?:think|thinking|reasoning)>|<unused94>|◁think▷)"
_CLOSE = r"(?:</(?:think|thinking|reasoning)>|<unused95>|◁/think▷)"
_CLOSED = re.compile(f"{_OPEN}.*?{_CLOSE}", re.DOTALL | re.IGNORECASE)
_UNOPENED = re.compile(f".*{_CLOSE}", re.DOTALL | re.IGNORECASE)
_UNCLOSED = re.compile(f"{_OPEN}.*", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Thinking:
    """A raw text split in two; ``unfinished`` means that it ended before the thinking did."""

    thoughts: str
    answer: str
    unfinished: bool


def split_thinking(raw: str) -> Thinking:
    """Split thoughts from answer, also when the opening or the closing mark is missing."""
    thoughts: list[str] = []
    rest = raw
    for pattern in (_CLOSED, _UNOPENED, _UNCLOSED):
        thoughts += [found[0] for found in pattern.finditer(rest)]
        unfinished = pattern is _UNCLOSED and pattern.search(rest) is not None
        rest = pattern.sub(" ", rest)
    return Thinking("\n".join(thoughts), rest, unfinished)
