"""A training folder made of phantoms: needs the packages of requirements-train.txt."""

import csv
from pathlib import Path

import pytest

from inference.images import encode_png
from inference.phantoms import render_phantom
from inference.vocabulary import LABELS, Label

NATIVE = {
    Label.PLEURAL_EFFUSION: "Effusion",
    Label.PNEUMOTHORAX: "Pneumothorax",
    Label.LUNG_OPACITY_CONSOLIDATION: "Infiltration",
    Label.NODULE_MASS: "Mass",
    Label.CARDIOMEGALY: "Cardiomegaly",
}
TRAIN, HELD = 12, 30


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As many films of each label, boxed, as normal ones, in both splits."""
    root = tmp_path_factory.mktemp("films")
    (root / "images").mkdir()
    images: list[dict[str, str | float]] = []
    boxes: list[dict[str, str | float]] = []
    for number in range(TRAIN + HELD):
        wanted = (*LABELS, None)[number % 6]
        phantom = render_phantom(500 + number, (wanted,) if wanted else (), size=160)
        name = f"{number:02}.png"
        (root / "images" / name).write_bytes(encode_png(phantom.image))
        images.append(
            {
                "image": name,
                "split": "train" if number < TRAIN else "val",
                "patient": f"p{number}",
                "view": "PA",
                "age": "50",
                "sex": "F",
                "nih_labels": NATIVE[wanted] if wanted else "No Finding",
            }
        )
        for finding in phantom.findings:
            assert finding.box is not None
            y0, x0, y1, x1 = finding.box
            boxes.append(
                {"image": name, "label": finding.label, "native_label": NATIVE[finding.label]}
                | {"y0": y0, "x0": x0, "y1": y1, "x1": x1}
            )
    _write(root / "images.csv", images)
    _write(root / "boxes.csv", boxes)
    return root


def _write(path: Path, rows: list[dict[str, str | float]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
