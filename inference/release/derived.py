"""What a release holds beside its tables: card, licences, agreement, views, descriptions.

All of it is made from the tables alone, so that a stranger can make it again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inference.release.card import write_card
from inference.release.licences import write_licences


@dataclass(frozen=True, slots=True)
class About:
    """What the tables don't say: names, row counts per table, and what stayed behind, counted."""

    name: str
    version: str
    counts: dict[str, int]
    refused: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)


Writer = Callable[[Path, "About"], list[Path]]

WRITERS: tuple[Writer, ...] = (write_licences, write_card)


def derive(root: Path, about: About) -> list[Path]:
    """Write all derived files below ``root``, which holds ``data/``; the files written."""
    return [path for write in WRITERS for path in write(root, about)]
