"""Sentences: where one statement ends, in drafts with and without punctuation."""

from inference.parsers.rules.lexicon import Kind, Lexicon
from inference.parsers.rules.normalise import Tokens
from inference.parsers.rules.phrases import longest
from inference.parsers.rules.sections import Sentence, header_at

_SIDES = frozenset(("left", "right", "bilateral"))
_BULLETS = frozenset("-•*>")
_WRAPPED_LINE = 45


class Splitter:
    """Splits a draft's tokens into sentences and gives each its section."""

    def __init__(self, lexicon: Lexicon, tokens: Tokens, text: str) -> None:
        self._lexicon = lexicon
        self._tokens = tokens
        self._text = text
        self._words = tokens.words
        self._sentences: list[Sentence] = []
        self._first = 0
        self._section = ""
        self._headed = False
        self._line = 0
        starts = tokens.starts[:400]
        upper = any(text[start].isupper() for start in starts)
        self._cased = upper and any(text[start].islower() for start in starts)

    def split(self) -> list[Sentence]:
        words, breaks = self._words, self._tokens.breaks
        for at, word in enumerate(words):
            if breaks[at] and at > self._first and self._line_ends(at):
                self._close(at)
                self._heads_line()
            if breaks[at]:
                self._line += breaks[at]
            if word in ".!" and self._stops(at):
                self._close(at)
                self._first = at + 1
            elif word == ":":
                self._colon(at)
            elif word == "?" and self._asks(at):
                self._close(at + 1)
        self._close(len(words))
        return self._sentences

    def _close(self, stop: int) -> None:
        if stop > self._first:
            first = self._first
            if self._words[first] in _BULLETS and stop > first + 1:
                first += 1
            first = self._unpunctuated_header(first, stop)
            if stop > first:
                self._sentences.append(
                    Sentence(first, stop, self._section, self._line, self._headed)
                )
                self._headed = False
        self._first = stop

    def _unpunctuated_header(self, first: int, stop: int) -> int:
        """Take "IMPRESSION - ..." and "FINDINGS The ..." as headers; return where the rest is."""
        if self._words[first] not in self._lexicon.headers or stop - first < 3:
            return first
        found = longest(self._lexicon.headers, self._words, first, stop, ())
        if found is None or found[1] >= stop:
            return first
        end = found[1]
        dashed = self._words[end] == "-"
        shouted = self._shouted(end - 1) and self._cased and not self._shouted(end)
        shouted = shouted and self._text[self._tokens.starts[end]].isupper()
        if not dashed and not (shouted and self._lexicon.roles[found[0]] != "skip"):
            return first
        self._open(found[0])
        return end + 1 if dashed else end

    def _shouted(self, at: int) -> bool:
        raw = self._text[self._tokens.starts[at] : self._tokens.ends[at]]
        return len(raw) > 1 and raw.isupper()

    def _open(self, section: str) -> None:
        self._section = section
        self._headed = True

    def _colon(self, at: int) -> None:
        """A colon after a section's name opens it; after an organ or finding, a new statement."""
        section = header_at(self._lexicon, self._words, self._first, at)
        if section is not None:
            self._open(section)
            self._first = at + 1
            return
        for first in range(max(self._first + 1, at - 5), at):
            if not self._text[self._tokens.starts[first]].isupper():
                continue
            section = header_at(self._lexicon, self._words, first, at)
            if section is not None:
                self._close(first)
                self._open(section)
                self._first = at + 1
                return
            if self._names_topic(first, at):
                self._close(first)
                return

    def _names_topic(self, first: int, at: int) -> bool:
        found = longest(self._lexicon.header_organs, self._words, first, at, ())
        if found and found[1] == at:
            return True
        term = longest(self._lexicon.trie, self._words, first, at, ())
        topics = (Kind.ORGAN, Kind.FINDING)
        return bool(term and term[1] == at and any(e.kind in topics for e in term[0]))

    def _names_topic_ahead(self, at: int) -> bool:
        """True if the line that begins at ``at`` opens with a header of its own."""
        stop = min(at + 6, len(self._words))
        return any(word == ":" for word in self._words[at:stop]) and not any(
            self._tokens.breaks[i] for i in range(at + 1, stop)
        )

    def _heads_line(self) -> None:
        """A line that is nothing but a section's name opens that section."""
        if not self._sentences:
            return
        last = self._sentences[-1]
        section = header_at(self._lexicon, self._words, last.first, last.stop)
        if section is not None and self._text[self._tokens.starts[last.first]].isupper():
            self._sentences.pop()
            self._open(section)

    def _stops(self, at: int) -> bool:
        if self._words[at] == "!" or at + 1 >= len(self._words):
            return True
        before = self._words[at - 1] if at else ""
        if self._tokens.breaks[at + 1]:
            return True
        follows = self._text[self._tokens.starts[at + 1]]
        if before in self._lexicon.sets["abbreviated"]:
            return False
        touching = self._tokens.ends[at - 1] - self._tokens.starts[at - 1] <= 2 if at else False
        return not (before in _SIDES and touching and follows.islower())

    def _asks(self, at: int) -> bool:
        """Read "? effusion" as a query before, "effusion?" as one behind; True if it ends here."""
        tokens = self._tokens
        if 0 < at == self._first and self._words[at - 1] == "queried":
            self._first = at + 1  # "Effusion??" asks once
            return False
        attached = at > self._first and tokens.ends[at - 1] == tokens.starts[at]
        attached = attached and self._words[at - 1] not in ("(", "?", "query")
        if attached and self._is_organ(self._first, at):
            self._words[at] = ":"  # "Heart? Enlarged."
            return False
        self._words[at] = "queried" if attached else "query"
        return attached

    def _is_organ(self, first: int, stop: int) -> bool:
        term = longest(self._lexicon.trie, self._words, first, stop, ())
        return term is not None and term[1] == stop and term[0][0].kind is Kind.ORGAN

    def _line_ends(self, at: int) -> bool:
        tokens, words = self._tokens, self._words
        if tokens.breaks[at] > 1 or self._bullet(at):
            return True
        if words[at - 1] == ":" and not self._names_topic_ahead(at):
            return False  # a header's answer on the next line
        if (
            words[at - 1] in self._lexicon.sets["hanging"]
            or words[at] in self._lexicon.sets["continues"]
        ):
            return False
        if self._cased:
            return self._text[tokens.starts[at]].isupper()
        return tokens.ends[at - 1] - tokens.starts[self._first] < _WRAPPED_LINE

    def _bullet(self, at: int) -> bool:
        words = self._words
        if words[at] in _BULLETS:
            return True
        return words[at].isdigit() and at + 1 < len(words) and words[at + 1] in (".", ")")
