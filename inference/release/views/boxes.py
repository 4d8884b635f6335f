"""Settled boxes as COCO detection (``views/coco``) and as VinDr-CXR's CSV (``views/vindr``).

An image is here when at least one label of its case is settled. A label that readers left open is
named in ``open_labels`` of its COCO image: mask it, don't take it for a negative.
"""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from inference import NOTICE
from inference.release.lines import json_lines
from inference.release.parts import Part
from inference.release.tables import SPLITS
from inference.release.views.write import kept
from inference.vocabulary import LABELS

CATEGORIES = {label.value: number for number, label in enumerate(LABELS, start=1)}
VINDR_NAMES = {
    "pleural_effusion": "Pleural effusion",
    "pneumothorax": "Pneumothorax",
    "lung_opacity_consolidation": "Lung Opacity",
    "nodule_mass": "Nodule/Mass",
    "cardiomegaly": "Cardiomegaly",
}


# Images with their numbers, and their boxes in pixels, to a hundredth.
_PICTURED = """WITH pictured AS (
    SELECT c.*, row_number() OVER (ORDER BY c.id) AS number
    FROM cases c WHERE EXISTS (SELECT 1 FROM truths t WHERE t."case" = c.id)
), boxed AS (
    SELECT b."case", b.label, b.box, c.number,
        round(b.box[2] * c.width, 2) AS x0, round(b.box[1] * c.height, 2) AS y0,
        round(b.box[4] * c.width, 2) AS x1, round(b.box[3] * c.height, 2) AS y1
    FROM true_boxes b JOIN pictured c ON c.id = b."case"
)"""
_IMAGES = f"""
{_PICTURED}
SELECT $images + c.number AS id,
    coalesce(c.image, 'images/' || c.pixels_sha256 || '.png') AS file_name,
    c.width, c.height, c.id AS "case", s.licence, c.image IS NOT NULL AS has_pixels,
    coalesce((SELECT list(t.label ORDER BY t.label) FROM truths t
        WHERE t."case" = c.id AND NOT t.finding_true), []) AS absent_labels,
    coalesce((SELECT list(o.label ORDER BY o.label) FROM open_labels o
        WHERE o."case" = c.id), []) AS open_labels
FROM pictured c JOIN sources s ON s.id = c.source
ORDER BY c.number
"""  # noqa: S608 - our own words
_ANNOTATIONS = f"""
{_PICTURED}
SELECT $boxes + row_number() OVER (ORDER BY "case", label, box) AS id,
    $images + number AS image_id,
    MAP {CATEGORIES}[label] AS category_id,
    [x0, y0, round(x1 - x0, 2), round(y1 - y0, 2)] AS bbox,
    round(round(x1 - x0, 2) * round(y1 - y0, 2), 2) AS area, 0 AS iscrowd
FROM boxed ORDER BY id
"""  # noqa: S608 - our own words
_VINDR = f"""
{_PICTURED}
SELECT "case" AS image_id, MAP {VINDR_NAMES}[label] AS class_name,
    MAP {CATEGORIES}[label] - 1 AS class_id, 'settled' AS rad_id,
    x0 AS x_min, y0 AS y_min, x1 AS x_max, y1 AS y_max
FROM boxed ORDER BY "case", label, box
"""  # noqa: S608 - our own words


class Coco:
    """A JSON object a split. Annotations come after all images, so they wait in a file beside."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "coco"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._images: Counter[str] = Counter()
        self._boxes: Counter[str] = Counter()

    def add(self, part: Part) -> None:
        split = part.split
        images = {"images": self._images[split]}
        before = {**images, "boxes": self._boxes[split]}
        self._images[split] += self._append(part, "images", _IMAGES, images)
        self._boxes[split] += self._append(part, "annotations", _ANNOTATIONS, before)

    def _append(self, part: Part, what: str, sql: str, before: dict[str, int]) -> int:
        count = 0
        with self._part(part.split, what).open("ab") as out:
            for rows in part.tables.batches(sql, before):
                out.write(b"," if out.tell() else b"")
                out.write(memoryview(json_lines(rows, end=","))[:-1])
                count += rows.num_rows
        return count

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
        with path.open("wb") as out:
            out.write(b'{"info":' + _json({"description": NOTICE}))
            for what in ("images", "annotations"):
                out.write(f',"{what}":['.encode())
                with self._part(split, what).open("rb") as part:
                    shutil.copyfileobj(part, out)
                out.write(b"]")
            out.write(b',"categories":' + _json(categories) + b"}\n")
        return path


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


class Vindr:
    """``image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max``; ``image_id`` is the case."""

    def __init__(self, folder: Path) -> None:
        self._paths = {split: folder / "vindr" / f"{split}.csv" for split in SPLITS}
        (folder / "vindr").mkdir(parents=True, exist_ok=True)

    def add(self, part: Part) -> None:
        with self._paths[part.split].open("ab") as out:
            for rows in part.tables.batches(_VINDR):
                # No name of ours and no id is to be quoted; one that were would be refused.
                written = pa.csv.WriteOptions(
                    include_header=not out.tell(), quoting_style="none", quoting_header="none"
                )
                pa.csv.write_csv(rows, out, written)

    def finish(self) -> list[Path]:
        return [path for path in self._paths.values() if kept(path)]
