"""VinDr-CXR's annotation table: three radiologists' readings of each image, and their consensus.

Nguyen et al., "VinDr-CXR: an open dataset of chest X-rays with radiologist's annotations",
Scientific Data 9:429 (2022). Non-commercial research terms: rows and boxes are never committed.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from inference.boxes import BoxFormat, merge_boxes, to_box
from inference.mappings import NO_FINDING, Unmapped, to_label
from inference.schema import Box, Finding
from inference.synthesis.corruption import Subject
from inference.vocabulary import LABELS, Label

NOMINAL_SIDE = 3600.0
"""Pixels that stand for the whole side where an image's size is unknown: VinDr's boxes reach
3,384, so that no box leaves the frame."""

READERS_NEEDED = 2
"""How many of the three readers make a label present."""

_COLUMNS = ("image_id", "class_name", "rad_id", "x_min", "y_min", "x_max", "y_max")
_CORNERS = ("x_min", "y_min", "x_max", "y_max")
_SIZE_COLUMNS = (("height", "width"), ("dim0", "dim1"), ("rows", "columns"))


@dataclass(slots=True)
class Reading:
    """What one radiologist marked in one image, in our labels.

    ``marked`` is true if they marked anything at all, also outside our labels.
    """

    reader: str
    findings: list[Finding] = field(default_factory=list)
    marked: bool = False

    def labels(self) -> set[Label]:
        return {finding.label for finding in self.findings}


@dataclass(frozen=True, slots=True)
class Study:
    """One image and its readings, in order of reader; ``sized`` if its true size is known."""

    image_id: str
    readings: tuple[Reading, ...]
    sized: bool

    def subject(self) -> Subject:
        """What the readers agree on, and what none of them saw."""
        marked = {label for reading in self.readings for label in reading.labels()}
        return Subject(
            findings=consensus(self.readings, READERS_NEEDED),
            absent=frozenset(LABELS) - marked,
            normal=not any(reading.marked for reading in self.readings),
            sides=self.sized,
        )


@dataclass(slots=True)
class Annotations:
    """All studies, sorted by image, and the names that are none of our labels, counted."""

    studies: list[Study]
    unmapped: Counter[Unmapped]


def consensus(readings: Sequence[Reading], needed: int) -> tuple[Finding, ...]:
    """Findings of the labels that ``needed`` of the readings mark, in label order.

    Their boxes are the means of the groups that all readers' boxes of the label form at
    IoU >= 0.5; a label whose boxes are all unusable is one finding without a box.
    """
    found: list[Finding] = []
    for label in LABELS:
        if sum(label in reading.labels() for reading in readings) >= needed:
            drawn = [each.box for reading in readings for each in reading.findings
                     if each.label == label and each.box is not None]  # fmt: skip
            boxes: list[Box | None] = [*merge_boxes(drawn)] or [None]
            found += [Finding(label, box) for box in boxes]
    return tuple(found)


def read_annotations(annotations: Path, sizes: Path | None = None) -> Annotations:
    """Read VinDr's CSV (plain or gzip), and sizes from a CSV of image_id, height, width.

    Raises ValueError, with the line, for a table that is not VinDr's or a box that is no box.
    """
    known = _read_sizes(sizes) if sizes else {}
    readings: dict[str, dict[str, Reading]] = {}
    unmapped: Counter[Unmapped] = Counter()
    for line, row in _rows(annotations, _COLUMNS):
        image, reader = row["image_id"], row["rad_id"]
        reading = readings.setdefault(image, {}).setdefault(reader, Reading(reader))
        label = to_label(row["class_name"], "vindr")
        reading.marked |= label != NO_FINDING
        if isinstance(label, Unmapped):
            unmapped[label] += 1
        elif isinstance(label, Label):
            box = _box(row, known.get(image), f"{annotations}, line {line}")
            reading.findings.append(Finding(label, box))
    studies = [
        Study(image, tuple(by[name] for name in sorted(by)), image in known)
        for image, by in sorted(readings.items())
    ]
    return Annotations(studies, unmapped)


def _box(row: dict[str, str], size: tuple[int, int] | None, where: str) -> Box | None:
    try:
        corners = [float(row[name]) for name in _CORNERS]
    except ValueError as error:
        raise ValueError(f"{where}: a box is four numbers ({error})") from error
    if size is None:
        return to_box(corners, BoxFormat(NOMINAL_SIDE, "xyxy"), 1, 1).box
    return to_box(corners, BoxFormat("pixels", "xyxy"), *size).box


def _read_sizes(path: Path) -> dict[str, tuple[int, int]]:
    sizes: dict[str, tuple[int, int]] = {}
    for line, row in _rows(path, ("image_id",)):
        names = next((pair for pair in _SIZE_COLUMNS if set(pair) <= row.keys()), None)
        if names is None:
            raise ValueError(f"{path}: no columns height and width (or dim0 and dim1)")
        try:
            height, width = (int(float(row[name])) for name in names)
        except ValueError as error:
            raise ValueError(f"{path}, line {line}: a size is a number ({error})") from error
        if min(height, width) < 1:
            raise ValueError(f"{path}, line {line}: a size is at least 1 pixel")
        sizes[row["image_id"]] = height, width
    return sizes


def _rows(path: Path, columns: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    with _open(path) as stream:
        table = csv.DictReader(stream, restval="")
        missing = [name for name in columns if name not in (table.fieldnames or ())]
        if missing:
            raise ValueError(f"{path}: no column {', '.join(missing)}")
        for row in table:
            yield table.line_num, row


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")
