"""Counts that go through everything there is: kept where that is much, and renewed meanwhile."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from audits.models import Priority
from audits.services.dispatch import task_send

FRESH = timedelta(minutes=1)
KEPT_SECONDS = 30 * 86_400
RENEWING_SECONDS = 120
"""After so long a count that a worker was asked for is taken for lost, and asked for again."""
MUCH = 20_000
"""With so many audits a count takes a good part of a second."""
TASK = "audits.tasks.count_again"
_SHAPE = 1
"""Counted up where what is counted changes its shape."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, and when."""

    value: Any
    at: datetime


def counted(what: str, arguments: list[str], count: Callable[[], Any]) -> Counted:
    """Counted now, or on a large site what was counted last.

    If that is older than a minute, a worker counts again, and nobody waits for it. ``what`` and the
    ``arguments`` must name everything that decides the answer, the person too where it depends on
    what they may see: nobody is shown what was counted for another.
    """
    if _audits() < MUCH:
        return Counted(count(), timezone.now())
    key = _key(what, arguments)
    kept: Counted | None = cache.get(key)
    if kept is None:
        return count_and_keep(what, arguments, count)
    stale = timezone.now() - kept.at > FRESH
    if stale and cache.add(f"{key}:renewing", True, RENEWING_SECONDS):
        task_send(task=TASK, arguments=[what, arguments], priority=Priority.BATCH)
    return kept


def count_and_keep(what: str, arguments: list[str], count: Callable[[], Any]) -> Counted:
    key = _key(what, arguments)
    at = timezone.now()
    kept = Counted(count(), at)
    cache.set(key, kept, KEPT_SECONDS)
    cache.delete(f"{key}:renewing")
    return kept


def _key(what: str, arguments: list[str]) -> str:
    told = " ".join([what, *arguments])
    return f"counted:{_SHAPE}:{hashlib.sha256(told.encode()).hexdigest()}"


def _audits() -> float:
    """About how many there are, as Postgres knows without counting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'audits_audit'::regclass")
        return float(cursor.fetchone()[0])
