"""Database choices and conditions made from `inference.vocabulary`: no word is typed twice.

A check constraint passes when its condition is NULL, so a condition over a nullable column must
ask for null by name; `known` does.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import F, Q
from django.db.models.lookups import LessThan

Choices = list[tuple[str, str]]


def choices(words: type[StrEnum] | Iterable[str]) -> Choices:
    return [(str(word), str(word)) for word in words]


def one_of(column: str, words: type[StrEnum] | Iterable[str], *, or_null: bool = False) -> Q:
    """The condition of a check constraint: the column holds one of the words (or null)."""
    condition = Q(**{f"{column}__in": [str(word) for word in words]})
    return condition | Q(**{f"{column}__isnull": True}) if or_null else condition


def ordered(low: str, high: str) -> Q:
    return Q(LessThan(F(low), F(high)))


def known(*columns: str) -> Q:
    """None of the columns is null."""
    return Q(**{f"{column}__isnull": False for column in columns})


def unknown(*columns: str) -> Q:
    """All of the columns are null."""
    return Q(**{f"{column}__isnull": True for column in columns})
