"""Locks on a file, held by the kernel: they go with the process, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bootstrap.terminal import Trouble, say


@contextmanager
def held_if_free(path: Path) -> Iterator[bool]:
    """Hold the lock if no other process does; gives whether it is held."""
    with _opened(path) as lock:
        yield _take(lock)


@contextmanager
def held(path: Path, *, refusal: str) -> Iterator[None]:
    """Hold the lock; Trouble with the refusal when another process does."""
    with held_if_free(path) as is_ours:
        if not is_ours:
            raise Trouble(refusal)
        yield


@contextmanager
def waited_for(path: Path, *, notice: str) -> Iterator[None]:
    """Hold the lock, waiting (with a notice) while another process does."""
    with _opened(path) as lock:
        if not _take(lock):
            say(notice)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    # Not inherited by child processes, which would keep the lock after this one.
    lock = os.open(path, os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        yield lock
    finally:
        os.close(lock)


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
