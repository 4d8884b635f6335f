"""From a draft's characters to canonical words, each knowing where it stands in the draft."""

import re
import unicodedata
from dataclasses import dataclass

from inference.parsers.rules.lexicon import Lexicon
from inference.parsers.rules.phrases import longest

# Each alternative starts with a different character class or a literal and has no nested
# repetition over the same class, so one pass is linear in the text.
_TOKEN = re.compile(
    r"(?:[rwc]/[ot]|s/[po]|n/a|w/out|[dc]/[tw]|b/l|h/o|f/u|and/or|x-rays?|[+-]ve)(?![^\W\d_])|w/"
    r"|\+/-|±|\([+-]\)|\d+(?:[.,]\d+)*"
    r"|[^\W\d_]+(?:['-][^\W\d_]+)*"
    r"|[\n.,;:?!()/<>=%•*&+|\[\]-]"
)
_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u2010": "-",
    "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2022": "•",
    "\u25cf": "•", "\u25e6": "•", "\u00b7": "•", "\u00ad": "", "\u200b": "", "\u200c": "",
    "\u200d": "", "\ufeff": "", "\u2028": "\n", "\u2029": "\n", "\u0085": "\n", "\r": "",
    "\u2191": " increased ", "\u2193": " decreased ", "\u2194": " unchanged ",
}  # fmt: skip
_LONGEST_WORD = 40
_LONGEST_HYPHENATED = 200
_ADJECTIVAL = ("ive", "al", "ic", "ous", "ary", "tomy")
# One filler stands for every -ly word that the lexicon does not know.
_ANY_ADVERB = "really"
_MEMORY = 50_000


