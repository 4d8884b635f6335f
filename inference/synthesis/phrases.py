"""The phrasings of phrases.toml: which words may say a label's state, and how they read."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from inference.schema import Side
from inference.vocabulary import Label, State

Size = Literal["nodule", "mass"]
Zone = Literal["upper", "mid", "lower"]

_FILE = Path(__file__).with_name("phrases.toml")


@dataclass(frozen=True, slots=True)
class Noun:
    """A name of a label: ``one``, its plural ``many`` ("" for a mass noun), and its limits.

    ``also`` are further labels that denying this noun denies; ``size`` binds it to a nodule or a
    mass.
    """

    one: str
    many: str = ""
    also: frozenset[Label] = frozenset()
    size: Size | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to say a state: a template and, where it has a noun's slot, the noun."""

    template: str
    noun: Noun | None = None
    also: frozenset[Label] = frozenset()

    @property
    def weight(self) -> int:
        return self.noun.weight if self.noun else 1

    def can_name(self, slot: Literal["side", "severity"]) -> bool:
        """Whether a side or place, or a severity, has a slot to stand in."""
        own = ("{place}", "{side}") if slot == "side" else ("{severity}", "{severely}")
        noun = ("{np}", "{a_np}") if self.noun else ()
        return any(mark in self.template for mark in (*own, *noun))


@dataclass(frozen=True, slots=True)
class Severity:
    """Words for one grade, from slight to great by their order in the file."""

    adjective: str
    adverb: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What phrases.toml holds for one label."""

    severities: tuple[Severity, ...]
    areas: tuple[float, ...]
    nouns: tuple[Noun, ...]
    sentences: dict[State, tuple[Phrasing, ...]]
    sideless: bool
    zones: bool


@dataclass(frozen=True, slots=True)
class Words:
    """What a phrasing is filled with; ``None`` leaves a thing unsaid."""

    severity: Severity | None = None
    side: Side | None = None
    zone: Zone | None = None
    several: bool = False
    side_first: bool = False


NO_WORDS = Words()
"""Nothing named with the label."""


@cache
def phrasings(label: Label, state: State) -> tuple[Phrasing, ...]:
    """Every way to say that ``label`` is in ``state``."""
    lexicon = lexicon_of(label)
    own = lexicon.sentences[state]
    frames = (*_file()["frames"][state.value], *(each.template for each in own if _framing(each)))
    framed = (Phrasing(frame, noun, noun.also) for noun in lexicon.nouns for frame in frames)
    return (*framed, *(each for each in own if not _framing(each)))


def denial_lists() -> tuple[str, ...]:
    """Frames that deny several nouns at once, with the slot ``{nps}``."""
    return tuple(_file()["frames"]["absent_list"])


def lines(table: Literal["openers", "closers", "normals"]) -> tuple[str, ...]:
    """Whole sentences that name no label of their own."""
    return tuple(_file()[table]["lines"])


def say(phrasing: Phrasing, words: Words) -> str:
    """The phrasing as one sentence, with its capital and full stop."""
    several = words.several or words.side == "bilateral"
    noun = noun_phrase(phrasing.noun, words) if phrasing.noun else ""
    plural = several and phrasing.noun is not None and bool(phrasing.noun.many)
    sentence = phrasing.template.format(
        np=noun,
        a_np=noun if plural or not _counts(phrasing.noun) else with_article(noun),
        place=_place(words, in_noun=phrasing.noun is not None),
        side=f"{words.side} " if words.side else "",
        severity=f"{words.severity.adjective} " if words.severity else "",
        severely=f"{words.severity.adverb} " if words.severity else "",
        **{"is": "are" if plural else "is"},
    )
    return sentence[0].upper() + sentence[1:]


def noun_phrase(noun: Noun, words: Words) -> str:
    """The noun with its adjectives and no article: "small left pleural effusion"."""
    several = words.several or words.side == "bilateral"
    parts = [
        words.severity.adjective if words.severity else "",
        words.side if words.side and words.side_first else "",
        noun.many if several and noun.many else noun.one,
    ]
    return " ".join(part for part in parts if part)


def with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _counts(noun: Noun | None) -> bool:
    return noun is not None and bool(noun.many)


def _place(words: Words, in_noun: bool) -> str:
    said = words.side_first and in_noun
    if words.zone:
        zones = f"{words.zone} zones" if words.side == "bilateral" else f"{words.zone} zone"
        side = "" if said or words.side in (None, "bilateral") else f"{words.side} "
        return f" in the {side}{zones}"
    if words.side is None or said:
        return ""
    return " on both sides" if words.side == "bilateral" else f" on the {words.side}"


@cache
def lexicon_of(label: Label) -> Lexicon:
    """What phrases.toml holds for ``label``."""
    table = _file()[label.value]
    return Lexicon(
        severities=tuple(Severity(**grade) for grade in table["severities"]),
        areas=tuple(table["areas"]),
        nouns=tuple(_noun(entry) for entry in table["nouns"]),
        sentences={state: tuple(map(_sentence, table[state.value])) for state in State},
        sideless=table.get("sideless", False),
        zones=table.get("zones", False),
    )


def _framing(phrasing: Phrasing) -> bool:
    return "np}" in phrasing.template


def _noun(entry: dict[str, Any]) -> Noun:
    also = frozenset(map(Label, entry.get("also", ())))
    return Noun(
        entry["one"], entry.get("many", ""), also, entry.get("size"), entry.get("weight", 1)
    )


def _sentence(entry: str | dict[str, Any]) -> Phrasing:
    if isinstance(entry, str):
        return Phrasing(entry)
    return Phrasing(entry["text"], also=frozenset(map(Label, entry["also"])))


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
