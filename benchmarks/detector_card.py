"""``python -m benchmarks.detector_card --data DIR``: the embedded detector's numbers.

Runs the shipped networks over one split of a folder with images.csv and boxes.csv and writes the
tables between the markers of docs/model-card-embedded.md (or to stdout with ``--stdout``). The
definitions are in benchmarks/detector_figures.py; intervals are 95%, by patient.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.detector_figures import Case, Figures, Panel, constant_boxes, constant_hits
from benchmarks.detector_tables import cell, markdown, write_between
from inference.grounders.embedded.backend import EmbeddedGrounder
from inference.grounders.embedded.card import FOLDER
from inference.images import read_image
from inference.phantoms import render_phantom
from inference.training.dataset import Sample, read_samples
from inference.training.phantom_samples import phantom_sample
from inference.vocabulary import LABELS

NAMES = {
    "pleural_effusion": "pleural effusion",
    "pneumothorax": "pneumothorax",
    "lung_opacity_consolidation": "lung opacity",
    "nodule_mass": "nodule / mass",
    "cardiomegaly": "cardiomegaly",
    "all": "**all**",
}
COLUMNS = {
    "auc": "AUC",
    "f1": "presence F1",
    "iou30": "IoU >= .3",
    "iou50": "IoU >= .5",
    "mean_iou": "mean IoU",
    "false_boxes": "false boxes a normal",
    "sensitivity_rule_out": "not ruled out",
    "uncertain": "uncertain",
}
PHANTOM_SEEDS = range(5000, 5100)
TIMED = 50
GROUPS: dict[str, Callable[[Sample], bool]] = {
    "PA": lambda s: s.view == "PA",
    "AP": lambda s: s.view == "AP",
    "women": lambda s: s.sex == "F",
    "men": lambda s: s.sex == "M",
    "under 40": lambda s: s.age is not None and s.age < 40,
    "40 to 59": lambda s: s.age is not None and 40 <= s.age < 60,
    "60 and over": lambda s: s.age is not None and s.age >= 60,
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder: images.csv, boxes.csv")
    parser.add_argument("--split", default="val")
    parser.add_argument("--weights", type=Path, default=FOLDER, help="a packaged detector")
    parser.add_argument("--stdout", action="store_true", help="print; leave the document alone")
    args = parser.parse_args(argv)
    samples = read_samples(args.data)
    held = [s for s in samples if s.split == args.split]
    if not held:
        sys.stderr.write(f"no row of {args.data}/images.csv is of the split {args.split!r}\n")
        return 2
    training = [s for s in samples if s.split not in ("", args.split)]
    text = tables(EmbeddedGrounder(args.weights), held, training, args.split)
    if args.stdout:
        sys.stdout.write(text + "\n")
    else:
        write_between("numbers", text)
    return 0


def tables(
    grounder: EmbeddedGrounder, held: Sequence[Sample], training: Sequence[Sample], split: str
) -> str:
    """All the card's tables as Markdown."""
    cases = run(grounder, held)
    patients = len({s.patient for s in held})
    normals = sum(s.normal for s in held)
    parts = [
        f"Detector {grounder.card.version} ({grounder.version.hash[:12]}), split `{split}`: "
        f'{len(held)} pictures of {patients} patients, {normals} of them "No Finding". '
        "Value [95% interval by patient] (n).",
        label_table(Panel(cases).figures()),
        baseline_table(cases, training),
        group_table(cases),
        phantom_table(grounder),
        cost(grounder, held),
    ]
    return "\n\n".join(parts)


def run(grounder: EmbeddedGrounder, samples: Sequence[Sample]) -> list[Case]:
    cases = []
    for number, sample in enumerate(samples, 1):
        (said,) = grounder.ground([read_image(sample.path)])
        cases.append(Case(sample, said))
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{number}/{len(samples)} pictures")
    return cases


def label_table(figures: Figures) -> str:
    rows = [["", *COLUMNS.values()], ["---"] * (1 + len(COLUMNS))]
    for label in (*LABELS, "all"):
        rows.append([NAMES[label], *(cell(figures[name][label]) for name in COLUMNS)])
    return markdown(rows)


def baseline_table(cases: Sequence[Case], training: Sequence[Sample]) -> str:
    """What the mean training box of each label would score without looking."""
    boxes = constant_boxes(training)
    if len(boxes) < len(LABELS):
        return "No training boxes at hand: the constant-box baseline was not computed."
    at30, at50 = (constant_hits(cases, boxes, least) for least in (0.3, 0.5))
    rows = [["a constant box (no looking)", *(NAMES[label] for label in LABELS)], ["---"] * 6]
    for name, found in (("IoU >= .3", at30), ("IoU >= .5", at50)):
        rows.append([name, *(f"{found[k]:.2f}" if k in found else "-" for k in LABELS)])
    return markdown(rows)


def group_table(cases: Sequence[Case]) -> str:
    """The view is confounded with disease, so its score is told apart; then sex and age."""
    rows = [["", "pictures", *(f"AUC {NAMES[k]}" for k in LABELS), "mean AUC", "false boxes"]]
    rows.append(["---"] * len(rows[0]))
    for name, belongs in GROUPS.items():
        chosen = [case for case in cases if belongs(case.sample)]
        if not chosen:
            continue
        figures = Panel(chosen).figures()
        aucs = [cell(figures["auc"][key]) for key in (*LABELS, "all")]
        rows.append([name, str(len(chosen)), *aucs, cell(figures["false_boxes"]["all"])])
    return markdown(rows)


def phantom_table(grounder: EmbeddedGrounder) -> str:
    """Phantoms of seeds that neither training nor the demo uses: easier than any patient."""
    cases = []
    for seed in PHANTOM_SEEDS:
        phantom = render_phantom(seed, size=512)
        (said,) = grounder.ground([phantom.image])
        cases.append(Case(phantom_sample(phantom), said))
    figures = Panel(cases).figures()
    rows = [["phantoms (no patients)", *(NAMES[k] for k in (*LABELS, "all"))], ["---"] * 7]
    for name in ("auc", "f1", "iou30", "false_boxes"):
        rows.append([COLUMNS[name], *(cell(figures[name][k]) for k in (*LABELS, "all"))])
    return markdown(rows)


def cost(grounder: EmbeddedGrounder, samples: Sequence[Sample]) -> str:
    """CPU time a picture (decoding apart) and this process's memory."""
    spent = []
    for sample in samples[:TIMED]:
        image = read_image(sample.path)
        started = time.process_time()
        grounder.ground([image])
        spent.append(1000 * (time.process_time() - started))
    size = sum(path.stat().st_size for path in FOLDER.iterdir()) / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"One picture takes {np.median(spent):.0f} ms of one core (median of {len(spent)}; "
        f"slowest {max(spent):.0f} ms); this process peaked at {memory:.0f} MB; "
        f"card and weights are {size:.1f} MB."
    )


if __name__ == "__main__":
    sys.exit(main())
