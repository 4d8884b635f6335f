"""Writes one view: a file a split, and nothing where a split has no example.

Parts of the cases come one after another, in the order of their ids; each adds to the files.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from inference.release.query import Tables
from inference.release.tables import SPLITS, Row


class View(Protocol):
    def add(self, tables: Tables) -> None:
        """Write what the cases of one more part give."""

    def finish(self) -> list[Path]:
        """After the last part: the files that hold an example."""


class Lines:
    """JSON lines: ``rows`` gives those of one split."""

    def __init__(self, folder: Path, rows: Callable[[Tables, str], Iterator[Row]]) -> None:
        self._rows = rows
        self._paths = {split: folder / f"{split}.jsonl" for split in SPLITS}
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, tables: Tables) -> None:
        for split, path in self._paths.items():
            with path.open("a", encoding="ascii") as out:
                for row in self._rows(tables, split):
                    out.write(json.dumps(row, separators=(",", ":")) + "\n")

    def finish(self) -> list[Path]:
        return [path for path in self._paths.values() if kept(path)]


def kept(path: Path) -> bool:
    """Whether there is anything in it; an empty file goes."""
    if path.exists() and path.stat().st_size == 0:
        path.unlink()
    return path.exists()


def rounded(box: list[float], digits: int = 4) -> list[float]:
    return [round(side, digits) for side in box]


def in_pixels(box: list[float], width: int, height: int) -> tuple[float, float, float, float]:
    """``(x0, y0, x1, y1)`` in pixels, to a hundredth."""
    y0, x0, y1, x1 = box
    return tuple(round(v, 2) for v in (x0 * width, y0 * height, x1 * width, y1 * height))  # type: ignore[return-value]
