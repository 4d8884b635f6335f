"""From logits on held-back patients to the card's numbers: Platt's sigmoid and two thresholds.

Thresholds are chosen on folds of patients and averaged; what a fold's own choice gives on the
patients it did not see is reported beside them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from inference.training.dataset import Sample
from inference.vocabulary import LABELS, Label

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FOLDS = 5
FALSE_BUDGET = 0.28
"""Most false boxes a normal picture, all labels together, that thresholds may cost."""
SENSITIVITY = 0.93
"""What ``rule_out`` keeps of the positives at hand, so that at least .90 holds on others."""
NEWTON_STEPS, RIDGE = 50, 1e-3
GRID = 200


@dataclass(frozen=True, slots=True)
class Trial:
    """One label on held-back pictures: ``logits`` [N], and who is positive, normal, either.

    ``share`` is positives per normal picture in the whole data set: the held-back part has its
    own by chance.
    """

    logits: Array
    positive: Flags
    normal: Flags
    share: float

    def part(self, chosen: Flags) -> "Trial":
        return Trial(self.logits[chosen], self.positive[chosen], self.normal[chosen], self.share)


def trials(
    samples: Sequence[Sample], logits: Sequence[dict[Label, float]], everyone: Sequence[Sample]
) -> dict[Label, Trial]:
    """One ``Trial`` a label; ``everyone`` are all pictures of the data set, for the shares."""
    normal = np.array([s.normal for s in samples])
    normals = sum(s.normal for s in everyone)
    return {
        label: Trial(
            np.array([z[label] for z in logits]),
            np.array([label in s.classes for s in samples]),
            normal,
            sum(label in s.classes for s in everyone) / max(1, normals),
        )
        for label in LABELS
    }


def folds(samples: Sequence[Sample]) -> npt.NDArray[np.int64]:
    """The fold of each picture, by a hash of its patient: stable, and patients never straddle."""
    return np.array([crc32(s.patient.encode()) % FOLDS for s in samples])


def platt(trial: Trial) -> tuple[float, float]:
    """Slope and offset of sigmoid(slope * z + offset), by Newton steps on the logistic loss with
    Platt's softened targets (Platt 1999)."""
    wanted = trial.positive.astype(float)
    n1, n0 = wanted.sum(), len(wanted) - wanted.sum()
    target = np.where(wanted > 0, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))
    features = np.stack((trial.logits, np.ones_like(trial.logits)), axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (chance - target) + RIDGE * weights
        curvature = (features * (chance * (1 - chance))[:, None]).T @ features + RIDGE * np.eye(2)
        weights = weights - np.linalg.solve(curvature, gradient)
    return float(weights[0]), float(weights[1])


def f1_and_false(trial: Trial, threshold: float) -> tuple[float, float]:
    """F1 against normal pictures at the data set's own share, and the false rate."""
    called = trial.logits >= threshold
    sensitivity = float(called[trial.positive].mean())
    false = float(called[trial.normal].mean())
    hits = sensitivity * trial.share
    return 2 * hits / max(hits + trial.share + false, 1e-9), false


def smooth_f1_and_false(trial: Trial, threshold: float) -> tuple[float, float]:
    """As ``f1_and_false``, each logit spread by a kernel of half Silverman's width: a threshold
    must not hang on where one picture happens to lie."""
    sensitivity = _share_above(trial.logits[trial.positive], threshold)
    false = _share_above(trial.logits[trial.normal], threshold)
    hits = sensitivity * trial.share
    return 2 * hits / max(hits + trial.share + false, 1e-9), false


def _share_above(logits: Array, threshold: float) -> float:
    """The kernel is logistic; 1.7 makes it as wide as a normal one of the same deviation."""
    width = 0.5 * 1.06 * max(float(logits.std()), 1e-6) * len(logits) ** -0.2
    return float((1 / (1 + np.exp(-1.7 * (logits - threshold) / width))).mean())


def present_thresholds(
    by_label: dict[Label, Trial], budget: float = FALSE_BUDGET
) -> dict[Label, float]:
    """Thresholds of the best macro F1 that keeps the false rates' sum within ``budget``.

    One price for a false box is shared by all labels and raised until the budget holds.
    """
    tables = {label: _table(trial) for label, trial in by_label.items()}
    for price in np.linspace(0.0, 5.0, 101):
        rows = {
            k: table[np.argmax(table[:, 1] - price * table[:, 2])] for k, table in tables.items()
        }
        if sum(row[2] for row in rows.values()) <= budget:
            break
    return {label: float(row[0]) for label, row in rows.items()}


def rule_out_threshold(trial: Trial, sensitivity: float = SENSITIVITY) -> float:
    """The highest logit that keeps ``sensitivity`` of the positives at or above it."""
    return float(np.quantile(trial.logits[trial.positive], 1 - sensitivity, method="lower"))


Choose = Callable[[dict[Label, Trial]], dict[Label, float]]


def over_folds(
    by_label: dict[Label, Trial], fold: npt.NDArray[np.int64], choose: Choose
) -> tuple[dict[Label, float], list[dict[Label, float]]]:
    """The mean of each fold's choice, and those choices; a fold chooses on the other folds."""
    choices = []
    for own in range(FOLDS):
        others = {label: trial.part(fold != own) for label, trial in by_label.items()}
        for label, trial in others.items():
            if not trial.positive.any() or not trial.normal.any():
                raise ValueError(f"too few held-back pictures of {label} for {FOLDS} folds")
        choices.append(choose(others))
    return {k: float(np.mean([c[k] for c in choices])) for k in LABELS}, choices


def cross_validated(
    by_label: dict[Label, Trial], fold: npt.NDArray[np.int64], choices: list[dict[Label, float]]
) -> dict[Label, dict[str, float]]:
    """F1, false rate and sensitivity where each picture is judged by the fold that excludes it."""
    figures = {}
    for label, trial in by_label.items():
        limits = np.array([choices[own][label] for own in fold])
        shifted = Trial(trial.logits - limits, trial.positive, trial.normal, trial.share)
        f1, false = f1_and_false(shifted, 0.0)
        sensitivity = float((shifted.logits[trial.positive] >= 0).mean())
        figures[label] = {"f1": f1, "false": false, "sensitivity": sensitivity}
    return figures


def label_cards(
    samples: Sequence[Sample],
    logits: Sequence[dict[Label, float]],
    everyone: Sequence[Sample],
) -> tuple[dict[Label, dict[str, float]], dict[str, Any]]:
    """The card's numbers of each label, and the report of how they did across folds."""
    by_label, fold = trials(samples, logits, everyone), folds(samples)
    present, present_choices = over_folds(by_label, fold, present_thresholds)
    rule_out, rule_choices = over_folds(
        by_label, fold, lambda part: {k: rule_out_threshold(t) for k, t in part.items()}
    )
    cards = {}
    for label, trial in by_label.items():
        slope, offset = platt(trial)
        lower = min(rule_out[label], present[label])
        cards[label] = {
            "slope": round(slope, 4),
            "offset": round(offset, 4),
            "present": _sigmoid(slope * present[label] + offset),
            "rule_out": _sigmoid(slope * lower + offset),
        }
    return cards, {
        "folds": FOLDS,
        "n": len(samples),
        "present": cross_validated(by_label, fold, present_choices),
        "rule_out": cross_validated(by_label, fold, rule_choices),
    }


def _table(trial: Trial) -> Array:
    """Rows of (threshold, F1, false rate) over the logits' own range."""
    limits = np.linspace(trial.logits.min(), trial.logits.max(), GRID)
    return np.array([(limit, *smooth_f1_and_false(trial, float(limit))) for limit in limits])


def _sigmoid(value: float) -> float:
    return round(float(1 / (1 + np.exp(-value))), 4)
