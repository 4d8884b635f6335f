"""Memory that is freed goes back to the system: a build peaks at what it holds at a time."""

import ctypes
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_BYTES = 256 * 1024


@cache
def give_memory_back() -> None:
    """Once a process, when it first builds.

    The more is freed, the larger are the blocks that glibc keeps (mallopt(3), M_MMAP_THRESHOLD),
    unless the bounds are set by hand. Without that the tables of a million decisions take a third
    more. Arrow allocates by it too (ARROW_DEFAULT_MEMORY_POOL in the settings).
    """
    if libc := _libc():
        libc.mallopt(_MMAP_THRESHOLD, _BYTES)
        libc.mallopt(_TRIM_THRESHOLD, _BYTES)


def let_go() -> None:
    """Between two steps: what was freed in small pieces goes back as well."""
    if libc := _libc():
        libc.malloc_trim(0)


@cache
def _libc() -> ctypes.CDLL | None:
    """None where it is another library than glibc."""
    try:
        return ctypes.CDLL("libc.so.6")
    except OSError:
        return None
