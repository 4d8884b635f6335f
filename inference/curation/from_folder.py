"""A folder with ``images.csv`` and ``boxes.csv`` as examples: the shape that training reads too.

``images.csv``: image, and where known split, patient, nih_labels (``|``-separated). ``boxes.csv``:
image, label (one of ours, or empty), native_label, y0, x0, y1, x1 in 0..1, and reader where there
are several. Without nih_labels what has no box is absent; with them what is not named is, except
an opacity beside a finding that looks like one.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from inference.boxes import BoxFormat, to_box
from inference.curation.examples import Example, Tally
from inference.mappings import to_label
from inference.release.tables import Split
from inference.schema import Finding
from inference.training.dataset import LOOKS_LIKE_OPACITY
from inference.vocabulary import LABELS, Label, State

_SPLITS: Final[dict[str, Split | Literal[""]]] = {
    "": "",
    "train": "train",
    "val": "validation",
    "validation": "validation",
    "test": "test",
}
_CORNERS = ("y0", "x0", "y1", "x1")


def read_folder(folder: Path, tally: Tally) -> Iterator[Example]:
    """Every row of ``images.csv``. Raises ``ValueError`` naming the line for a table that is not
    one, ``OSError`` where it is missing."""
    found = _findings(folder / "boxes.csv", tally)
    seen: set[str] = set()
    for line, row in _rows(folder / "images.csv", "image"):
        name = row["image"]
        if name in seen or Path(name).name != name:
            raise ValueError(f"images.csv, line {line}: {name!r} is no file name, or given twice")
        seen.add(name)
        tally.read += 1
        yield _example(folder, line, row, found.pop(name, []))
    unlisted = [finding for each in found.values() for finding in each]
    tally.lose_box("of_an_image_not_listed", sum(one.box is not None for one in unlisted))


def _example(folder: Path, line: int, row: dict[str, str], found: list[Finding]) -> Example:
    split = row.get("split") or ""
    if split not in _SPLITS:
        raise ValueError(
            f"images.csv, line {line}: the split {split!r} is none of train, val, test"
        )
    return Example(
        id=row["image"],
        patient=row.get("patient") or f"image {row['image']}",
        picture=folder / "images" / row["image"],
        states=_states(row.get("nih_labels") or "", found),
        settled=tuple(found),
        split=_SPLITS[split],
    )


def _states(native: str, found: list[Finding]) -> dict[Label, State | None]:
    names = [name for name in native.split("|") if name]
    present = {finding.label for finding in found}
    present |= {label for name in names if isinstance(label := to_label(name, "nih"), Label)}
    states: dict[Label, State | None] = {
        label: State.PRESENT if label in present else State.ABSENT for label in LABELS
    }
    opacity = Label.LUNG_OPACITY_CONSOLIDATION
    if opacity not in present and LOOKS_LIKE_OPACITY & set(names):
        states[opacity] = None
    return states


def _findings(path: Path, tally: Tally) -> dict[str, list[Finding]]:
    """Findings by image. A box that can't be used is counted and its finding stays."""
    found: dict[str, list[Finding]] = defaultdict(list)
    if not path.exists():
        return found
    for line, row in _rows(path, "image", "label", *_CORNERS):
        label = _label(line, row)
        if label is None:
            tally.lose_box("label_without_counterpart")
            continue
        box, _ = to_box(_numbers(row), BoxFormat(), 1, 1)
        if box is None:
            tally.lose_box("unusable")
        found[row["image"]].append(Finding(label, box))
    return found


def _label(line: int, row: dict[str, str]) -> Label | None:
    name = row["label"]
    if not name:
        label = to_label(row.get("native_label") or "", "nih_boxes")
        return label if isinstance(label, Label) else None
    if name not in set(LABELS):
        raise ValueError(f"boxes.csv, line {line}: {name!r} is none of {', '.join(LABELS)}")
    return Label(name)


def _numbers(row: dict[str, str]) -> list[float] | None:
    try:
        return [float(row[name]) for name in _CORNERS]
    except ValueError:
        return None


def _rows(path: Path, *columns: str) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        table = csv.DictReader(stream, restval="")
        missing = set(columns) - set(table.fieldnames or ())
        if missing:
            raise ValueError(f"{path.name} has no column {', '.join(sorted(missing))}")
        for row in table:
            yield table.line_num, row
