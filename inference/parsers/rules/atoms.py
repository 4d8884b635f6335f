"""Atoms: the phrases of one sentence that mean something, with what lies ahead of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inference.parsers.rules.lexicon import Entry, Kind, Lexicon
from inference.parsers.rules.phrases import longest

_PUNCTUATION = {
    ",": Entry(Kind.GLUE, "comma"),
    "(": Entry(Kind.GLUE, "comma"),
    ")": Entry(Kind.GLUE, "comma"),
    "[": Entry(Kind.GLUE, "comma"),
    "]": Entry(Kind.GLUE, "comma"),
    "/": Entry(Kind.GLUE, "or"),
    "-": Entry(Kind.GLUE, "dash"),
    "=": Entry(Kind.GLUE, "colon"),
    ":": Entry(Kind.GLUE, "colon"),
    ";": Entry(Kind.CUE, "break", direction="before"),
}


@dataclass(slots=True)
class Atom:
    """Tokens ``first:stop`` and what they mean; more than one entry when the context decides.

    ``or_ahead``: this comma or "and" belongs to a list that ends in "or".
    ``term_ahead``: a finding follows before the clause ends. ``following``: the next atom,
    articles, pronouns and size words aside. ``kind`` is that of the first entry.
    """

    entries: tuple[Entry, ...]
    kind: Kind
    first: int
    stop: int
    or_ahead: bool = False
    term_ahead: bool = False
    following: "Atom | None" = None

    def other_reading(self) -> "Atom":
        """Return the atom without its first entry."""
        rest = self.entries[1:]
        return replace(self, entries=rest, kind=rest[0].kind)


def atoms_of(lexicon: Lexicon, words: Sequence[str], first: int, stop: int) -> list[Atom]:
    """Return the atoms of ``words[first:stop]`` in order; plain words make none."""
    trie, filler = lexicon.trie, lexicon.filler
    atoms: list[Atom] = []
    at = first
    while at < stop:
        word = words[at]
        node = trie.get(word)
        if node is not None:
            ahead = words[at + 1] if at + 1 < stop else ""
            if ahead in node or ahead in filler:
                found = longest(trie, words, at, stop, filler)
            else:
                found = (node[None], at + 1) if None in node else None  # the common case
            if found is not None:
                atoms.append(Atom(found[0], found[0][0].kind, at, found[1]))
                at = found[1]
                continue
        elif word in _PUNCTUATION:
            mark = _PUNCTUATION[word]
            atoms.append(Atom((mark,), mark.kind, at, at + 1))
        at += 1
    _look_ahead(atoms, words)
    return atoms


# "Likely has an effusion": the verb only leads on to its object.
_HAS = frozenset(("has", "have", "having"))
_ENDS_LIST = (Kind.CUE, Kind.VERB, Kind.ORGAN)
TERMS = (Kind.FINDING, Kind.EXCLUDED)


def _look_ahead(atoms: list[Atom], words: Sequence[str]) -> None:
    """Fill in what follows each atom, in one pass from the end."""
    or_ahead = term_ahead = False
    following: Atom | None = None
    for atom in reversed(atoms):
        atom.or_ahead, atom.term_ahead, atom.following = or_ahead, term_ahead, following
        kind = atom.kind
        name = atom.entries[0].name
        if kind is Kind.GLUE:
            if name == "determiner":
                continue
            or_ahead = or_ahead or name == "or"
            term_ahead = term_ahead and name in ("or", "colon")
        elif kind is Kind.OPENER or kind is Kind.PRONOUN:
            continue
        elif kind in TERMS or kind is Kind.PREDICATE:
            term_ahead = True
        elif kind in _ENDS_LIST:
            or_ahead = False
            breaks = name == "break" and words[atom.first] != "there"
            has = kind is Kind.VERB and words[atom.first] in _HAS
            if (kind is Kind.VERB and not has) or breaks or name == "with":
                term_ahead = False
        following = atom
