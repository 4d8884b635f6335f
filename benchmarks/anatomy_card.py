"""``python -m benchmarks.anatomy_card --films JSRT --data NIH``: the anatomy network's numbers.

On held-back JSRT films: overlap with the drawn masks, and the error of the cardiothoracic ratio.
On one split of a folder with images.csv: how well the ratio alone, which never saw a label of
that folder, tells cardiomegaly from "No Finding". Written between the markers of
docs/model-card-embedded.md (or to stdout with ``--stdout``); intervals are 95%, by patient.
"""

import argparse
import csv
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.detector_tables import cell, markdown, write_between
from inference.anatomy import (
    HEART,
    LEFT_LUNG,
    ORGANS,
    RIGHT_LUNG,
    SIZE,
    Anatomy,
    Masks,
    anatomy_of,
    heart_width,
)
from inference.grounders.embedded.anatomist import Anatomist
from inference.grounders.embedded.card import read_card, read_weights
from inference.grounders.embedded.network import open_session
from inference.grounders.embedded.preprocess import shrink
from inference.images import read_image
from inference.metrics.intervals import Bootstrap, Measure, ratio
from inference.metrics.presence import auc
from inference.training.dataset import MASK_VALUES, Sample, read_samples
from inference.vocabulary import Label

Flags = npt.NDArray[np.bool_]

WIDE = 0.5
"""Above this the heart counts as wide (Danzer, Am J Med Sci 1919)."""
VIEWS: dict[str, Callable[[Sample], bool]] = {
    "all": lambda s: True,
    "PA": lambda s: s.view == "PA",
    "AP": lambda s: s.view == "AP",
}


@dataclass(frozen=True, slots=True)
class Film:
    """One JSRT film: the masks drawn by people, bool [3, 160, 160], and those of the network."""

    drawn: Masks
    found: Anatomy

    def dice(self, organ: int) -> float:
        """Twice the shared area over the sum of both, 0..1."""
        drawn, found = self.drawn[organ], self.found.masks[organ]
        return float(2 * (drawn & found).sum() / (drawn.sum() + found.sum()))

    def ratio_error(self) -> float | None:
        """The network's ratio less the drawn masks' own; None where an organ was not found."""
        found, drawn = heart_width(self.found), heart_width(anatomy_of(self.drawn.astype("f4")))
        return None if found is None or drawn is None else found.ratio - drawn.ratio


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--films", type=Path, required=True, help="folder: images.csv, masks/")
    parser.add_argument("--data", type=Path, required=True, help="folder: images.csv, images/")
    parser.add_argument("--split", default="val", help="of --data")
    parser.add_argument("--stdout", action="store_true", help="print; leave the document alone")
    args = parser.parse_args(argv)
    anatomist = Anatomist(open_session(read_weights(read_card().anatomy)))
    films = read_films(args.films, anatomist)
    samples = [s for s in read_samples(args.data) if s.split == args.split]
    text = "\n\n".join((film_table(films), ratio_table(samples, anatomist, args.split)))
    if args.stdout:
        sys.stdout.write(text + "\n")
    else:
        write_between("anatomy", text)
    return 0


def read_films(folder: Path, anatomist: Anatomist) -> list[Film]:
    """The films of ``folder`` that the network did not learn from."""
    with (folder / "images.csv").open(newline="", encoding="utf-8") as stream:
        names = [row["image"] for row in csv.DictReader(stream) if row["split"] != "train"]
    films = []
    for name in names:
        with Image.open(folder / "masks" / name) as masks:
            values = np.asarray(masks.resize((SIZE, SIZE), Image.Resampling.NEAREST))
        drawn = np.stack([values == MASK_VALUES[organ] for organ in ORGANS])
        films.append(Film(drawn, anatomist(shrink(read_image(folder / "images" / name), SIZE))))
    return films


def film_table(films: Sequence[Film]) -> str:
    bootstrap = Bootstrap([str(number) for number in range(len(films))])
    errors = [film.ratio_error() for film in films]
    measured = [error is not None for error in errors]
    given = [error or 0.0 for error in errors]

    def mean(values: Sequence[float], known: Sequence[bool]) -> str:
        return cell(bootstrap.measure(ratio(values, known), sum(known)))

    everyone = [True] * len(films)
    row = [mean([film.dice(k) for film in films], everyone) for k in (RIGHT_LUNG, LEFT_LUNG, HEART)]
    row.append(mean([abs(error) for error in given], measured))
    row.append(mean(given, measured))
    head = ["", "Dice right lung", "Dice left lung", "Dice heart"]
    head += ["ratio, mean absolute error", "ratio, mean error"]
    return markdown([head, ["---"] * len(head), ["JSRT films held back", *row]])


def ratio_table(samples: Sequence[Sample], anatomist: Anatomist, split: str) -> str:
    """The ratio as a test for cardiomegaly; a picture without a ratio counts as the narrowest."""
    found = [heart_width(anatomist(shrink(read_image(s.path), SIZE))) for s in samples]
    ratios = np.array([0.0 if width is None else width.ratio for width in found])
    head = ["ratio alone", "pictures with a ratio", "AUC", f"sensitivity above {WIDE}"]
    head.append(f"specificity above {WIDE}")
    rows = [head, ["---"] * len(head)]
    for view, belongs in VIEWS.items():
        chosen = np.array([belongs(s) for s in samples])
        if chosen.any():
            rows.append([f"`{split}`, {view}", *_ratio_row(samples, ratios, chosen)])
    return markdown(rows)


def _ratio_row(
    samples: Sequence[Sample], ratios: npt.NDArray[np.float64], chosen: Flags
) -> list[str]:
    bootstrap = Bootstrap([s.patient for s in samples])
    positive = np.array([Label.CARDIOMEGALY in s.classes for s in samples]) & chosen
    normal = np.array([s.normal for s in samples]) & chosen
    sick, well = int(positive.sum()), int(normal.sum())
    area = auc(ratios, positive)
    measures: list[Measure] = [
        bootstrap.measure(lambda weights: area(weights * (positive | normal)), sick),
        bootstrap.measure(ratio(positive & (ratios > WIDE), positive), sick),
        bootstrap.measure(ratio(normal & (ratios <= WIDE), normal), well),
    ]
    with_ratio = int(((ratios > 0) & chosen).sum())
    return [f"{with_ratio} of {int(chosen.sum())}", *(cell(m) for m in measures)]


if __name__ == "__main__":
    sys.exit(main())
