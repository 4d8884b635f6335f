"""Writes one view: a file a split, and nothing where a split has no example."""

import json
from collections.abc import Iterable
from pathlib import Path

from inference.release.tables import Row


def write_lines(path: Path, rows: Iterable[Row]) -> list[Path]:
    """JSON lines; no file where there are no rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="ascii") as out:
        for row in rows:
            out.write(json.dumps(row, separators=(",", ":")) + "\n")
            count += 1
    if not count:
        path.unlink()
    return [path] if count else []


def rounded(box: list[float], digits: int = 4) -> list[float]:
    return [round(side, digits) for side in box]


def in_pixels(box: list[float], width: int, height: int) -> tuple[float, float, float, float]:
    """``(x0, y0, x1, y1)`` in pixels, to a hundredth."""
    y0, x0, y1, x1 = box
    return tuple(round(v, 2) for v in (x0 * width, y0 * height, x1 * width, y1 * height))  # type: ignore[return-value]
