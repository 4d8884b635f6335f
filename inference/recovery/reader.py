"""A JSON reader that never gives up and never raises: for text a model wrote, not a program.

It accepts what generative models really emit: single or curly quotes, bare keys, Python and
JavaScript literals, missing or doubled commas, forgotten brackets, comments, raw newlines in
strings, and text that stops anywhere. What it had to forgive is told in the node.
"""

import re
from dataclasses import dataclass, field

MAX_DEPTH = 24
"""Deeper nesting than any answer needs; below it a value is read as junk, not by recursion."""

_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?")
_WORD = re.compile(r"[A-Za-z_][\w/ -]*")
_JUNK = re.compile(r"[^\s\[\]{},]+")
_LITERALS: dict[str, bool | None] = {
    "null": None, "none": None, "nil": None, "nan": None, "undefined": None,
    "true": True, "false": False,
}  # fmt: skip
_CLOSING = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}

Scalar = str | float | bool | None


@dataclass(slots=True)
class Node:
    """One value with the stretch of text it was read from.

    ``items`` are the members of a list, or the values of an object under ``keys``; ``scalar`` is
    the value of anything else. ``complete`` is false where the text ended inside the value.
    ``junk`` marks a run of characters that is no value at all.
    """

    kind: str
    start: int
    end: int = 0
    scalar: Scalar = None
    keys: list[str] = field(default_factory=list)
    items: list["Node"] = field(default_factory=list)
    complete: bool = True
    junk: bool = False

    def get(self, key: str) -> "Node | None":
        """The last member under ``key`` (any case), as JSON itself has it."""
        if self.kind != "object":
            return None
        for name, item in zip(reversed(self.keys), reversed(self.items), strict=True):
            if name.casefold() == key:
                return item
        return None


class Reader:
    """Reads values out of ``text``, starting anywhere."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def value(self, start: int) -> Node:
        """The value that begins at ``start``, which must hold an opening bracket."""
        self.at = start
        return self._value(0)

    def _value(self, depth: int) -> Node:
        opening = self.text[self.at]
        if opening in "[{" and depth < MAX_DEPTH:
            return self._list(depth) if opening == "[" else self._object(depth)
        if opening in _CLOSING:
            return self._string()
        return self._number() or self._word() or self._junk()

    def _list(self, depth: int) -> Node:
        node = Node("list", self.at)
        self.at += 1
        while self._more(node, "]", "}"):
            if self.text[self.at] in ",:;":
                self.at += 1
            else:
                node.items.append(self._value(depth + 1))
        return node

    def _object(self, depth: int) -> Node:
        node = Node("object", self.at)
        self.at += 1
        while self._more(node, "}", "]"):
            if self.text[self.at] in ",;:":
                self.at += 1
            elif self.text[self.at] in "{[":
                break  # a new element starts where a key should: the bracket was forgotten
            else:
                self._member(node, depth)
        node.end = self.at
        return node

    def _member(self, node: Node, depth: int) -> None:
        key = self._value(depth + 1)
        self._skip()
        separator = self.text[self.at : self.at + 1]
        if not isinstance(key.scalar, str) or separator not in (":", "="):
            node.complete = node.complete and bool(separator)
            return
        self.at += 1
        self._skip()
        node.keys.append(key.scalar)
        if self.at >= len(self.text) or self.text[self.at] in ",}]":
            node.items.append(Node("scalar", self.at, self.at, complete=self.at < len(self.text)))
        else:
            node.items.append(self._value(depth + 1))

    def _more(self, node: Node, closing: str, foreign: str) -> bool:
        """Whether another member follows; settles how ``node`` ends if not."""
        self._skip()
        mark = self.text[self.at : self.at + 1]
        if mark and mark not in (closing, foreign):
            return True
        # A foreign bracket closes the parent too: it is left for the parent to read.
        self.at += mark == closing
        node.end = self.at
        node.complete = node.complete and bool(mark)
        return False

    def _string(self) -> Node:
        start, closing = self.at, _CLOSING[self.text[self.at]]
        self.at += 1
        letters: list[str] = []
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == closing and self._closes(closing):
                self.at += 1
                return Node("scalar", start, self.at, "".join(letters))
            letters.append(self._escape() if letter == "\\" else letter)
            self.at += 1
        return Node("scalar", start, self.at, "".join(letters), complete=False)

    def _closes(self, quote: str) -> bool:
        """An apostrophe inside a single-quoted string is followed by a letter ('patient's')."""
        return quote not in "'’" or not self.text[self.at + 1 : self.at + 2].isalpha()

    def _escape(self) -> str:
        self.at += 1
        letter = self.text[self.at : self.at + 1]
        if letter == "u":
            digits = self.text[self.at + 1 : self.at + 5]
            if re.fullmatch(r"[0-9a-fA-F]{4}", digits):
                self.at += 4
                return chr(int(digits, 16))
        return _ESCAPES.get(letter, letter)

    def _number(self) -> Node | None:
        found = _NUMBER.match(self.text, self.at)
        if not found:
            return None
        self.at = found.end()
        # A number that touches the end of the text may have lost digits.
        return Node(
            "scalar", found.start(), self.at, float(found[0]), complete=self.at < len(self.text)
        )

    def _word(self) -> Node | None:
        found = _WORD.match(self.text, self.at)
        if not found:
            return None
        word = found[0].rstrip()
        self.at = found.start() + len(word)
        scalar = _LITERALS.get(word.casefold(), word)
        bare = word.casefold() not in _LITERALS
        complete = self.at < len(self.text)
        return Node("scalar", found.start(), self.at, scalar, complete=complete, junk=bare)

    def _junk(self) -> Node:
        found = _JUNK.match(self.text, self.at)
        start = self.at
        self.at = found.end() if found else self.at + 1
        return Node("scalar", start, self.at, junk=True)

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        if found:
            self.at = found.end()
