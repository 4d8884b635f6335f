"""All metrics of a grounder against the truth, as one JSON object.

Every number is a Measure (value, n, low, high). An image whose prediction is missing or failed
stays in every denominator: its true labels are missed, its normals are not cleared, and its score
is the worst there is. A pair of image and label that the truth leaves open counts nowhere.

- ``presence``: precision (n: images where the label is said), recall and F1 (n: images that have
  it), AUC of ``scores`` (n: images that have it), over every image where the label is known.
- ``against_normal``: the same over the images that have the label and the normal images only
  (normal: every label known to be absent), so that other diseases do not count as negatives.
- ``boxes``: of the true boxes, the share matched at IoU 0.3 and 0.5 (rate, n: true boxes); of the
  boxes shown, the share matched (precision, n: boxes shown); mean IoU of those matched at 0.3.
  Images that have the label without any box to compare with are left out.
- ``label_given``: for images with a true box of the label, whether the model's best box of it,
  shown or ``below``, meets the closest true box at IoU 0.3 and 0.5 (n: images).
- ``normals``: findings on a normal image (each label, and all together), and the share of normal
  images that the model read and left without any finding (n: normal images).
- ``urgent_recall``: recall of the urgent labels together (n: pairs of image and urgent label).
- ``macro`` averages the labels for which a value is defined (n: those labels).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from inference.metrics.intervals import Array, Bootstrap, Measure, Statistic, mean_of, ratio
from inference.metrics.places import best_boxes, count_boxes
from inference.metrics.presence import Counts, Flags, auc, f1, precision, recall
from inference.metrics.records import Prediction, Truth
from inference.policies import URGENCY
from inference.vocabulary import LABELS, Label, State

Named = dict[str, tuple[Statistic, int]]
"""Statistics with their n, by name."""


def evaluate(
    truths: Sequence[Truth], predictions: Mapping[str, Prediction], *, seed: int = 0
) -> dict[str, Any]:
    """Score ``predictions`` (by image id) against ``truths``: what the command prints."""
    scored = _Scored(truths, predictions, seed)
    return {
        "counts": scored.counts(),
        "answered": scored.measure(ratio(scored.answered, np.ones(len(truths))), len(truths)),
        "presence": scored.table(lambda label: scored.presence(label, scored.known(label))),
        "against_normal": scored.table(
            lambda label: scored.presence(label, scored.true(label) | scored.normal)
        ),
        "boxes": scored.table(scored.boxes),
        "label_given": scored.table(scored.label_given),
        "normals": scored.normals(),
        "urgent_recall": scored.urgent_recall(),
    }


class _Scored:
    """Truths and predictions side by side, one row an image."""

    def __init__(
        self, truths: Sequence[Truth], predictions: Mapping[str, Prediction], seed: int
    ) -> None:
        self.truths = truths
        self.predictions = [predictions.get(truth.id) for truth in truths]
        self.without_truth = len(predictions.keys() - {truth.id for truth in truths})
        self.bootstrap = Bootstrap([truth.patient for truth in truths], seed)
        self.normal = np.array([truth.normal for truth in truths], np.bool_)
        self.answered = np.array(
            [each is not None and not each.failed for each in self.predictions], np.float64
        )

    def counts(self) -> dict[str, int]:
        missing = sum(each is None for each in self.predictions)
        return {
            "images": len(self.truths),
            "patients": len({truth.patient for truth in self.truths}),
            "normal_images": int(self.normal.sum()),
            "missing_predictions": missing,
            "failed_predictions": len(self.truths) - missing - int(self.answered.sum()),
            "predictions_without_truth": self.without_truth,
        }

    def measure(self, statistic: Statistic, n: int) -> dict[str, Any]:
        return self.bootstrap.measure(statistic, n).as_dict()

    def table(self, named: Callable[[Label], Named]) -> dict[str, Any]:
        """A row of measures for each label, and their macro averages."""
        rows = {label: named(label) for label in LABELS}
        table: dict[str, Any] = {
            label: {name: self.measure(*row[name]) for name in row} for label, row in rows.items()
        }
        names = rows[LABELS[0]]
        table["macro"] = {name: self._macro([rows[label][name] for label in LABELS], name, table)
                          for name in names}  # fmt: skip
        return table

    def _macro(
        self, column: Sequence[tuple[Statistic, int]], name: str, table: Mapping[str, Any]
    ) -> dict[str, Any]:
        defined = [
            statistic
            for label, (statistic, _) in zip(LABELS, column, strict=True)
            if table[label][name]["value"] is not None
        ]
        if not defined:
            return Measure(None, 0, None, None).as_dict()
        return self.measure(mean_of(defined), len(defined))

    def true(self, label: Label) -> Flags:
        return np.array([t.states[label] is State.PRESENT for t in self.truths], np.bool_)

    def known(self, label: Label) -> Flags:
        return np.array([t.states[label] is not None for t in self.truths], np.bool_)

    def said(self, label: Label) -> Flags:
        return np.array([p is not None and p.says(label) for p in self.predictions], np.bool_)

    def presence(self, label: Label, known: Flags) -> Named:
        counts = Counts(self.true(label), self.said(label), known)
        return {
            "precision": (precision(counts), counts.asserted),
            "recall": (recall(counts), counts.positives),
            "f1": (f1(counts), counts.positives),
            "auc": self._auc(label, counts),
        }

    def _auc(self, label: Label, counts: Counts) -> tuple[Statistic, int]:
        """An image without a score gets the worst: below all if it has the label, else above."""
        given = [each.scores.get(label) if each else None for each in self.predictions]
        scored = any(score is not None for score in given)
        worst = np.where(counts.true, -np.inf, np.inf)
        filled = np.array([w if s is None else s for s, w in zip(given, worst, strict=True)])
        statistic, known = auc(filled[counts.known], counts.true[counts.known]), counts.known
        if not scored:
            return (lambda weights: np.full(len(weights), np.nan)), 0
        return (lambda weights: statistic(weights[:, known])), counts.positives

    def boxes(self, label: Label) -> Named:
        counts = count_boxes(self._pairs(label, self._comparable(label)))
        true, said, loose = (int(x.sum()) for x in (counts.true, counts.said, counts.loose))
        return {
            "iou30_rate": (ratio(counts.loose, counts.true), true),
            "iou30_precision": (ratio(counts.loose, counts.said), said),
            "iou50_rate": (ratio(counts.strict, counts.true), true),
            "iou50_precision": (ratio(counts.strict, counts.said), said),
            "mean_iou": (ratio(counts.matched_iou, counts.loose), loose),
        }

    def label_given(self, label: Label) -> Named:
        best = best_boxes(self._pairs(label, self._comparable(label)))
        n = int(best.asked.sum())
        return {
            "iou30_rate": (ratio(best.asked * (best.overlap >= 0.3), best.asked), n),
            "iou50_rate": (ratio(best.asked * (best.overlap >= 0.5), best.asked), n),
            "mean_iou": (ratio(best.asked * best.overlap, best.asked), n),
        }

    def _comparable(self, label: Label) -> list[bool]:
        """Whether an image says where the label is: by a box, or by being known to lack it."""
        return [bool(t.boxes[label]) or t.states[label] is State.ABSENT for t in self.truths]

    def _pairs(self, label: Label, comparable: Sequence[bool]) -> list[tuple[Any, Any]]:
        return [
            (truth.boxes[label], said.candidates[label] if said and counts else ())
            for truth, said, counts in zip(self.truths, self.predictions, comparable, strict=True)
        ]

    def normals(self) -> dict[str, Any]:
        n = int(self.normal.sum())
        shown = {label: self.normal * self._shown(label) for label in LABELS}
        together = np.sum(list(shown.values()), axis=0)
        cleared = self.normal * self.answered * (together == 0)
        false = {label: self.measure(ratio(shown[label], self.normal), n) for label in LABELS}
        return {
            "false_findings": {**false, "all": self.measure(ratio(together, self.normal), n)},
            "cleared": self.measure(ratio(cleared, self.normal), n),
        }

    def _shown(self, label: Label) -> Array:
        said = [each.candidates[label] if each else () for each in self.predictions]
        return np.array([sum(not c.below for c in each) for each in said], np.float64)

    def urgent_recall(self) -> dict[str, Any]:
        true = np.sum([self.true(label) for label in URGENCY], axis=0)
        found = np.sum([self.true(label) & self.said(label) for label in URGENCY], axis=0)
        return self.measure(ratio(found, true), int(true.sum()))
