"""Writes one view: a file a split, and nothing where a split has no example.

Parts of the cases come one after another, in the order of their ids; each adds to its split's file.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from inference.release.lines import json_lines
from inference.release.parts import Part
from inference.release.query import Tables
from inference.release.tables import SPLITS, Row


class View(Protocol):
    def add(self, part: Part) -> None:
        """Write what the cases of one more part give."""

    def finish(self) -> list[Path]:
        """After the last part: the files that hold an example."""


class Lines:
    """JSON lines: ``rows`` gives those of a part."""

    def __init__(self, folder: Path, rows: Callable[[Tables], Iterator[Row]]) -> None:
        self._rows = rows
        self._paths = _made_paths(folder)

    def add(self, part: Part) -> None:
        with self._paths[part.split].open("a", encoding="ascii") as out:
            for row in self._rows(part.tables):
                out.write(compact_json(row) + "\n")

    def finish(self) -> list[Path]:
        return [path for path in self._paths.values() if kept(path)]


class Selected:
    """JSON lines: the rows that a question gives, as they are."""

    def __init__(self, folder: Path, sql: str) -> None:
        self._sql = sql
        self._paths = _made_paths(folder)

    def add(self, part: Part) -> None:
        with self._paths[part.split].open("ab") as out:
            for rows in part.tables.batches(self._sql):
                out.write(json_lines(rows))

    def finish(self) -> list[Path]:
        return [path for path in self._paths.values() if kept(path)]


def _made_paths(folder: Path) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    return {split: folder / f"{split}.jsonl" for split in SPLITS}


compact_json = json.JSONEncoder(separators=(",", ":")).encode
"""`json.dumps` makes an encoder for each row."""


def kept(path: Path) -> bool:
    """Whether there is anything in it; an empty file goes."""
    if path.exists() and path.stat().st_size == 0:
        path.unlink()
    return path.exists()


def rounded(box: list[float], digits: int = 4) -> list[float]:
    return [round(side, digits) for side in box]
