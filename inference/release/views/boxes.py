"""Settled boxes as COCO detection (``views/coco``) and as VinDr-CXR's CSV (``views/vindr``).

An image is here when at least one label of its case is settled. A label that readers left open is
named in ``open_labels`` of its COCO image: mask it, don't take it for a negative.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from inference import NOTICE
from inference.release.query import Tables
from inference.release.tables import SPLITS, Row
from inference.release.views.write import in_pixels
from inference.vocabulary import LABELS

CATEGORIES = {label.value: number for number, label in enumerate(LABELS, start=1)}
VINDR_NAMES = {
    "pleural_effusion": "Pleural effusion",
    "pneumothorax": "Pneumothorax",
    "lung_opacity_consolidation": "Lung Opacity",
    "nodule_mass": "Nodule/Mass",
    "cardiomegaly": "Cardiomegaly",
}

_IMAGES = """
SELECT c.id, c.width, c.height, c.pixels_sha256, c.image, s.licence,
       (SELECT list(label ORDER BY label) FROM open_labels o WHERE o."case" = c.id) AS open_labels,
       (SELECT list(label ORDER BY label) FROM truths t
        WHERE t."case" = c.id AND NOT t.finding_true) AS absent_labels
FROM cases c JOIN sources s ON s.id = c.source
WHERE c.split = $split AND EXISTS (SELECT 1 FROM truths t WHERE t."case" = c.id)
ORDER BY c.id
"""
_BOXES = """
SELECT b."case", b.label, b.box, c.width, c.height, c.pixels_sha256
FROM true_boxes b JOIN cases c ON c.id = b."case" WHERE c.split = $split
ORDER BY b."case", b.label, b.box
"""


def write_coco(tables: Tables, folder: Path) -> list[Path]:
    return [path for split in SPLITS if (path := _coco(tables, folder, split)) is not None]


def _coco(tables: Tables, folder: Path, split: str) -> Path | None:
    """Written as it is read: neither images nor annotations are held in memory."""
    path = folder / "coco" / f"{split}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    numbers: dict[str, int] = {}
    with path.open("w", encoding="ascii") as out:
        out.write('{"info":' + json.dumps({"description": NOTICE}) + ',"images":[')
        _join(out, (_image(row, numbers) for row in tables.rows(_IMAGES, {"split": split})))
        out.write('],"annotations":[')
        boxes = tables.rows(_BOXES, {"split": split})
        _join(out, (_annotation(row, n, numbers) for n, row in enumerate(boxes, start=1)))
        categories = [{"id": number, "name": name} for name, number in CATEGORIES.items()]
        out.write('],"categories":' + json.dumps(categories) + "}\n")
    if numbers:
        return path
    path.unlink()
    return None


def _join(out: IO[str], rows: Iterator[dict[str, Any]]) -> None:
    for number, row in enumerate(rows):
        out.write(("," if number else "") + json.dumps(row, separators=(",", ":")))


def _image(row: Row, numbers: dict[str, int]) -> dict[str, Any]:
    numbers[row["id"]] = len(numbers) + 1
    return {
        "id": numbers[row["id"]],
        "file_name": row["image"] or f"images/{row['pixels_sha256']}.png",
        "width": row["width"],
        "height": row["height"],
        "case": row["id"],
        "licence": row["licence"],
        "has_pixels": row["image"] is not None,
        "absent_labels": row["absent_labels"] or [],
        "open_labels": row["open_labels"] or [],
    }


def _annotation(row: Row, number: int, numbers: dict[str, int]) -> dict[str, Any]:
    x0, y0, x1, y1 = in_pixels(row["box"], row["width"], row["height"])
    wide, tall = round(x1 - x0, 2), round(y1 - y0, 2)
    return {
        "id": number,
        "image_id": numbers[row["case"]],
        "category_id": CATEGORIES[row["label"]],
        "bbox": [x0, y0, wide, tall],
        "area": round(wide * tall, 2),
        "iscrowd": 0,
    }


def write_vindr(tables: Tables, folder: Path) -> list[Path]:
    """``image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max``; ``image_id`` is the case."""
    written = []
    for split in SPLITS:
        path = folder / "vindr" / f"{split}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="ascii", newline="") as out:
            table = csv.writer(out, lineterminator="\n")
            table.writerow(_VINDR_COLUMNS)
            rows = 0
            for row in tables.rows(_BOXES, {"split": split}):
                table.writerow(_vindr_row(row))
                rows += 1
        if rows:
            written.append(path)
        else:
            path.unlink()
    return written


_VINDR_COLUMNS = (
    "image_id",
    "class_name",
    "class_id",
    "rad_id",
    "x_min",
    "y_min",
    "x_max",
    "y_max",
)


def _vindr_row(row: Row) -> tuple[Any, ...]:
    number = CATEGORIES[row["label"]] - 1
    corners = in_pixels(row["box"], row["width"], row["height"])
    return (row["case"], VINDR_NAMES[row["label"]], number, "settled", *corners)
