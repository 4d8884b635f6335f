"""What the makers of a release tell those who derive the rest of it (`inference.release.derived`).

Apart from them, as who tells it needs no database of theirs (20 MB).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class About:
    """What the tables don't say: names, row counts per table, what stayed behind, counted, and
    what the release was narrowed to: so many queues, and sources by slug (0 and none: all).
    ``scratch`` is where large scratch files may lie (the system's place if None)."""

    name: str
    version: str
    counts: dict[str, int]
    refused: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    queues: int = 0
    sources: tuple[str, ...] = ()
    scratch: Path | None = None
