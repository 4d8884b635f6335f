"""The lexicon: TOML files a radiologist can read, compiled once into tries and tables."""

import functools
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

from inference.parsers.rules.phrases import Node, expand, insert
from inference.vocabulary import Label

ENGINE_DIR = Path(__file__).parent
LEXICON_DIR = ENGINE_DIR / "lexicon"


class Kind(IntEnum):
    """What an atom of a sentence is."""

    FINDING = 0
    EXCLUDED = 1
    ORGAN = 2
    PREDICATE = 3
    CUE = 4
    GLUE = 5
    VERB = 6
    OPENER = 7
    PRONOUN = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """The meaning of one phrase.

    ``name`` is the concept, organ, cue kind or grammar class; ``labels`` what it is about;
    ``state`` its bare state (see ``mentions.Draft.bare``); ``classes`` the predicates it is.
    """

    kind: Kind
    name: str
    labels: tuple[Label, ...] = ()
    state: str = "present"
    direction: str = ""
    classes: frozenset[str] = frozenset()


@dataclass(slots=True)
class Lexicon:
    """Everything the engine looks up. Words are canonical: lower case, American, singular."""

    trie: Node = field(default_factory=dict)
    headers: Node = field(default_factory=dict)
    header_organs: Node = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    spelling: dict[str, tuple[str, ...]] = field(default_factory=dict)
    dictation: Node = field(default_factory=dict)
    vocabulary: set[str] = field(default_factory=set)
    keep: frozenset[str] = frozenset()
    near: tuple[str, ...] = ()
    real: frozenset[str] = frozenset()
    lenient: frozenset[str] = frozenset()
    filler: set[str] = field(default_factory=set)
    determiner: frozenset[str] = frozenset()
    singular: frozenset[str] = frozenset()
    plural: frozenset[str] = frozenset()
    adjectives: dict[str, tuple[Label, ...]] = field(default_factory=dict)
    statements: dict[tuple[str, str], tuple[tuple[Label, ...], str]] = field(default_factory=dict)
    sets: dict[str, frozenset[str]] = field(default_factory=dict)
    details: dict[str, dict[str, str]] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    details_words: frozenset[str] = frozenset()
    small_words: frozenset[str] = frozenset()
    pointing: frozenset[str] = frozenset()
    odd: frozenset[str] = frozenset()
    describing: frozenset[str] = frozenset()
    artifacts: Node = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    languages: dict[str, frozenset[str]] = field(default_factory=dict)
    scripts: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = ()
    english: frozenset[str] = frozenset()
    international: frozenset[str] = frozenset()

    def fold(self, word: str) -> str:
        """Return the singular of a plural the lexicon knows, else the word."""
        if len(word) < 4 or not word.endswith("s") or word in self.keep:
            return word
        known = self.vocabulary
        plural_y = word[:-3] + "y" if word.endswith("ies") else ""
        for singular in (word[:-1], word[:-2] if word.endswith("es") else "", plural_y):
            if len(singular) > 2 and singular in known:
                return singular
        return word


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((LEXICON_DIR / f"{name}.toml").read_text(encoding="utf-8"))


