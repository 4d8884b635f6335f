"""``python -m benchmarks.detector_experiments --data DIR``: what each part is worth.

The shipped networks are run once over the val split; then parts are left out (a run, the mirrored
view, the region of the chest, one of the two kinds of evidence) or boxes changed, and each is
compared with what ships, picture by picture. Also: thresholds judged on the fold of patients that
did not choose them. Writes the tables of docs/model-card-embedded.md and
docs/measurements/detector-experiments.json (or the tables to stdout with ``--stdout``).
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.detector_figures import Case, Panel
from benchmarks.detector_second_boxes import second_box_table
from benchmarks.detector_tables import cell, markdown, write_between
from inference.anatomy import chest_region
from inference.grounders.embedded.anatomist import Anatomist
from inference.grounders.embedded.card import FOLDER, Card, LabelCard, read_card, read_weights
from inference.grounders.embedded.eyes import REACH, within
from inference.grounders.embedded.judge import evidence, judge
from inference.grounders.embedded.network import Sight, combine, open_session, turned_back, view
from inference.grounders.embedded.preprocess import shrink
from inference.images import GrayImage, read_image
from inference.metrics.intervals import Measure, Statistic
from inference.phantoms import render_phantom
from inference.quality import Screen, screen
from inference.schema import Box, Grounding
from inference.training.calibrate import (
    folds,
    over_folds,
    present_thresholds,
    rule_out_threshold,
    trials,
)
from inference.training.dataset import Sample, read_samples
from inference.training.phantom_samples import phantom_sample
from inference.vocabulary import LABELS, ImageState, Label

SAVED = Path(__file__).parents[1] / "docs" / "measurements" / "detector-experiments.json"
PHANTOM_SEEDS = range(5000, 5100)
COMPARED = ("auc", "iou30", "iou50")
HEAD = ["", "mean AUC", "difference", "IoU >= .3", "difference", "IoU >= .5", "difference"]
Cards = dict[Label, LabelCard]


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture: each network's view of it as it is and mirrored, and the screen."""

    sample: Sample
    plain: tuple[Sight, ...]
    mirrored: tuple[Sight, ...]
    checked: Screen

    def shipped(self) -> Sight:
        return self.together([*self.plain, *self.mirrored])

    def together(self, views: Sequence[Sight], *, confined: bool = True) -> Sight:
        """The mean of ``views``, heat lowered outside the chest as in use."""
        sight = combine(list(views))
        if not (confined and self.checked.frontal):
            return sight
        return within(sight, chest_region(self.checked.anatomy, REACH))


Change = Callable[[Seen], Sight]
CHANGES: dict[str, Change] = {
    "what ships": Seen.shipped,
    "run A alone (no phantoms)": lambda seen: seen.together([seen.plain[0], seen.mirrored[0]]),
    "run B alone (400 phantoms)": lambda seen: seen.together([seen.plain[1], seen.mirrored[1]]),
    "without the mirrored view": lambda seen: seen.together(seen.plain),
    "heat not lowered outside the chest": lambda seen: seen.together(
        [*seen.plain, *seen.mirrored], confined=False
    ),
}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder: images.csv, boxes.csv")
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="another run's ONNX file: alone, and together with what ships",
    )
    parser.add_argument("--stdout", action="store_true", help="print; leave the documents alone")
    args = parser.parse_args(argv)
    everyone = read_samples(args.data)
    held = [s for s in everyone if s.split == "val"]
    card = read_card(FOLDER)
    seen = see(card, FOLDER, [(s, read_image(s.path)) for s in held])
    drawn = see(card, FOLDER, phantoms())
    patients = variants(seen, card.labels)
    for name, path in (each.split("=", 1) for each in args.also):
        patients |= with_another(name, Path(path), card, held, seen)
    across, chosen = fold_cases(seen, everyone, card.labels)
    text = "\n\n".join(
        (
            f"Detector {card.version}, split `val`: {len(held)} pictures. Differences from what "
            "ships are paired, picture by picture [95% interval by patient].",
            comparison(patients),
            comparison(variants(drawn, card.labels, least=3), "100 phantoms (no patients)"),
            fold_table(patients["what ships"], across),
            second_box_table(held, [s.shipped() for s in seen], card.labels),
        )
    )
    if args.stdout:
        sys.stdout.write(text + "\n")
    else:
        write_between("experiments", text)
        SAVED.write_text(json.dumps(as_json(patients, across, chosen), indent=1) + "\n", "ascii")
    return 0


