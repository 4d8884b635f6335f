"""Settled boxes as COCO detection (``views/coco``) and as VinDr-CXR's CSV (``views/vindr``).

An image is here when at least one label of its case is settled. A label that readers left open is
named in ``open_labels`` of its COCO image: mask it, don't take it for a negative.
"""

import csv
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import IO, Any

from inference import NOTICE
from inference.release.parts import Part
from inference.release.tables import SPLITS, Row
from inference.release.views.write import compact_json, in_pixels, kept
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
WHERE EXISTS (SELECT 1 FROM truths t WHERE t."case" = c.id)
ORDER BY c.id
"""
_BOXES = """
SELECT b."case", b.label, b.box, c.width, c.height, c.pixels_sha256
FROM true_boxes b JOIN cases c ON c.id = b."case"
ORDER BY b."case", b.label, b.box
"""


class Coco:
    """A JSON object a split. Annotations come after all images, so they wait in a file beside."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "coco"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._images: Counter[str] = Counter()
        self._boxes: Counter[str] = Counter()

    def add(self, part: Part) -> None:
        split, numbers = part.split, {}
        with self._part(split, "images").open("a", encoding="ascii") as out:
            for row in part.tables.rows(_IMAGES):
                self._images[split] = numbers[row["id"]] = self._images[split] + 1
                _append(out, _image(row, numbers[row["id"]]))
        with self._part(split, "annotations").open("a", encoding="ascii") as out:
            for row in part.tables.rows(_BOXES):
                self._boxes[split] += 1
                _append(out, _annotation(row, self._boxes[split], numbers[row["case"]]))

    def finish(self) -> list[Path]:
        paths = [self._joined(split) for split in SPLITS if self._images[split]]
        for part in self._folder.glob("*.part"):
            part.unlink()
        return paths

    def _part(self, split: str, what: str) -> Path:
        return self._folder / f"{split}.{what}.part"

    def _joined(self, split: str) -> Path:
        path = self._folder / f"{split}.json"
        categories = [{"id": number, "name": name} for name, number in CATEGORIES.items()]
        with path.open("w", encoding="ascii") as out:
            out.write('{"info":' + json.dumps({"description": NOTICE}))
            for what in ("images", "annotations"):
                out.write(f',"{what}":[')
                with self._part(split, what).open(encoding="ascii") as part:
                    shutil.copyfileobj(part, out)
                out.write("]")
            out.write(',"categories":' + json.dumps(categories) + "}\n")
        return path


def _append(out: IO[str], row: dict[str, Any]) -> None:
    """The rows of a list count from 1."""
    out.write(("," if row["id"] > 1 else "") + compact_json(row))


def _image(row: Row, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "file_name": row["image"] or f"images/{row['pixels_sha256']}.png",
        "width": row["width"],
        "height": row["height"],
        "case": row["id"],
        "licence": row["licence"],
        "has_pixels": row["image"] is not None,
        "absent_labels": row["absent_labels"] or [],
        "open_labels": row["open_labels"] or [],
    }


def _annotation(row: Row, number: int, image: int) -> dict[str, Any]:
    x0, y0, x1, y1 = in_pixels(row["box"], row["width"], row["height"])
    wide, tall = round(x1 - x0, 2), round(y1 - y0, 2)
    return {
        "id": number,
        "image_id": image,
        "category_id": CATEGORIES[row["label"]],
        "bbox": [x0, y0, wide, tall],
        "area": round(wide * tall, 2),
        "iscrowd": 0,
    }


class Vindr:
    """``image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max``; ``image_id`` is the case."""

    def __init__(self, folder: Path) -> None:
        self._paths = {split: folder / "vindr" / f"{split}.csv" for split in SPLITS}
        (folder / "vindr").mkdir(parents=True, exist_ok=True)

    def add(self, part: Part) -> None:
        with self._paths[part.split].open("a", encoding="ascii", newline="") as out:
            table = csv.writer(out, lineterminator="\n")
            rows = part.tables.rows(_BOXES)
            if not out.tell() and (first := next(rows, None)):
                table.writerows((_VINDR_COLUMNS, _vindr_row(first)))
            table.writerows(map(_vindr_row, rows))

    def finish(self) -> list[Path]:
        return [path for path in self._paths.values() if kept(path)]


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
