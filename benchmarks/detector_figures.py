"""The embedded detector's figures on pictures with known labels and boxes.

Positives of a label are pictures whose native labels or boxes name it; negatives are "No Finding"
pictures only, since a picture with another finding may have this one unmentioned. Boxes are not
exhaustive, so IoU asks only how well a drawn box was met, and false boxes count on normals only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.boxes import iou, mean_box
from inference.metrics.intervals import Bootstrap, Measure, Statistic, mean_of, ratio
from inference.metrics.presence import Counts, auc, f1
from inference.schema import Box, Grounding
from inference.training.dataset import Sample
from inference.vocabulary import LABELS, Label, State

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Case:
    """One picture: what is known of it, and what the detector said (candidates below included)."""

    sample: Sample
    said: Grounding

    @property
    def patient(self) -> str:
        return self.sample.patient

    def overlap(self, label: Label) -> float | None:
        """IoU of the label's strongest box with the true box it meets best; None without one."""
        own = [box for name, box in self.sample.boxes if name == label]
        if not own:
            return None
        box = next(f.box for f in self.said.findings if f.label is label and f.box is not None)
        return max(iou(box, true) for true in own)

    def false_boxes(self, label: Label) -> int:
        return sum(f.label is label and not f.below for f in self.said.findings)


Figures = dict[str, dict[str, Measure]]
"""Figure -> label (or "all") -> measure."""

Together = Callable[[Sequence[Statistic]], Statistic]


class Panel:
    """All figures over one set of cases, with intervals by patient."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        self.bootstrap = Bootstrap([case.patient for case in cases])
        self.normal: Flags = np.array([case.sample.normal for case in cases])
        self.positive: dict[Label, Flags] = {
            label: np.array([label in case.sample.classes for case in cases]) for label in LABELS
        }

    def figures(self) -> Figures:
        """Every figure; a figure's mean is over the labels that have anything to count."""
        boxed = self._boxed_counts()
        return {
            "auc": self._table(self._auc, self.positive_counts(), mean_of),
            "f1": self._table(self._f1, self.positive_counts(), mean_of),
            "iou30": self._table(lambda k: self._met(k, 0.3), boxed, mean_of),
            "iou50": self._table(lambda k: self._met(k, 0.5), boxed, mean_of),
            "mean_iou": self._table(self._mean_iou, boxed, mean_of),
            "false_boxes": self._table(self._false, dict.fromkeys(LABELS, self.normals), _sum_of),
            "sensitivity_rule_out": self._table(self._kept, self.positive_counts(), mean_of),
            "uncertain": self._table(self._unsure, dict.fromkeys(LABELS, len(self.cases)), mean_of),
        }

    def mean(self, figure: str) -> Statistic:
        """The mean over labels of ``auc``, ``iou30`` or ``iou50``, to compare two detectors by."""
        of: dict[str, Callable[[Label], Statistic]] = {
            "auc": self._auc,
            "iou30": lambda label: self._met(label, 0.3),
            "iou50": lambda label: self._met(label, 0.5),
        }
        counts = self.positive_counts() if figure == "auc" else self._boxed_counts()
        return mean_of([of[figure](label) for label in LABELS if counts[label]])

    @property
    def normals(self) -> int:
        return int(self.normal.sum())

    def positive_counts(self) -> dict[Label, int]:
        return {label: int(flags.sum()) for label, flags in self.positive.items()}

    def _boxed_counts(self) -> dict[Label, int]:
        return {k: sum(case.overlap(k) is not None for case in self.cases) for k in LABELS}

    def _table(
        self, figure: Callable[[Label], Statistic], counts: dict[Label, int], together: Together
    ) -> dict[str, Measure]:
        statistics = {label: figure(label) for label in LABELS}
        known = [statistics[label] for label in LABELS if counts[label]]
        rows = {str(k): self.bootstrap.measure(statistics[k], counts[k]) for k in LABELS}
        n = max(counts.values()) if together is _sum_of else sum(counts.values())
        return rows | {"all": self.bootstrap.measure(together(known), n)}

    def _auc(self, label: Label) -> Statistic:
        scores = [case.said.scores[label] for case in self.cases]
        return among(auc(scores, list(self.positive[label])), self.positive[label] | self.normal)

    def _f1(self, label: Label) -> Statistic:
        said = np.array([case.said.labels[label] is State.PRESENT for case in self.cases])
        known = self.positive[label] | self.normal
        return f1(Counts(true=self.positive[label], said=said, known=known))

    def _met(self, label: Label, least: float) -> Statistic:
        found = [case.overlap(label) for case in self.cases]
        return ratio([f is not None and f >= least for f in found], [f is not None for f in found])

    def _mean_iou(self, label: Label) -> Statistic:
        found = [case.overlap(label) for case in self.cases]
        return ratio([f or 0.0 for f in found], [f is not None for f in found])

    def _false(self, label: Label) -> Statistic:
        counts = [case.false_boxes(label) * case.sample.normal for case in self.cases]
        return ratio(counts, self.normal)

    def _kept(self, label: Label) -> Statistic:
        kept = [case.said.labels[label] is not State.ABSENT for case in self.cases]
        return ratio(np.array(kept) & self.positive[label], self.positive[label])

    def _unsure(self, label: Label) -> Statistic:
        unsure = [case.said.labels[label] is State.UNCERTAIN for case in self.cases]
        return ratio(unsure, np.ones(len(self.cases)))


def among(statistic: Statistic, rows: Flags) -> Statistic:
    """``statistic`` with every other row's weight set to nothing."""
    return lambda weights: statistic(weights * rows)


def constant_boxes(training: Sequence[Sample]) -> dict[Label, Box]:
    """The mean of each label's training boxes: what one learns without looking."""
    drawn = {k: [box for s in training for name, box in s.boxes if name == k] for k in LABELS}
    return {label: mean_box(boxes) for label, boxes in drawn.items() if boxes}


def constant_hits(
    cases: Sequence[Case], boxes: dict[Label, Box], least: float
) -> dict[Label, float]:
    """The share of true boxes that the constant box meets at ``least``."""
    hits: dict[Label, list[bool]] = {label: [] for label in LABELS}
    for case in cases:
        for label in LABELS:
            own = [box for name, box in case.sample.boxes if name == label]
            if own:
                hits[label].append(max(iou(boxes[label], box) for box in own) >= least)
    return {label: float(np.mean(found)) for label, found in hits.items() if found}


def _sum_of(statistics: Sequence[Statistic]) -> Statistic:
    return lambda weights: np.sum([statistic(weights) for statistic in statistics], axis=0)