def with_another(
    name: str, path: Path, card: Card, held: Sequence[Sample], seen: Sequence[Seen]
) -> dict[str, Panel]:
    """Another run beside the shipped ones, with the shipped thresholds: AUC and IoU need none."""
    network = open_session(path.read_bytes())
    alone, together = [], []
    for sample, one in zip(held, seen, strict=True):
        pixels = shrink(read_image(sample.path), card.size)
        if one.checked.inverted:
            pixels = np.asarray(255 - pixels, dtype=np.uint8)
        views = [view(network, pixels), turned_back(view(network, pixels[:, ::-1]))]
        alone.append(case_of(one, one.together(views), card.labels))
        whole = one.together([*one.plain, *one.mirrored, *views])
        together.append(case_of(one, whole, card.labels))
    return {f"run {name} alone": Panel(alone), f"what ships and run {name}": Panel(together)}


def phantoms() -> list[tuple[Sample, GrayImage]]:
    made = [render_phantom(seed, size=512) for seed in PHANTOM_SEEDS]
    return [(phantom_sample(phantom), phantom.image) for phantom in made]


def see(card: Card, folder: Path, pictures: Sequence[tuple[Sample, GrayImage]]) -> list[Seen]:
    """Every network of ``card`` over every picture, each view apart."""
    networks = [open_session(read_weights(member, folder)) for member in card.members]
    anatomist = Anatomist(open_session(read_weights(card.anatomy, folder)))
    found = []
    for sample, image in pictures:
        checked, pixels = screen(image, anatomist), shrink(image, card.size)
        if checked.inverted:
            pixels = np.asarray(255 - pixels, dtype=np.uint8)
        plain = tuple(view(network, pixels) for network in networks)
        turned = tuple(turned_back(view(network, pixels[:, ::-1])) for network in networks)
        found.append(Seen(sample, plain, turned, checked))
    return found


def variants(seen: Sequence[Seen], cards: Cards, least: int = 99) -> dict[str, Panel]:
    """The first ``least`` of ``CHANGES``; with all of them, those of the evidence and boxes too."""
    chosen = list(CHANGES.items())[:least]
    made = {name: Panel([case_of(s, change(s), cards) for s in seen]) for name, change in chosen}
    if least > len(CHANGES):
        shipped = made["what ships"].cases
        made["the classifier's logit only"] = Panel(_rescored(seen, shipped, _image_only))
        made["the heat map's logit only"] = Panel(_rescored(seen, shipped, _heat_only))
        made["boxes 10% larger"] = Panel([_resized(case, 1.1) for case in shipped])
        made["boxes 10% smaller"] = Panel([_resized(case, 0.9) for case in shipped])
    return made


def case_of(seen: Seen, sight: Sight, cards: Cards) -> Case:
    judged = judge(sight, cards)
    grounding = Grounding(
        ImageState.GROUNDED, dict(judged.labels), judged.findings, scores=judged.scores
    )
    return Case(seen.sample, grounding)


def _image_only(sight: Sight) -> dict[Label, float]:
    return {label: float(z) for label, z in zip(LABELS, sight.image, strict=True)}


def _heat_only(sight: Sight) -> dict[Label, float]:
    both, image = evidence(sight), _image_only(sight)
    return {label: 2 * both[label] - image[label] for label in LABELS}


def _rescored(
    seen: Sequence[Seen], cases: Sequence[Case], score: Callable[[Sight], dict[Label, float]]
) -> list[Case]:
    scored = [score(s.shipped()) for s in seen]
    return [
        Case(case.sample, replace(case.said, scores=scores))
        for case, scores in zip(cases, scored, strict=True)
    ]


