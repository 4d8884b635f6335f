"""Whether a draft can be read at all: its language, and whether it makes any sense."""

import unicodedata
from collections.abc import Sequence

from inference.parsers.rules.lexicon import Lexicon

_SENSE = 0.25
_FEW_WORDS = 3


class Recogniser:
    """Counts the words of each language; nothing learned, every word is in the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._scripts = lexicon.scripts
        self._english = lexicon.english | lexicon.vocabulary | lexicon.filler
        self._by_word: dict[str, list[str]] = {}
        for name, words in lexicon.languages.items():
            for word in words:
                for key in {word, _unaccented(word)}:
                    names = self._by_word.setdefault(key, [])
                    if name not in names:
                        names.append(name)

        self._foreign_or_shared = self._by_word.keys() | lexicon.international

    def refusal(self, text: str, words: Sequence[str], found: bool) -> str:
        """Return why ``text`` cannot be read, or "". ``found``: something was read in it."""
        if not text.isascii():
            script = self._script(text)
            if script:
                return f"The draft is not in English: it looks like {script}."
        if "'" in text or not text.isascii():
            words = [word.rpartition("'")[2] or word for word in words]
        if found and self._by_word.keys().isdisjoint(words):
            return ""
        letters = [word for word in words if word[0].isalpha()]
        if not letters:
            return "The draft has no words."
        foreign, language = self._foreign(letters)
        english = sum(
            1 for word in letters if word in self._english and word not in self._foreign_or_shared
        )
        if foreign and foreign > english:
            return f"The draft is not in English: it looks like {language}."
        known = sum(1 for word in letters if word in self._english)
        if not found and known < max(1, _SENSE * len(letters)):
            return "The draft makes no sense to this parser: almost none of its words are known."
        return ""

    def _script(self, text: str) -> str:
        letters = [c for c in text[:4000] if c.isalpha()]
        for name, ranges in self._scripts:
            count = sum(1 for c in letters if any(low <= ord(c) <= high for low, high in ranges))
            if count > len(letters) / 2:
                return name
        return ""

    def _foreign(self, words: Sequence[str]) -> tuple[int, str]:
        counts: dict[str, int] = {}
        for word in words:
            for name in self._by_word.get(word, ()):
                counts[name] = counts.get(name, 0) + 1
        if not counts:
            return 0, ""
        best = max(sorted(counts), key=lambda name: counts[name])
        return counts[best], best


def _unaccented(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word)
    return "".join(part for part in parts if not unicodedata.combining(part))
