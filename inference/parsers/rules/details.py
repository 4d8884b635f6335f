"""Optional details of a mention: side, rough place, severity, change, size."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import cast

from inference.parsers.rules.lexicon import Lexicon
from inference.schema import Side

_REACH_BACK = 7
_REACH_ON = 9
_STOPS_BACK = frozenset((".", ";", ":", ",", "but", "no", "without", "nor", "is", "are"))
_STOPS_ON = frozenset((".", ";", "but", "no", "without", "and"))
_LONGEST_MM = 400.0

Details = dict[str, str]


class DetailReader:
    """Reads what the words around a phrase, within its own noun phrase, add to it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._meanings: dict[str, list[tuple[str, str]]] = {}
        for name, table in lexicon.details.items():
            for word, value in table.items():
                self._meanings.setdefault(word, []).append((name, value))
        self._any = {w for table in lexicon.details.values() for w in table} | {"mm", "cm"}

    def window(
        self,
        words: Sequence[str],
        neighbours: Sequence[tuple[int, int]],
        span: tuple[int, int],
        bounds: tuple[int, int],
    ) -> Sequence[str]:
        """Return the words around ``span`` up to the phrases beside it, within ``bounds``.

        ``neighbours`` are the token spans of the sentence's phrases, in order.
        """
        first, stop = span
        low, high = max(bounds[0], first - _REACH_BACK), min(bounds[1], stop + _REACH_ON)
        at = bisect_left(neighbours, (first, 0))
        if at:
            low = max(low, min(first, neighbours[at - 1][1]))
        after = bisect_left(neighbours, (stop, 0))
        if after < len(neighbours):
            high = min(high, neighbours[after][0])
        for at in range(first - 1, low - 1, -1):
            if words[at] in _STOPS_BACK:
                low = at + 1
                break
        for at in range(stop, high):
            if words[at] in _STOPS_ON:
                high = at
                break
        return words[low:high]

    def read(self, words: Sequence[str]) -> tuple[Details, float | None]:
        found: Details = {}
        if self._any.isdisjoint(words):
            return found, None
        for word in words:
            for name, value in self._meanings.get(word, ()):
                known = found.get(name)
                if name == "side" and known and known != value:
                    found[name] = "bilateral"
                elif known is None:
                    found[name] = value
        return found, size_mm(words)


def size_mm(words: Sequence[str]) -> float | None:
    """Return the largest length in ``words``, in millimetres, or None. "3 x 2 cm" is 30."""
    best: float | None = None
    for at, word in enumerate(words):
        if word not in ("mm", "cm") or at == 0:
            continue
        scale = 10.0 if word == "cm" else 1.0
        for back in range(at - 1, max(-1, at - 6), -1):
            number = _number(words[back])
            if number is None and words[back] not in ("x", "by", "-", "to", "mm", "cm", "*"):
                break
            if number is not None and 0 < number * scale <= _LONGEST_MM:
                best = max(best or 0.0, number * scale)
    return best


def _number(word: str) -> float | None:
    if not word[:1].isdigit():
        return None
    try:
        return float(word.replace(",", "."))
    except ValueError:
        return None


def side_of(details: Details) -> Side | None:
    return cast("Side | None", details.get("side"))