def _resized(case: Case, times: float) -> Case:
    findings = tuple(
        f if f.box is None else replace(f, box=_scaled(f.box, times)) for f in case.said.findings
    )
    return Case(case.sample, replace(case.said, findings=findings))


def _scaled(box: Box, times: float) -> Box:
    """``box`` about its own middle, clipped to the picture."""
    y, x = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    tall, wide = (box[2] - box[0]) / 2 * times, (box[3] - box[1]) / 2 * times
    return max(0.0, y - tall), max(0.0, x - wide), min(1.0, y + tall), min(1.0, x + wide)


def fold_cases(
    seen: Sequence[Seen], everyone: Sequence[Sample], cards: Cards
) -> tuple[Panel, list[dict[Label, float]]]:
    """Each picture judged by the thresholds that its fold of patients did not choose; and those
    ``present`` thresholds, as scores, one dictionary a fold."""
    samples, sights = [s.sample for s in seen], [s.shipped() for s in seen]
    by_label, own = trials(samples, [evidence(s) for s in sights], everyone), folds(samples)
    _, present = over_folds(by_label, own, present_thresholds)
    _, rule_out = over_folds(
        by_label, own, lambda part: {k: rule_out_threshold(t) for k, t in part.items()}
    )
    of_fold = [
        {k: _with(cards[k], p[k], min(p[k], r[k])) for k in LABELS}
        for p, r in zip(present, rule_out, strict=True)
    ]
    cases = [
        case_of(s, sight, of_fold[fold]) for s, sight, fold in zip(seen, sights, own, strict=True)
    ]
    return Panel(cases), [{k: c[k].present for k in LABELS} for c in of_fold]


def _with(card: LabelCard, present: float, rule_out: float) -> LabelCard:
    def score(logit: float) -> float:
        return float(round(1 / (1 + np.exp(-(card.slope * logit + card.offset))), 4))

    return replace(card, present=score(present), rule_out=score(rule_out))


def comparison(panels: dict[str, Panel], title: str = "held-back patients") -> str:
    rows = [[title, *HEAD[1:]], ["---"] * len(HEAD)]
    for name, panel in panels.items():
        measures = compared(panel, panels["what ships"])
        rows.append([name, *(cell(measures[key]) for key in measures)])
    return markdown(rows)


def compared(panel: Panel, base: Panel) -> dict[str, Measure]:
    """Mean figures and their paired differences from ``base``."""
    boxes = sum(case.overlap(label) is not None for case in base.cases for label in LABELS)
    measures = {}
    for name in COMPARED:
        n = sum(base.positive_counts().values()) if name == "auc" else boxes
        own = panel.mean(name)
        measures[name] = base.bootstrap.measure(own, n)
        difference = _minus(own, base.mean(name))
        measures[f"{name}_difference"] = base.bootstrap.measure(difference, n)
    return measures


def _minus(own: Statistic, other: Statistic) -> Statistic:
    return lambda weights: own(weights) - other(weights)


def fold_table(shipped: Panel, across: Panel) -> str:
    names = {"f1": "presence F1", "false_boxes": "false boxes a normal"}
    names |= {"sensitivity_rule_out": "not ruled out", "uncertain": "uncertain"}
    rows = [["thresholds", *names.values()], ["---"] * (1 + len(names))]
    for title, panel in (("as shipped", shipped), ("judged on the other fold", across)):
        figures = panel.figures()
        rows.append([title, *(cell(figures[name]["all"]) for name in names)])
    return markdown(rows)


def as_json(
    panels: dict[str, Panel], across: Panel, chosen: Sequence[dict[Label, float]]
) -> dict[str, object]:
    base = panels["what ships"]
    return {
        "experiments": {
            name: {k: _rounded(m) for k, m in compared(panel, base).items()}
            for name, panel in panels.items()
        },
        "across_folds": {
            name: {label: _rounded(m) for label, m in table.items()}
            for name, table in across.figures().items()
        },
        "present_thresholds_by_fold": list(chosen),
    }


def _rounded(measure: Measure) -> dict[str, float | int | None]:
    return {k: v if v is None else round(v, 4) for k, v in measure.as_dict().items()}


if __name__ == "__main__":
    sys.exit(main())
