"""Small sources for curation: an annotated folder and a release's tables, both drawn by seed."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from inference.images import encode_png
from inference.release.tables import TABLES
from inference.vocabulary import LABELS

Rows = list[dict[str, Any]]


def write_picture(path: Path, seed: int) -> None:
    """Coarse blocks by seed: any two seeds differ in far more than four bits of the hash."""
    blocks = np.random.default_rng(seed).integers(0, 256, (8, 6), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode_png(np.kron(blocks, np.ones((16, 16), dtype=np.uint8))))


def write_folder(folder: Path, images: Rows, boxes: Rows) -> Path:
    """``images`` may hold ``seed`` (the picture's; its place in the list otherwise)."""
    for number, row in enumerate(images):
        write_picture(folder / "images" / row["image"], row.pop("seed", number))
    _write_csv(folder / "images.csv", ["image", "split", "patient", "nih_labels"], images)
    columns = ["image", "reader", "label", "native_label", "y0", "x0", "y1", "x1"]
    _write_csv(folder / "boxes.csv", columns, boxes)
    return folder


def _write_csv(path: Path, columns: list[str], rows: Rows) -> None:
    with path.open("w", newline="") as out:
        sheet = csv.DictWriter(out, columns, restval="")
        sheet.writeheader()
        sheet.writerows(rows)


def box_row(image: str, label: str, box: tuple[float, ...], reader: str = "") -> dict[str, Any]:
    sides = dict(zip(("y0", "x0", "y1", "x1"), box, strict=True))
    return {"image": image, "reader": reader, "label": label, **sides}


def states(**said: str | None) -> dict[str, str | None]:
    """State per label; absent where nothing else is said."""
    return {label.value: said.get(label.value, "absent") for label in LABELS}


def write_tables(root: Path, **rows: Rows) -> Path:
    """A release's tables, in the train split, missing columns null; every one of them is there."""
    for each in TABLES:
        path = root / "data" / each.name / "train-00000-of-00001.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows.get(each.name, []), schema=each.schema), path)
    return root
