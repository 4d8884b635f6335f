"""Answers in columns: "PTX - / Eff +", "Consolidation: Y", where a mark stands for a word."""

from collections.abc import Iterator

from inference.parsers.rules.lexicon import Kind, Lexicon
from inference.parsers.rules.normalise import Tokens
from inference.parsers.rules.phrases import longest

_MARKS = {"-": "negative", "+": "positive"}
_LETTERS = {"y": "yes", "n": "no", "0": "no"}
_ANSWERS = {"yes": "positive", "no": "negative", "y": "positive", "n": "negative", "0": "negative"}
_YES, _NO = frozenset(("yes", "y")), frozenset(("no", "n", "0"))
_SEPARATORS = frozenset(("/", ";"))
_ENDS = frozenset((*_SEPARATORS, ",", "."))
_COUNTED = frozenset(
    ("image", "nodule", "lesion", "series", "radiograph", "figure", "view", "exam")
)
_DATES = frozenset(("in", "of", "since", "from", "last", "until", "by", "during", "early", "late"))
_LONGEST_TOPIC = 4


def spell_answers(lexicon: Lexicon, tokens: Tokens) -> None:
    """Replace the marks of answered columns by words, in place; any other plus is an "and".

    One dash behind a word is punctuation, so marks count only when there are two or more and one
    of them is a plus or is followed by a column's separator.
    """
    words = tokens.words
    if "+" in words and "-" in words:
        _spell_bullets(tokens)
    marks = list(_marks(tokens)) if "-" in words or "+" in words else []
    if len(marks) > 1 and any(words[at] == "+" or _separated(words, at) for at in marks):
        for at in marks:
            words[at] = _MARKS[words[at]]
            if _separated(words, at):
                words[at + 1] = ";"
    if "+" in words:
        _spell_plus(tokens)
    if "no" in words:
        _spell_numbers(tokens)
    if "may" in words:
        words[:] = ["month" if _is_month(words, at) else w for at, w in enumerate(words)]
    _spell_words(lexicon, tokens)


def _spell_plus(tokens: Tokens) -> None:
    """ "CM+", "no PTX, +eff"; any other plus is an "and"."""
    words = tokens.words
    for at in range(1, len(words)):
        if words[at] == "+" and words[at - 1] == "cm" and _ends_column(tokens, at):
            words[at - 1] = "cardiomegaly"
        if words[at] == "+" and _attached(tokens, at):
            words[at] = "with"  # "no ptx, +eff"
    words[:] = ["and" if word == "+" else word for word in words]


def _spell_numbers(tokens: Tokens) -> None:
    """ "No. 2", "image no 3": a number, not a denial."""
    words = tokens.words
    for at in [at for at, word in enumerate(words) if word == "no"]:
        after = words[at + 1 : at + 4]
        if after[:1] == ["."] and after[1:] and after[1].isdigit():
            counted = after[2:] not in (["."], [")"])  # "Effusion? No. 2. Nodule?" is a list
        else:
            counted = at > 0 and words[at - 1] in _COUNTED and after != [] and after[0].isdigit()
        if counted:
            words[at] = "number"


def _is_month(words: list[str], at: int) -> bool:
    """ "Seen in May", "5 May": no doubt is meant."""
    before = words[at - 1] if at else ""
    return words[at] == "may" and (before in _DATES or before.isdigit())


def _spell_words(lexicon: Lexicon, tokens: Tokens) -> None:
    words = tokens.words
    if "yes" in words and "no" in words and "/" in words:
        _doubt_mixed(words)
    if not _NO.isdisjoint(words):
        _spell_run(lexicon, words)
    if ":" in words or "=" in words:
        _spell_pairs(lexicon, tokens)
    if ":" in words and not _LETTERS.keys().isdisjoint(words):
        for at in range(2, len(words)):
            if words[at] in _LETTERS and words[at - 1] == ":" and _ends_column(tokens, at):
                _spell_letter(lexicon, words, at)


def _spell_bullets(tokens: Tokens) -> None:
    """ "- PTX", "+ effusion", a line each: with both marks about, a dash denies."""
    words = tokens.words
    lines = [at for at in range(len(words)) if at == 0 or tokens.breaks[at]]
    if {words[at] for at in lines} == {"+", "-"}:
        for at in lines:
            words[at] = "no" if words[at] == "-" else "•"


def _marks(tokens: Tokens) -> Iterator[int]:
    words = tokens.words
    for at in range(1, len(words)):
        behind = words[at] in _MARKS and words[at - 1].isalpha() and not tokens.breaks[at]
        if behind and _ends_column(tokens, at):
            yield at


def _ends_column(tokens: Tokens, at: int) -> bool:
    after = at + 1
    return after == len(tokens.words) or tokens.breaks[after] > 0 or tokens.words[after] in _ENDS


def _attached(tokens: Tokens, at: int) -> bool:
    """True if the mark touches the word behind it and not the one before."""
    after = at + 1 < len(tokens.words) and tokens.starts[at + 1] == tokens.ends[at]
    return after and tokens.starts[at] > tokens.ends[at - 1]


def _separated(words: list[str], at: int) -> bool:
    return at + 1 < len(words) and words[at + 1] in _SEPARATORS


def _spell_pairs(lexicon: Lexicon, tokens: Tokens) -> None:
    """ "Effusion: no, mass: yes": each answer ends a statement of its own."""
    words = tokens.words
    for at in range(2, len(words) - 2):
        answers = words[at] in ("yes", "no") and words[at - 1] in (":", "=")
        if answers and words[at + 1] == "," and _ends_finding(lexicon, words, at - 1):
            words[at + 1] = ";"


def _doubt_mixed(words: list[str]) -> None:
    """ "Effusion/mass: yes/no": which answer is whose is left in doubt."""
    for at in range(2, len(words)):
        if words[at - 1] == "/" and {words[at - 2], words[at]} <= {"yes", "no", "queried"}:
            words[at - 2] = words[at] = "queried"


def _spell_run(lexicon: Lexicon, words: list[str]) -> None:
    """ "Effusion no consolidation yes": each answer stands behind what it answers."""
    if words.count("0") < 2 and _YES.isdisjoint(words):
        return
    answers = [at for at in range(1, len(words)) if words[at] in _ANSWERS]
    answers = [at for at in answers if _ends_finding(lexicon, words, at)]
    noughts = sum(words[at] == "0" for at in answers)
    if noughts > 1 or any(words[at] in _YES for at in answers):
        for at in answers:
            words[at] = _ANSWERS[words[at]]


def _spell_letter(lexicon: Lexicon, words: list[str], at: int) -> None:
    """ "Effusion: N" denies; "Heart: N" says normal and is left to the lexicon."""
    if _ends_finding(lexicon, words, at - 1):
        words[at] = _LETTERS[words[at]]


def _ends_finding(lexicon: Lexicon, words: list[str], stop: int) -> bool:
    for first in range(max(0, stop - _LONGEST_TOPIC), stop):
        found = longest(lexicon.trie, words, first, stop, ())
        if found and found[1] == stop and any(e.kind is Kind.FINDING for e in found[0]):
            return True
    return False