def content_hash() -> str:
    """SHA-256 over the engine's modules and the lexicon, in name order."""
    digest = hashlib.sha256()
    for path in sorted([*ENGINE_DIR.glob("*.py"), *LEXICON_DIR.glob("*.toml")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@functools.cache
def load_lexicon() -> Lexicon:
    """Read and compile the lexicon (about a tenth of a second, once a process)."""
    words, terms, states = _read("words"), _read("terms"), _read("states")
    cues, sections = _read("cues"), _read("sections")
    lexicon = Lexicon()
    _load_words(lexicon, words)
    phrases = _Phrases(lexicon)
    grammar = words["grammar"]
    _load_terms(phrases, terms, states)
    _load_predicates(phrases, states)
    phrases.add(grammar["opener"], Entry(Kind.OPENER, "strong"))
    phrases.add(grammar["weak_opener"], Entry(Kind.OPENER, "weak"))
    _load_cues(phrases, cues)
    phrases.add(grammar["and"], Entry(Kind.GLUE, "and"))
    phrases.add(grammar["or"], Entry(Kind.GLUE, "or"))
    phrases.add(grammar["determiner"], Entry(Kind.GLUE, "determiner"))
    phrases.add(grammar["pronoun"], Entry(Kind.PRONOUN, "pronoun"))
    phrases.add(grammar["singular"] + grammar["plural"], Entry(Kind.VERB, "verb"))
    phrases.compile(lexicon.trie)
    _load_sections(lexicon, sections, states)
    _load_details(lexicon, terms)
    lexicon.small_words = _small_words(lexicon, grammar)
    describing = ("adjectives", "parts", "between", "places", "ellipsis")
    lexicon.describing = lexicon.small_words.union(
        lexicon.filler, *(lexicon.sets[name] for name in describing)
    )
    return lexicon


def _small_words(lexicon: Lexicon, grammar: dict[str, Any]) -> frozenset[str]:
    """Words that name no subject of their own: grammar, places, sizes, adverbs."""
    lists = ("and", "or", "determiner", "pronoun", "singular", "plural", "opener", "filler")
    plain = {word for name in lists for phrase in grammar[name] for word in phrase.split()}
    sets = (lexicon.sets["leads"], lexicon.sets["ellipsis"], lexicon.sets["adverbs"])
    return frozenset(plain.union(lexicon.details_words, *sets))


class _Phrases:
    """Collects every phrase first: plurals fold only once the whole vocabulary is known."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._rows: list[tuple[tuple[str, ...], Entry]] = []

    def add(
        self,
        phrases: Iterable[str],
        entry: Entry,
        classes: Mapping[str, list[str]] | None = None,
    ) -> None:
        for phrase in phrases:
            for words in expand(phrase, classes or {}):
                spelled = tuple(self._spell(words))
                self._rows.append((spelled, entry))
                self.lexicon.vocabulary.update(spelled)

    def _spell(self, words: tuple[str, ...]) -> Iterable[str]:
        for word in words:
            yield from self.lexicon.spelling.get(word, (word,))

    def compile(self, trie: Node) -> None:
        fold = self.lexicon.fold
        folded: dict[tuple[str, ...], list[Entry]] = {}
        for words, entry in self._rows:
            folded.setdefault(tuple(map(fold, words)), []).append(entry)
        for words, entries in folded.items():
            insert(trie, words, tuple(dict.fromkeys(entries)))
        self.lexicon.vocabulary = {word for words in folded for word in words}


def _load_words(lexicon: Lexicon, words: dict[str, Any]) -> None:
    lexicon.spelling = {k: tuple(v.split()) for k, v in words["spelling"].items()}
    for torn, meant in words["dictation"].items():
        insert(lexicon.dictation, torn.split(), meant)
    lexicon.sets = {name: frozenset(members) for name, members in words["sets"].items()}
    grammar = words["grammar"]
    lexicon.keep = frozenset(grammar["keep"])
    lexicon.near = tuple(words["typos"]["near"])
    lexicon.real = frozenset(words["typos"]["real"])
    lexicon.lenient = frozenset(words["typos"]["lenient"])
    lexicon.filler = set(grammar["filler"])
    lexicon.determiner = frozenset(grammar["determiner"])
    lexicon.singular = frozenset(grammar["singular"])
    lexicon.plural = frozenset(grammar["plural"])


def _load_terms(phrases: _Phrases, terms: dict[str, Any], states: dict[str, Any]) -> None:
    classes = terms["classes"]
    for group in terms["excluded"]:
        phrases.add(group["phrases"], Entry(Kind.EXCLUDED, group["concept"]), classes)
    for group in terms["finding"]:
        names = [group["label"], *([group["also"]] if "also" in group else [])]
        labels = tuple(Label(name) for name in names)
        entry = Entry(Kind.FINDING, group["concept"], labels, group.get("state", "present"))
        phrases.add(group["phrases"], entry, classes)
    normal = states["global_normal"]
    phrases.add(normal["phrases"], Entry(Kind.FINDING, "global_normal", (), "denied_global"))
    phrases.add(normal["stated"], Entry(Kind.FINDING, "global_normal", (), "global"))
    for word, names in states["adjectives"].items():
        phrases.lexicon.adjectives[word] = tuple(Label(name) for name in names)
    for group in states["denial"]:
        labels = tuple(Label(name) for name in group["labels"])
        phrases.add(group["phrases"], Entry(Kind.FINDING, "denial", labels, "denied_only"))


def _load_predicates(phrases: _Phrases, states: dict[str, Any]) -> None:
    for organ, names in states["organs"].items():
        phrases.add(names, Entry(Kind.ORGAN, organ))
    classes: dict[str, set[str]] = {}
    for name, wordings in states["predicates"].items():
        for wording in wordings:
            for words in expand(wording, {}):
                classes.setdefault(" ".join(words), set()).add(name)
    for wording, names in classes.items():
        phrases.add([wording], Entry(Kind.PREDICATE, "predicate", classes=frozenset(names)))
    phrases.lexicon.statements = {
        (row["organ"], row["predicate"]): (
            tuple(Label(name) for name in row["labels"]),
            row["state"],
        )
        for row in states["statement"]
    }


def _load_cues(phrases: _Phrases, cues: dict[str, Any]) -> None:
    for cue in cues["cue"]:
        entry = Entry(Kind.CUE, cue["kind"], direction=cue["direction"])
        phrases.add(cue["phrases"], entry, cues["classes"])


def _canonical(lexicon: Lexicon, phrase: str) -> list[str]:
    spelled = [w for word in phrase.split() for w in lexicon.spelling.get(word, (word,))]
    return [lexicon.fold(word) for word in spelled]


def _load_sections(lexicon: Lexicon, sections: dict[str, Any], states: dict[str, Any]) -> None:
    for section in sections["section"]:
        lexicon.roles[section["name"]] = section["role"]
        for header in section["headers"]:
            insert(lexicon.headers, _canonical(lexicon, header), section["name"])
    for organ, names in states["headers"].items():
        for name in names:
            insert(lexicon.header_organs, _canonical(lexicon, name), organ)


def _load_details(lexicon: Lexicon, terms: dict[str, Any]) -> None:
    for field_name, values in _read("details").items():
        lexicon.details[field_name] = {w: value for value, ws in values.items() for w in ws}
    lexicon.places = frozenset(
        word for name in ("side", "location", "severity") for word in lexicon.details[name]
    )
    lexicon.details_words = frozenset(w for table in lexicon.details.values() for w in table)
    for phrase in terms["artifacts"]["words"]:
        insert(lexicon.artifacts, _canonical(lexicon, phrase), True)
    sides, locations = lexicon.details["side"], lexicon.details["location"]
    stands_for = [
        lexicon.sets[name] for name in ("proforms", "recurs", "retorts", "being", "afterthoughts")
    ]
    lexicon.pointing = frozenset({"but", "i"}.union(sides, locations, *stands_for))
    lexicon.odd = lexicon.sets["negative"] | lexicon.sets["measures"] | {"this"}
    lexicon.elsewhere = frozenset(terms["elsewhere"]["places"])
    languages = _read("languages")
    lexicon.languages = {name: frozenset(ws) for name, ws in languages["words"].items()}
    lexicon.scripts = tuple(
        (row["name"], tuple((low, high) for low, high in row["ranges"]))
        for row in languages["script"]
    )
    lexicon.english = frozenset(languages["english"]["words"])
    lexicon.international = frozenset(languages["international"]["words"])
