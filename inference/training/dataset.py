"""Read a folder of radiographs with ``images.csv`` and ``boxes.csv`` into training samples.

``images.csv``: image, and where known split, patient, view, age, sex, nih_labels and, in a
curated corpus, known (our labels that are settled); both ``|``-separated. ``boxes.csv``: image,
label (one of ours, or empty), native_label, y0, x0, y1, x1 in 0..1. Pictures lie in ``images/``.
"""

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from inference.grounders.embedded.preprocess import Pixels, shrink
from inference.schema import Box
from inference.vocabulary import LABELS, Label

ATELECTASIS = "atelectasis"
NO_FINDING = "no_finding"
HEAT_CLASSES: tuple[str, ...] = (*LABELS, ATELECTASIS)
"""Classes with a heat map: our labels, and atelectasis, which teaches but is never reported."""
IMAGE_CLASSES: tuple[str, ...] = (*HEAT_CLASSES, NO_FINDING)

NATIVE: dict[str, str] = {
    "Effusion": Label.PLEURAL_EFFUSION,
    "Pneumothorax": Label.PNEUMOTHORAX,
    "Consolidation": Label.LUNG_OPACITY_CONSOLIDATION,
    "Infiltration": Label.LUNG_OPACITY_CONSOLIDATION,
    "Infiltrate": Label.LUNG_OPACITY_CONSOLIDATION,
    "Pneumonia": Label.LUNG_OPACITY_CONSOLIDATION,
    "Mass": Label.NODULE_MASS,
    "Nodule": Label.NODULE_MASS,
    "Cardiomegaly": Label.CARDIOMEGALY,
    "Atelectasis": ATELECTASIS,
    "No Finding": NO_FINDING,
}
"""NIH ChestX-ray14's names; the ones without a counterpart map to nothing."""

LOOKS_LIKE_OPACITY = frozenset({"Atelectasis", "Edema", "Fibrosis", "Mass"})
"""Named in an image, these may show as an opacity that nobody boxed as one."""


MASK_VALUES = {"right_lung": 150, "left_lung": 200, "heart": 250}
"""Gray values in JSRT's ``masks/``."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One training picture.

    ``known`` are the classes its annotation speaks about at all; ``exhaustive`` says that what
    it does not box is not there.
    """

    path: Path
    classes: frozenset[str]
    boxes: tuple[tuple[str, Box], ...] = ()
    known: frozenset[str] = frozenset(IMAGE_CLASSES)
    native: frozenset[str] = frozenset()
    split: str = ""
    patient: str = ""
    view: str = ""
    age: int | None = None
    sex: str = ""
    exhaustive: bool = False

    @property
    def normal(self) -> bool:
        return NO_FINDING in self.classes


@dataclass(slots=True)
class Cache:
    """Windowed pictures held in memory: ``pixels[i]`` (uint8 [S, S]) belongs to ``samples[i]``."""

    samples: list[Sample]
    pixels: Pixels
    groups: dict[str, list[int]] = field(default_factory=dict)


def read_samples(folder: Path) -> list[Sample]:
    """Every row of ``folder/images.csv``, in order, with its boxes."""
    boxes = _read_boxes(folder / "boxes.csv")
    with (folder / "images.csv").open(newline="", encoding="utf-8") as stream:
        return [_sample(folder, row, boxes[row["image"]]) for row in csv.DictReader(stream)]


def read_nodule_samples(folder: Path) -> list[Sample]:
    """JSRT's rows: they tell about nodules only, and hold one box or none."""
    with (folder / "images.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return [_nodule_sample(folder, row) for row in rows]


def load(samples: Sequence[Sample], size: int, saved: Path | None = None) -> Cache:
    """Read and shrink every picture to ``size``; keep the result in ``saved`` (.npy) if given."""
    if saved is not None and saved.exists():
        pixels = np.load(saved, mmap_mode="r")
        if pixels.shape == (len(samples), size, size):
            return Cache(list(samples), pixels)
    pixels = np.empty((len(samples), size, size), dtype=np.uint8)
    for row, sample in enumerate(samples):
        with Image.open(sample.path) as picture:
            pixels[row] = shrink(np.asarray(picture.convert("L")), size)
    if saved is not None:
        np.save(saved, pixels)
    return Cache(list(samples), pixels)


def join(parts: Sequence[Cache], names: Sequence[str]) -> Cache:
    """One cache of several; a part with a name is a group of its own."""
    samples = [sample for part in parts for sample in part.samples]
    groups: dict[str, list[int]] = defaultdict(list)
    row = 0
    for part, name in zip(parts, names, strict=True):
        for sample in part.samples:
            for group in [name] if name else _groups(sample):
                groups[group].append(row)
            row += 1
    return Cache(samples, np.concatenate([part.pixels for part in parts]), dict(groups))


def _groups(sample: Sample) -> list[str]:
    if not sample.boxes:
        return ["normal"] if sample.normal else ["boxed"]
    rare = any(name == Label.PNEUMOTHORAX for name, _ in sample.boxes)
    return ["boxed", "rare"] if rare else ["boxed"]


def _read_boxes(path: Path) -> dict[str, list[tuple[str, Box]]]:
    found: dict[str, list[tuple[str, Box]]] = defaultdict(list)
    if not path.exists():
        return found
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            name = row["label"] or NATIVE.get(row["native_label"], "")
            if name in HEAT_CLASSES:
                found[row["image"]].append((name, _box(row)))
    return found


def _sample(folder: Path, row: dict[str, str], boxes: list[tuple[str, Box]]) -> Sample:
    native = frozenset(filter(None, row.get("nih_labels", "").split("|")))
    named = {NATIVE.get(name, name) for name in native}
    classes = named & set(IMAGE_CLASSES) | {name for name, _ in boxes}
    age = row.get("age", "")
    return Sample(
        path=folder / "images" / row["image"],
        classes=frozenset(classes),
        boxes=tuple(boxes),
        known=_known(row),
        native=native,
        split=row.get("split", ""),
        patient=row.get("patient", row["image"]),
        view=row.get("view", ""),
        age=int(age) if age.isdigit() else None,
        sex=row.get("sex", ""),
    )


def _known(row: dict[str, str]) -> frozenset[str]:
    """Every class where the row doesn't say; in a curated corpus the settled labels alone."""
    if row.get("known") is None:
        return frozenset(IMAGE_CLASSES)
    return frozenset(row["known"].split("|")) & frozenset[str](LABELS)


def _nodule_sample(folder: Path, row: dict[str, str]) -> Sample:
    boxed = row["label"] == Label.NODULE_MASS
    return Sample(
        path=folder / "images" / row["image"],
        classes=frozenset({Label.NODULE_MASS} if boxed else set()),
        boxes=((Label.NODULE_MASS, _box(row)),) if boxed else (),
        known=frozenset({Label.NODULE_MASS}),
        split=row.get("split", ""),
        patient=row["image"],
        exhaustive=True,
    )


def _box(row: dict[str, str]) -> Box:
    return float(row["y0"]), float(row["x0"]), float(row["y1"]), float(row["x1"])
