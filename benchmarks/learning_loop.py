"""Does a round of review make the next detector better? The whole circle.

On phantoms: a detector learns from phantoms that never show a small nodule. It audits new phantoms,
a scripted reader reads every one through the API, the decisions become a published release, the
release a corpus, and the detector goes on from its own weights with the corpus beside its first
films. Both versions then look at phantoms held back from everything: no answer is dropped.

With ``--data NIH`` on patients' films instead: see benchmarks/_learning_patients.py.

``make bench-learning-loop`` prints the tables, writes them into docs/learning.md and keeps the
detectors, the corpus and the comparison in .overread/bench/learning-loop. Training needs the
packages of requirements-train.txt, which it installs beside the others.
"""

import argparse
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._learning_films import (
    MIXED,
    WEAK,
    Film,
    films,
    shown_film,
    write_folder,
)
from benchmarks._learning_patients import Effort, walk
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
from benchmarks._learning_tables import write_patients, write_tables
from bootstrap.layout import ROOT, Layout
from bootstrap.training import ensure_training_packages

WORK = ROOT / ".overread/bench/learning-loop"
PATIENTS = ROOT / ".overread/bench/learning-loop-patients"
PAGE = ROOT / "docs/learning.md"
FIRST, LATER, HELD_BACK = 2_000_000, 3_000_000, 4_000_000
"""Seeds of the films: no phantom is in two of the three."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many films each part has, and how long the network learns."""

    learning: int
    choosing: int
    later: int
    held: int
    epochs: int
    more_epochs: int
    pixels: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="films of patients: images.csv, boxes.csv")
    parser.add_argument("--rate", type=float, default=0.1, help="with --data: of the usual rate")
    parser.add_argument(
        "--replay", type=int, default=300, help="with --data: earlier films to learn beside the new"
    )
    parser.add_argument("--threads", type=int, default=2, help="with --data: of the training")
    parser.add_argument("--learning", type=int, default=270, help="films of the first version")
    parser.add_argument("--choosing", type=int, default=90, help="films its thresholds come from")
    parser.add_argument("--later", type=int, default=160, help="films that are reviewed")
    parser.add_argument("--held", type=int, default=200, help="films held back for the comparison")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--more-epochs", type=int, default=4, help="of the retraining")
    parser.add_argument("--pixels", type=int, default=256, help="side of the network's input")
    parser.add_argument("--resume", action="store_true", help="go on with a stopped run")
    args = parser.parse_args()
    if args.data:
        walk_patients(args)
    else:
        walk_phantoms(args)


def walk_patients(args: argparse.Namespace) -> None:
    clock = begun(PATIENTS, resume=args.resume)
    python = ensure_training_packages(Layout.of(os.environ))
    effort = Effort(python, args.more_epochs, args.rate, args.threads, args.replay)
    told = walk(args.data.resolve(), PATIENTS, clock, effort)
    write_patients(PAGE, told, clock.seconds)


def walk_phantoms(args: argparse.Namespace) -> None:
    clock = begun(WORK, resume=args.resume)
    if args.resume:
        for made in ("release", "corpus", "both", "b-run", "b-weights", "held"):
            shutil.rmtree(WORK / made, ignore_errors=True)
    size = Size(
        args.learning, args.choosing, args.later, args.held,
        args.epochs, args.more_epochs, args.pixels,
    )  # fmt: skip
    with clock.step("render the films"):
        parts = rendered(size)
    python = ensure_training_packages(Layout.of(os.environ))
    side = ("--size", str(size.pixels))
    if not clock.is_done("train the first version"):
        with clock.step("train the first version"):
            write_folder(WORK / "first", parts["first"])
            trained(python, WORK / "first", WORK / "a-run", *side, "--epochs", str(size.epochs))
            packaged(python, [WORK / "a-run"], WORK / "a-weights", "small-unseen-1",
                     "--data", str(WORK / "first"))  # fmt: skip
    with clock.step("audit, read, release"):
        later = [shown_film(film) for _, film in parts["later"]]
        reviewed = reviewed_release(later, WORK / "a-weights", WORK / "release")
    with clock.step("curate"):
        # Phantoms resemble each other more than films of people do.
        curated(WORK / "release", WORK / "corpus", "--keep-near-duplicates", "--normals", "2")
    with clock.step("retrain"):
        joined(WORK / "first", WORK / "corpus", WORK / "both")
        start = ("--start", str(WORK / "a-run/checkpoint.pt"), "--rate", "0.5")
        more = ("--epochs", str(size.more_epochs))
        trained(python, WORK / "both", WORK / "b-run", *side, *more, *start)
        packaged(python, [WORK / "b-run"], WORK / "b-weights", "retrained-2",
                 "--data", str(WORK / "both"))  # fmt: skip
    with clock.step("compare"):
        found = comparisons([film for _, film in parts["held"]])
    write_tables(PAGE, found, reviewed, clock.seconds, parts)


def begun(work: Path, *, resume: bool) -> Clock:
    """The clock of a new run in an empty folder, or of the one that lies there."""
    clock = Clock(work / "clock.json")
    if resume:
        clock.seconds = json.loads(clock.path.read_text("ascii"))
    else:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
    return clock


def rendered(size: Size) -> dict[str, list[tuple[str, Film]]]:
    """Films by part, each with its split (the platform splits what is reviewed)."""
    weak = films(WEAK, size.learning + size.choosing, FIRST)
    splits = ["train"] * size.learning + ["val"] * size.choosing
    return {
        "first": list(zip(splits, weak, strict=True)),
        "later": [("", film) for film in films(MIXED, size.later, LATER)],
        "held": [("", film) for film in films(MIXED, size.held, HELD_BACK)],
    }


def joined(first: Path, corpus: Path, both: Path) -> None:
    """What the first version learnt from, and what readers settled, as one folder."""
    (both / "images").mkdir(parents=True)
    for folder in (first, corpus):
        for picture in (folder / "images").iterdir():
            shutil.copyfile(picture, both / "images" / picture.name)
    for table in ("images.csv", "boxes.csv"):
        head, *rows = (first / table).read_text("utf-8").splitlines()
        other, *more = (corpus / table).read_text("utf-8").splitlines()
        if head != other:
            raise RuntimeError(f"{table}: {head} and {other} differ")
        (both / table).write_text("\n".join([head, *rows, *more]) + "\n", encoding="utf-8")


def comparisons(held: Sequence[Film]) -> dict[str, Any]:
    """What compare-versions says of all held-back films, and of those with a small nodule."""
    folder = WORK / "held"
    images = write_images(folder, [shown_film(film) for film in held])
    for side in ("a", "b"):
        grounded(images, WORK / f"{side}-weights", folder / f"{side}.jsonl")
    return {
        "all": compared(folder, "all", [shown_film(film) for film in held]),
        "small": compared(folder, "small", [shown_film(film) for film in held if film.small]),
    }


if __name__ == "__main__":
    main()
