"""Native label names of datasets and models, mapped to our labels by the tables of mappings.toml.

A name without a counterpart is returned as :class:`Unmapped`, never as nothing, so that whoever
drops it has it in hand to count (it is hashable: ``Counter[Unmapped]``).
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from inference.vocabulary import Label

NoFinding = Literal["no_finding"]
NO_FINDING: Final[NoFinding] = "no_finding"

Dataset = Literal["vindr", "nih", "nih_boxes", "chestx_det", "chexpert"]
DATASETS: Final[tuple[Dataset, ...]] = ("vindr", "nih", "nih_boxes", "chestx_det", "chexpert")

_TABLES = Path(__file__).with_name("mappings.toml")
_SEPARATORS = re.compile(r"[\W_]+")
_SIDES = frozenset({"left", "right", "bilateral", "the", "a"})


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A native name that is none of our labels.

    ``why`` is ``no_counterpart`` (the table names it and maps it to nothing) or ``unknown`` (the
    table has never heard of it: a misspelling, or a dataset that changed).
    """

    native: str
    dataset: Dataset
    why: Literal["no_counterpart", "unknown"]


def to_label(native: str, dataset: Dataset) -> Label | NoFinding | Unmapped:
    """Our label for a dataset's own name; raises KeyError for a dataset without a table."""
    found = _names(dataset).get(_key(native))
    if found is None:
        return Unmapped(native, dataset, "unknown")
    return _target(found) or Unmapped(native, dataset, "no_counterpart")


def label_of(text: str) -> Label | NoFinding | None:
    """Our label for what a model wrote ("Nodule/Mass", "left Effusion"), ``None`` if unknown.

    Words of side are ignored. Only whole names match: "no pneumothorax" is unknown, never a
    pneumothorax.
    """
    names = _names("model")
    key = _key(text)
    bare = " ".join(word for word in key.split() if word not in _SIDES)
    return _target(names.get(key) or names.get(bare, ""))


@cache
def known_names() -> frozenset[str]:
    """Every native name of every table and every label of ours, as `is_known` compares them."""
    tables = tomllib.loads(_TABLES.read_text(encoding="utf-8"))
    names = {name for table in tables.values() for name in table["names"]}
    return frozenset(map(_key, {*names, *Label}))


def is_known(text: str) -> bool:
    """Whether some table names it: then it is a word about findings, not about a person."""
    return _key(text) in known_names()


def _key(name: str) -> str:
    return _SEPARATORS.sub(" ", name).strip().casefold()


def _target(name: str) -> Label | NoFinding | None:
    if name == NO_FINDING:
        return NO_FINDING
    return Label(name) if name else None


@cache
def _names(table: str) -> dict[str, str]:
    tables = tomllib.loads(_TABLES.read_text(encoding="utf-8"))
    return {_key(name): target for name, target in tables[table]["names"].items()}
