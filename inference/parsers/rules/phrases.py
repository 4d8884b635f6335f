"""Phrases as the lexicon writes them, and the trie that finds them.

``a (b|c d|) <class> e`` expands to every sequence of words it allows. A trie node maps a word to
the next node; the key ``None`` holds what the phrase ending there means.
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

Words = tuple[str, ...]
Node = dict[str | None, Any]

_PART = re.compile(r"\(([^()]*)\)|<(\w+)>|([^\s()<>]+)")
_MAX_SKIPPED = 3


def expand(phrase: str, classes: Mapping[str, Sequence[str]]) -> Iterator[Words]:
    """Yield each sequence of words that ``phrase`` allows; classes may hold choices themselves."""
    choices: list[list[Words]] = []
    for group, name, word in _PART.findall(phrase):
        if word:
            choices.append([(word,)])
        elif name:
            choices.append([words for item in classes[name] for words in expand(item, classes)])
        else:
            choices.append([words for item in group.split("|") for words in expand(item, classes)])
    for parts in product(*choices):
        yield tuple(word for part in parts for word in part)


def insert(trie: Node, words: Sequence[str], meaning: Any) -> None:
    """Add a phrase; the first meaning given to the same words stays."""
    node = trie
    for word in words:
        node = node.setdefault(word, {})
    node.setdefault(None, meaning)


def longest(
    trie: Node, words: Sequence[str], start: int, stop: int, filler: Container[str]
) -> tuple[Any, int] | None:
    """Return (meaning, end) of the longest phrase at ``start``, or None.

    Fillers may stand between the words of a phrase (at most three in all), never at its ends; of
    two readings as long, the one with fewer fillers counts.
    """
    first = trie.get(words[start])
    if first is None:
        return None
    best: tuple[Any, int] | None = None
    least = 0
    # A filler that is also a word of some phrase is tried both ways; three skips bound the work.
    open_paths = [(first, start + 1, 0)]
    while open_paths:
        node, at, skipped = open_paths.pop()
        if None in node and (best is None or (at, least) > (best[1], skipped)):
            best, least = (node[None], at), skipped
        while at < stop:
            word = words[at]
            if word in node:
                if word in filler and skipped < _MAX_SKIPPED:
                    open_paths.append((node[word], at + 1, skipped))
                else:
                    node = node[word]
                    at += 1
                    if None in node and (best is None or (at, least) > (best[1], skipped)):
                        best, least = (node[None], at), skipped
                    continue
            elif word not in filler or skipped == _MAX_SKIPPED:
                break
            skipped += 1
            at += 1
    return best
