"""Waiting for another process, with a deadline."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

import pytest

Found = TypeVar("Found")
DEADLINE_SECONDS = 300


def until(find: Callable[[], Found | None], what: str, *, or_say: Callable[[], str] = str) -> Found:
    """What ``find`` gives once it gives something true; fails after five minutes."""
    pause, ends_at = Event(), monotonic() + DEADLINE_SECONDS
    while monotonic() < ends_at:
        if found := find():
            return found
        pause.wait(0.02)
    pytest.fail(f"waited {DEADLINE_SECONDS} s for {what}. {or_say()}")
