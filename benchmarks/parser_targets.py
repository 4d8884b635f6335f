"""Our lexicon as plain phrases, for peers that match phrases."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from inference.parsers.rules.lexicon import LEXICON_DIR
from inference.parsers.rules.phrases import expand

_LONGEST = 5
# The lexicon lists the usual wordings first. All products would be 100,000 phrases, which no user
# of a phrase matcher would write, and which would slow the peers down.
_COMMON = 8
_STATES = ("absent", "uncertain", "present")


def _surface(words: Sequence[str]) -> Iterator[str]:
    """Yield the phrase in the singular and the plural."""
    phrase = " ".join(words)
    yield phrase
    if phrase.endswith("y"):
        yield f"{phrase[:-1]}ies"
    elif phrase.endswith(("s", "x")):
        yield f"{phrase}es"
    else:
        yield f"{phrase}s"


def _phrases(items: Iterable[str], classes: dict[str, list[str]]) -> list[str]:
    found = {
        surface
        for item in items
        for words in expand(item, classes)
        if 0 < len(words) <= _LONGEST
        for surface in _surface(words)
    }
    return sorted(found)


def _statements(states: dict[str, Any]) -> dict[str, list[str]]:
    """ "heart size normal", "normal heart size", "lungs are clear", ... by label and state."""
    found: dict[str, set[str]] = {}
    for row in states["statement"]:
        if row["state"] not in _STATES:
            continue
        category = "&".join(f"{label}|{row['state']}" for label in row["labels"])
        organs = _phrases(states["organs"][row["organ"]][:_COMMON], {})
        wordings = states["predicates"][row["predicate"]][:_COMMON]
        predicates = [" ".join(words) for wording in wordings for words in expand(wording, {})]
        for organ in organs:
            for said in predicates:
                found.setdefault(category, set()).update(
                    (
                        f"{organ} {said}",
                        f"{organ} is {said}",
                        f"{organ} are {said}",
                        f"{said} {organ}",
                    )
                )
    return {category: sorted(phrases) for category, phrases in found.items()}


def peer_targets() -> dict[str, Any]:
    """Return ``{"targets", "statements", "excluded"}`` as phrase lists."""
    terms = tomllib.loads((LEXICON_DIR / "terms.toml").read_text(encoding="utf-8"))
    states = tomllib.loads((LEXICON_DIR / "states.toml").read_text(encoding="utf-8"))
    targets: dict[str, list[str]] = {}
    for group in terms["finding"]:
        names = [group["label"], *([group["also"]] if "also" in group else [])]
        state = f"|{group['state']}" if group.get("state") in _STATES else ""
        category = "&".join(f"{name}{state}" for name in names)
        targets.setdefault(category, []).extend(_phrases(group["phrases"], terms["classes"]))
    excluded = [p for group in terms["excluded"] for p in _phrases(group["phrases"], {})]
    return {"targets": targets, "statements": _statements(states), "excluded": excluded}
