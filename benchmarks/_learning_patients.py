"""The learning loop on patients' films that the shipped detector never learnt from.

It learnt from the train split of the folder; its thresholds were chosen on the val split, its
weights were not. So the patients of the val split are halved by a hash. Each half in turn comes in
as new films: audited by what ships, read through the API by a script that knows the folder's
boxes and labels, released, curated, and both networks of the detector go on from their shipped
weights with that corpus: beside films that they learnt from before (``--replay``, of the train
split), or alone, which is all that an installation has. The version so made looks at the other
half. Together the halves hold every patient back once, from the version that judges him.

The thresholds of what ships are kept for the second versions: they were chosen for the first one,
on these very patients, which favours the first. AUC depends on no threshold.
"""

import csv
import json
import shutil
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._learning_shown import Shown
from benchmarks._learning_steps import (
    Clock,
    compared,
    curated,
    grounded,
    packaged,
    reviewed_release,
    trained,
    write_images,
)
from inference.commands.evaluate import read_by_id
from inference.curation.examples import Example, Tally
from inference.curation.from_folder import read_folder
from inference.curation.selecting import chance
from inference.grounders.embedded.card import FOLDER, read_card
from inference.metrics.intervals import Bootstrap, Statistic, difference, mean_of
from inference.metrics.presence import auc
from inference.metrics.records import Truth, read_prediction, read_truth
from inference.metrics.versions import paired
from inference.vocabulary import LABELS, Label, State

HALVES = (0, 1)
SOURCE = "nih-cxr14"


@dataclass(frozen=True, slots=True)
class Effort:
    """How long the two networks go on learning, at which part of the usual rate, by which Python
    (with the training packages), and beside how many of the films of the first version."""

    python: Path

    epochs: int
    rate: float
    threads: int
    replay: int = 0


def walk(data: Path, work: Path, clock: Clock, effort: Effort) -> dict[str, Any]:
    """The whole circle, both ways; what was compared, and what went on in each half."""
    halves = held_halves(data)
    held = [one for half in halves for one in half]
    told = [
        _second_version(halves[number], data, work / f"half-{number}", clock, effort)
        for number in HALVES
    ]
    if not clock.is_done("ground"):
        with clock.step("ground"):
            _answers(halves, work)
    with clock.step("compare"):
        found = compared(work / "held", "all", held)
    return {
        "comparison": found,
        "auc": _auc(work / "held", held),
        "halves": told,
        "reviewed": [
            {"pictures": len(half), "patients": len({one.patient for one in half})}
            for half in halves
        ],
        "effort": {"epochs": effort.epochs, "rate": effort.rate, "replay": effort.replay},
        "first_version": read_card(FOLDER).version,
    }


def held_halves(data: Path) -> tuple[list[Shown], list[Shown]]:
    """The val split's pictures, halved by a hash of the patient."""
    with (data / "images.csv").open(newline="", encoding="utf-8") as stream:
        views = {row["image"]: row["view"] for row in csv.DictReader(stream)}
    halves: tuple[list[Shown], list[Shown]] = ([], [])
    for example in read_folder(data, Tally()):
        if example.split == "validation":
            half = int(chance(0, "half", example.patient) >= 0.5)
            halves[half].append(_shown(example, views[example.id]))
    return halves


def _shown(example: Example, view: str) -> Shown:
    boxes = {
        label: tuple(f.box for f in example.settled if f.label == label and f.box is not None)
        for label in LABELS
    }
    return Shown(
        example.id, example.picture.read_bytes(), example.patient, SOURCE,
        example.states, boxes, view,
    )  # fmt: skip


def _second_version(
    half: Sequence[Shown], data: Path, room: Path, clock: Clock, effort: Effort
) -> dict[str, Any]:
    """Review one half and retrain on it; what the reader said and what curation kept."""
    if not clock.is_done(f"{room.name}: audit, read, release"):
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir()
        with clock.step(f"{room.name}: audit, read, release"):
            # By a process of its own: Django is set up for one platform, and each half has its own.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                said = alone.submit(reviewed_release, half, FOLDER, room / "release").result()
            (room / "said.json").write_text(json.dumps(said), encoding="ascii")
    if not clock.is_done(f"{room.name}: curate"):
        shutil.rmtree(room / "corpus", ignore_errors=True)
        with clock.step(f"{room.name}: curate"):
            curated(room / "release", room / "corpus")
    shutil.rmtree(room / "learnt", ignore_errors=True)
    with_earlier(room / "corpus", data, effort.replay, room / "learnt")
    runs = []
    for at, member in enumerate(read_card(FOLDER).members, 1):
        runs.append(room / f"run-{at}")
        if not clock.is_done(f"{room.name}: retrain network {at}"):
            with clock.step(f"{room.name}: retrain network {at}"):
                _retrained(room / "learnt", runs[-1], FOLDER / member.file, effort)
    if not clock.is_done(f"{room.name}: package"):
        kept = ("--thresholds", str(FOLDER))
        with clock.step(f"{room.name}: package"):
            packaged(effort.python, runs, room / "weights", f"retrained-{room.name}", *kept)
    return {
        "said": json.loads((room / "said.json").read_text("ascii")),
        "corpus": json.loads((room / "corpus/report.json").read_text("ascii")),
    }


