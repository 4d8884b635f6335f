"""Counts that go through everything there is: kept for a minute where that is much."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

KEPT_SECONDS = 60
MUCH = 20_000
"""With so many audits a count takes a good part of a second."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, and when."""

    value: Any
    at: datetime


def counted(key: str, count: Callable[[], Any]) -> Counted:
    """Counted now, or on a large site within the last minute.

    ``key`` must name everything that decides the answer, the person too where it depends on what
    they may see: nobody is shown what was counted for another.
    """
    if _audits() < MUCH:
        return Counted(count(), timezone.now())
    short = f"counted:{hashlib.sha256(key.encode()).hexdigest()}"
    kept: Counted | None = cache.get(short)
    if kept is None:
        at = timezone.now()
        kept = Counted(count(), at)
        cache.set(short, kept, KEPT_SECONDS)
    return kept


def _audits() -> float:
    """About how many there are, as Postgres knows without counting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'audits_audit'::regclass")
        return float(cursor.fetchone()[0])
