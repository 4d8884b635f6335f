"""Films of the learning loop: phantoms whose nodules are all small, or all large."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks._learning_shown import Shown
from inference.images import encode_png
from inference.phantoms import Phantom, render_phantom
from inference.schema import Box
from inference.vocabulary import LABELS, Label, State

SIZE = 256
SMALL = 0.0625
"""A nodule is small where the longer side of its box is below this share of the picture: about
the smaller half of what the renderer draws (1.2 to 4 cm)."""

NODULE = Label.NODULE_MASS
OTHERS = tuple(label for label in LABELS if label != NODULE)
Wish = tuple[Label | None, bool]
"""What to draw, and whether a nodule is to be small."""

WEAK: tuple[Wish, ...] = (
    (None, False), (NODULE, False), (OTHERS[0], False), (None, False), (OTHERS[1], False),
    (NODULE, False), (OTHERS[2], False), (None, False), (OTHERS[3], False),
)  # fmt: skip
"""What the first version learns from: never a small nodule."""

MIXED: tuple[Wish, ...] = (
    (NODULE, True), (None, False), (OTHERS[0], False), (NODULE, True), (OTHERS[1], False),
    (NODULE, False), (None, False), (OTHERS[2], False), (NODULE, True), (OTHERS[3], False),
)  # fmt: skip
"""What comes in later, and what is held back: three nodules in four are small."""


@dataclass(frozen=True, slots=True)
class Film:
    """A phantom as a PNG, with what is on it. ``small`` is its nodule, if it has one."""

    seed: int
    png: bytes
    findings: tuple[tuple[Label, Box], ...]

    @property
    def small(self) -> bool:
        return any(label == NODULE and _side(box) < SMALL for label, box in self.findings)

    def boxes(self, label: Label) -> list[Box]:
        return [box for name, box in self.findings if name == label]

    @property
    def labels(self) -> frozenset[Label]:
        return frozenset(label for label, _ in self.findings)


def films(wishes: Sequence[Wish], number: int, first_seed: int) -> list[Film]:
    """``number`` films by the wishes in turn; seeds from ``first_seed`` on, each used once.

    Two processes render; the films are the same whatever their number.
    """
    wanted = list(islice(cycle(wishes), number))
    # A seed whose nodule has the wrong size is passed over, so each film has a range of its own.
    asked = [(wish, first_seed + 100 * row) for row, wish in enumerate(wanted)]
    with get_context("spawn").Pool(2) as pool:
        return pool.map(_film, asked, chunksize=8)


def write_folder(folder: Path, split_films: Sequence[tuple[str, Film]]) -> None:
    """``images.csv``, ``boxes.csv`` and ``images/``, as train-detector reads them."""
    (folder / "images").mkdir(parents=True)
    for _, film in split_films:
        (folder / "images" / name_of(film)).write_bytes(film.png)
    _write(folder / "images.csv", (_row(split, film) for split, film in split_films))
    _write(folder / "boxes.csv", (row for _, film in split_films for row in _boxes(film)))


def name_of(film: Film) -> str:
    return f"phantom-{film.seed}.png"


def shown_film(film: Film) -> Shown:
    states = {label: State.PRESENT if label in film.labels else State.ABSENT for label in LABELS}
    boxes = {label: tuple(film.boxes(label)) for label in film.labels}
    return Shown(name_of(film), film.png, name_of(film), "phantom", states, boxes)


def _film(asked: tuple[Wish, int]) -> Film:
    (label, small), first_seed = asked
    for seed in count(first_seed):
        film = _as_film(render_phantom(seed, () if label is None else (label,), size=SIZE))
        if label != NODULE or film.small == small:
            return film
    raise AssertionError("seeds never end")


def _as_film(phantom: Phantom) -> Film:
    found = tuple((f.label, f.box) for f in phantom.findings if f.box is not None)
    return Film(phantom.seed, encode_png(phantom.image), found)


def _side(box: Box) -> float:
    return max(box[2] - box[0], box[3] - box[1])


def _row(split: str, film: Film) -> dict[str, Any]:
    return {
        "image": name_of(film),
        "split": split,
        "patient": f"phantom-{film.seed}",
        "nih_labels": "|".join(sorted(film.labels)) or "No Finding",
        "known": "|".join(LABELS),
    }


def _boxes(film: Film) -> Iterator[dict[str, Any]]:
    for label, (y0, x0, y1, x1) in film.findings:
        yield {"image": name_of(film), "label": label, "native_label": ""} | {
            "y0": y0, "x0": x0, "y1": y1, "x1": x1,
        }  # fmt: skip


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    listed = list(rows)
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, list(listed[0]))
        table.writeheader()
        table.writerows(listed)