@dataclass(slots=True)
class Tokens:
    """Parallel lists: canonical word, first character, one past the last, line breaks before it."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    breaks: list[int]


def lowered(text: str) -> tuple[str, list[int] | None]:
    """Return ``text`` in plain lower case and, unless it is identical in length, its offset map.

    ``map[i]`` is the position in ``text`` of character ``i`` of the result.
    """
    if text.isascii():
        return (text.replace("\r", "\n") if "\r" in text else text).lower(), None
    plain: dict[str, str] = {}
    out: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        known = plain.get(character)
        if known is None:
            known = plain[character] = _plain(character)
        out.append(known)
        offsets.extend((position,) * len(known))
    return "".join(out), offsets


def _plain(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if not unicodedata.combining(part)).lower()


class Normaliser:
    """Tokenises and canonicalises; remembers the words it has met (bounded)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[str, tuple[str, ...]] = {}
        self._near: dict[str, list[str]] = {}
        for word in lexicon.near:
            self._near.setdefault(word[0], []).append(word)
        self._torn = {word[:cut] for word in lexicon.near for cut in range(3, len(word) - 2)}
        self._whole = frozenset(lexicon.near)
        self._dictated = frozenset(lexicon.dictation)

    def tokens(self, text: str) -> Tokens:
        """Return the canonical tokens of ``text``; offsets are into ``text`` itself."""
        low, offsets = lowered(text)
        result = Tokens([], [], [], [])
        words, starts, ends, line_breaks = result.words, result.starts, result.ends, result.breaks
        known, torn = self._known, self._torn
        breaks = 0
        dictated = False
        before = ""
        for match in _TOKEN.finditer(low):
            raw = match.group()
            if raw == "\n":
                breaks += 1
                continue
            start, end = match.span()
            canonical = known.get(raw) or self._canonical(raw)
            if len(canonical) == 1 and before not in torn and not (breaks and before == "-"):
                # The common case, inlined: this loop is a third of the time a draft takes.
                words.append(canonical[0])
                starts.append(start)
                ends.append(end)
                line_breaks.append(breaks)
            elif len(canonical) == 1 or "-" not in raw or len(raw) > _LONGEST_HYPHENATED:
                for word in canonical:
                    self._append(result, word, start, end, breaks)
                    breaks = 0
            else:
                self._append_parts(result, raw, start, breaks)
            breaks = 0
            dictated = dictated or (before in self._dictated and self._dictates(before, words[-1]))
            before = words[-1]
        if dictated:
            result = self._undictate(result)
        if offsets is not None:
            result.starts = [offsets[start] for start in result.starts]
            result.ends = [offsets[end - 1] + 1 for end in result.ends]
        return result

    def _dictates(self, before: str, word: str) -> bool:
        return word in self._lexicon.dictation[before]

    def _append(self, tokens: Tokens, word: str, start: int, end: int, breaks: int) -> None:
        words = tokens.words
        if words and words[-1] in self._torn and words[-1] + word in self._whole and breaks < 2:
            words[-1] += word
            tokens.ends[-1] = end
            return
        if breaks == 1 and len(words) > 1 and words[-1] == "-" and self._hangs(tokens, word):
            words.pop(), tokens.starts.pop(), tokens.ends.pop(), tokens.breaks.pop()
            words[-1] += word
            tokens.ends[-1] = end
            return
        words.append(word)
        tokens.starts.append(start)
        tokens.ends.append(end)
        tokens.breaks.append(breaks)

    def _hangs(self, tokens: Tokens, word: str) -> bool:
        """True if the hyphen at the line's end tore one known word in two."""
        whole = tokens.words[-2] + word
        return tokens.starts[-1] == tokens.ends[-2] and whole in self._lexicon.vocabulary

    def _append_parts(self, tokens: Tokens, raw: str, start: int, breaks: int) -> None:
        for part in raw.split("-"):
            free = part == "free" and raw.endswith("-free")  # "infiltrate-free lungs"
            for word in ("absent",) if free else self._known.get(part) or self._canonical(part):
                self._append(tokens, word, start, start + len(part), breaks)
                breaks = 0
            start += len(part) + 1

    def _canonical(self, raw: str) -> tuple[str, ...]:
        """Return the canonical word or words of ``raw``, correcting a bounded typo."""
        words = self._spelled(raw)
        if len(self._known) < _MEMORY and len(raw) <= _LONGEST_WORD:
            self._known[raw] = words
        return words

    def _spelled(self, raw: str) -> tuple[str, ...]:
        lexicon = self._lexicon
        word = raw.removesuffix("'s") if "'" in raw and raw not in lexicon.spelling else raw
        if word in lexicon.vocabulary or len(word) > _LONGEST_WORD:
            return (word,)
        if word in lexicon.spelling:
            return lexicon.spelling[word]
        if "-" in word[1:]:
            return self._hyphenated(word)
        if word.endswith("n't"):
            return ("not",)
        folded = lexicon.fold(word)
        if folded != word or not word.isalpha():
            return (folded,)
        return (self._corrected(word),)

    def _hyphenated(self, word: str) -> tuple[str, ...]:
        joined = word.replace("-", "")
        if joined in self._whole:
            return (joined,)
        if word.startswith("post-") and word.endswith(_ADJECTIVAL):
            return ("postprocedural",)  # "post-obstructive": when, not "after which illness"
        return tuple(w for part in word.split("-") for w in self._spelled(part))

    def _corrected(self, word: str) -> str:
        if len(word) < 6 or word in self._lexicon.real:
            return word
        for stem in (word, word[:-1] if word.endswith("s") else ""):
            for target in self._near.get(stem[:1], ()):
                allowed = 2 if len(target) >= 10 or target in self._lexicon.lenient else 1
                if abs(len(stem) - len(target)) <= allowed and slips(stem, target) <= allowed:
                    return target
        if word.endswith("ly") and word not in self._lexicon.details_words:
            return _ANY_ADVERB
        if word.startswith("no") and word[2:] in self._whole:
            return word[2:]
        return word

    def _undictate(self, tokens: Tokens) -> Tokens:
        result = Tokens([], [], [], [])
        at, stop = 0, len(tokens.words)
        while at < stop:
            found = longest(self._lexicon.dictation, tokens.words, at, stop, ())
            word, end = (found[0], found[1]) if found else (tokens.words[at], at + 1)
            result.words.append(word)
            result.starts.append(tokens.starts[at])
            result.ends.append(tokens.ends[end - 1])
            result.breaks.append(tokens.breaks[at])
            at = end
        return result


def slips(a: str, b: str) -> int:
    """Return the Damerau-Levenshtein distance (optimal string alignment) of two short words."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
