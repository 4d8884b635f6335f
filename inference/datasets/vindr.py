"""VinDr-CXR: a CSV of boxes by up to three radiologists an image, and sizes where they are known.

Nguyen et al., Scientific Data 9:429 (2022). Boxes are x_min, y_min, x_max, y_max in pixels of the
original image: of the sizes table if it is among the files, else the stored picture must be that
image. Every reader was asked for every label, so what one did not mark is absent to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inference.boxes import BoxFormat
from inference.datasets.base import (
    Dataset,
    NativeFinding,
    NotThisDataset,
    Picture,
    Reading,
    Table,
    has_columns,
    lost_label,
    numbers,
)
from inference.mappings import NO_FINDING, Unmapped, to_label
from inference.schema import LedgerEntry
from inference.vocabulary import LABELS

_CORNERS = ("x_min", "y_min", "x_max", "y_max")
_SIZES = (("dim0", "dim1"), ("height", "width"), ("rows", "columns"))
_FORM = BoxFormat("pixels", "xyxy")
CONSENSUS = "consensus"
"""The reader of the test set, whose table names none."""


@dataclass(slots=True)
class _Marks:
    findings: list[NativeFinding] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)
    marked: bool = False


def claims(head: bytes) -> bool:
    return has_columns(head, "image_id", "class_name", *_CORNERS) or _is_sizes(head)


def _is_sizes(head: bytes) -> bool:
    return any(has_columns(head, "image_id", *pair) for pair in _SIZES)


def read(tables: Sequence[Table]) -> Mapping[str, Picture]:
    boxes = [table for table in tables if not _is_sizes(table.data[:1000])]
    if not boxes:
        raise NotThisDataset("VinDr's annotation table (image_id, class_name, ...) is missing.")
    sizes = {image: size for table in tables if table not in boxes
             for image, size in _read_sizes(table)}  # fmt: skip
    marks: dict[str, dict[str, _Marks]] = {}
    for table in boxes:
        for _, row in table.rows():
            image, reader = row["image_id"], row.get("rad_id") or CONSENSUS
            _mark(marks.setdefault(image, {}).setdefault(reader, _Marks()), row, sizes.get(image))
    return {
        image: Picture(tuple(_reading(reader, by[reader]) for reader in sorted(by)))
        for image, by in marks.items()
    }


def _mark(marks: _Marks, row: dict[str, str], size: tuple[int, int] | None) -> None:
    label = to_label(row["class_name"], "vindr")
    marks.marked |= label != NO_FINDING
    if isinstance(label, Unmapped):
        marks.ledger.append(lost_label(label))
    elif label != NO_FINDING:
        box = numbers([row[name] for name in _CORNERS])
        marks.findings.append(NativeFinding(label, box, _FORM, size))


def _reading(reader: str, marks: _Marks) -> Reading:
    return Reading(
        "annotated",
        reader,
        tuple(marks.findings),
        frozenset(LABELS),
        normal=not marks.marked,
        ledger=tuple(marks.ledger),
    )


def _read_sizes(table: Table) -> Sequence[tuple[str, tuple[int, int]]]:
    sizes = []
    for line, row in table.rows():
        pair = next(pair for pair in _SIZES if set(pair) <= row.keys())
        try:
            height, width = (int(float(row[name])) for name in pair)
        except (ValueError, OverflowError) as error:
            raise NotThisDataset(f"{table.where(line)}: a size is a whole number.") from error
        if min(height, width) < 1:
            raise NotThisDataset(f"{table.where(line)}: a size is at least 1 pixel.")
        sizes.append((row["image_id"], (height, width)))
    return sizes


VINDR = Dataset("vindr", claims, read)