def with_earlier(corpus: Path, data: Path, number: int, out: Path) -> None:
    """The corpus, and ``number`` films of the train split of ``data`` by a hash of their names."""
    columns, rows = _table(corpus / "images.csv")
    _, boxes = _table(corpus / "boxes.csv")
    _, earlier = _table(data / "images.csv")
    shipped = [row for row in earlier if row["split"] == "train"]
    chosen = sorted(shipped, key=lambda row: chance(0, "replay", row["image"]))[:number]
    names = {row["image"] for row in chosen}
    boxes += [row for row in _table(data / "boxes.csv")[1] if row["image"] in names]
    (out / "images").mkdir(parents=True)
    for folder, some in ((corpus, rows), (data, chosen)):
        for row in some:
            shutil.copyfile(folder / "images" / row["image"], out / "images" / row["image"])
    # ``known`` comes last: a row that ends before it is known as a whole, as the first time.
    if columns[-1] != "known":
        raise RuntimeError(f"images.csv of {corpus} ends with {columns[-1]}, not with known")
    lines = [[row[name] for name in columns] for row in rows]
    lines += [[row[name] for name in columns[:-1]] for row in chosen]
    _write_table(out / "images.csv", columns, lines)
    corners = ["image", "label", "native_label", "y0", "x0", "y1", "x1"]
    _write_table(out / "boxes.csv", corners, [[row[name] for name in corners] for row in boxes])


def _table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(newline="", encoding="utf-8") as stream:
        table = csv.DictReader(stream)
        return list(table.fieldnames or ()), list(table)


def _write_table(path: Path, columns: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows([columns, *rows])


def _retrained(corpus: Path, run: Path, start: Path, effort: Effort) -> None:
    size = read_card(FOLDER).size
    options = ["--size", str(size), "--epochs", str(effort.epochs), "--rate", str(effort.rate)]
    options += ["--threads", str(effort.threads), "--start", str(start)]
    if (run / "checkpoint.pt").exists():
        options.append("--resume")
    trained(effort.python, corpus, run, *options)


def _answers(halves: Sequence[Sequence[Shown]], work: Path) -> None:
    """``a.jsonl`` and ``b.jsonl``: of each half what the first version says, and the second one
    that learnt from the other half."""
    shutil.rmtree(work / "held", ignore_errors=True)
    for number, half in enumerate(halves):
        folder = work / f"held/half-{number}"
        images = write_images(folder, half)
        grounded(images, FOLDER, folder / "a.jsonl")
        grounded(images, work / f"half-{1 - number}/weights", folder / "b.jsonl")
    for side in ("a.jsonl", "b.jsonl"):
        said = [(work / f"held/half-{number}" / side).read_text("ascii") for number in HALVES]
        (work / "held" / side).write_text("".join(said), encoding="ascii")


def _auc(folder: Path, held: Sequence[Shown]) -> dict[str, Any]:
    """The mean over the labels of the AUC against normal films: both sides, and their paired
    difference."""
    truths = [read_truth(one.truth_line()) for one in held]
    bootstrap = Bootstrap([truth.patient for truth in truths], 0)
    sides = {
        side: mean_of([_auc_of(folder / f"{side}.jsonl", truths, label) for label in LABELS])
        for side in ("a", "b")
    }
    told = {side: bootstrap.measure(each, len(LABELS)).as_dict() for side, each in sides.items()}
    return told | {"difference": paired(bootstrap, difference(sides["b"], sides["a"]), len(truths))}


def _auc_of(said: Path, truths: Sequence[Truth], label: Label) -> Statistic:
    predictions, _ = read_by_id(str(said), read_prediction)
    scores = np.array([
        predictions[truth.id].scores.get(label, np.nan) if truth.id in predictions else np.nan
        for truth in truths
    ])  # fmt: skip
    true = np.array([truth.states[label] is State.PRESENT for truth in truths])
    chosen = true | np.array([truth.normal for truth in truths])
    # A film without an answer is the worst there is.
    filled = np.where(np.isnan(scores), np.where(true, -np.inf, np.inf), scores)
    statistic = auc(filled[chosen], true[chosen])
    return lambda weights: statistic(weights[:, chosen])
