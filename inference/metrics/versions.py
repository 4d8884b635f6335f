"""Two versions of a grounder over one truth: who answered at all, then who was right.

Every image of the truth stays in every denominator on both sides. One that a version left without
an answer (missing, failed, or a line that nobody could read) is wrong for that version, whatever
the truth is. Differences are B - A, paired: both versions are weighed by the same drawn patients.
"""

from collections.abc import Mapping, Sequence
from math import comb
from typing import Any

import numpy as np

from inference.metrics.evaluation import evaluate
from inference.metrics.intervals import Bootstrap, Statistic, difference, mean_of, ratio
from inference.metrics.places import count_boxes
from inference.metrics.presence import Counts, Flags, f1
from inference.metrics.records import Prediction, Truth
from inference.policies import URGENCY
from inference.vocabulary import LABELS, Label, State

Predictions = Mapping[str, Prediction]
_SIDES = ("a", "b")


def compare_versions(
    truths: Sequence[Truth], a: Predictions, b: Predictions, *, seed: int = 0
) -> dict[str, Any]:
    """Accounting first, then each side's scores, paired tests, and where the two differ.

    ``accounting``: a side's images = used + partial + failed + missing, and ``unequal``, true
    where one side left images unanswered that the other answered: read no score before that.
    ``mcnemar``: per label, over images where it is known, those that one side alone got right,
    and the exact two-sided p.
    """
    sides = [_Side(truths, predictions) for predictions in (a, b)]
    answers = _mcnemar(sides[0].answered, sides[1].answered)
    return {
        "accounting": {
            **{name: side.account() for name, side in zip(_SIDES, sides, strict=True)},
            "answered": answers,
            "unequal": bool(answers["only_a"] or answers["only_b"]),
        },
        "scores": {
            name: evaluate(truths, predictions, seed=seed)
            for name, predictions in zip(_SIDES, (a, b), strict=True)
        },
        "differences": _differences(truths, sides, seed),
        "mcnemar": {label: _tested(label, sides) for label in LABELS},
        "cases": _cases(truths, sides),
    }


class _Side:
    """One version's answers, a row for each image of the truth."""

    def __init__(self, truths: Sequence[Truth], predictions: Predictions) -> None:
        self.truths = truths
        self.said = [predictions.get(truth.id) for truth in truths]
        self.answered: Flags = np.array(
            [each is not None and not each.failed for each in self.said], np.bool_
        )

    def account(self) -> dict[str, int]:
        missing = sum(each is None for each in self.said)
        failed = sum(each is not None and each.failed for each in self.said)
        partial = sum(each is not None and each.partial for each in self.said)
        used = len(self.said) - missing - failed - partial
        return {
            "images": len(self.said),
            "used": used,
            "partial": partial,
            "failed": failed,
            "missing": missing,
        }

    def says(self, label: Label) -> Flags:
        return np.array([each is not None and each.says(label) for each in self.said], np.bool_)

    def true(self, label: Label) -> Flags:
        return np.array([t.states[label] is State.PRESENT for t in self.truths], np.bool_)

    def known(self, label: Label) -> Flags:
        return np.array([t.states[label] is not None for t in self.truths], np.bool_)

    def right(self, label: Label) -> Flags:
        """Whether the side answered and was right; silence of an unread image is never right."""
        agrees: Flags = self.says(label) == self.true(label)
        return agrees & self.answered

    def f1(self) -> Statistic:
        return mean_of(
            [f1(Counts(self.true(label), self.says(label), self.known(label))) for label in LABELS]
        )

    def accuracy(self) -> Statistic:
        known = np.sum([self.known(label) for label in LABELS], axis=0)
        right = np.sum([self.known(label) & self.right(label) for label in LABELS], axis=0)
        return ratio(right, known)

    def urgent_recall(self) -> Statistic:
        true = np.sum([self.true(label) for label in URGENCY], axis=0)
        found = np.sum([self.true(label) & self.says(label) for label in URGENCY], axis=0)
        return ratio(found, true)

    def boxes(self) -> tuple[Statistic, Statistic]:
        """Of the true boxes, the share found at IoU 0.5, and the IoU per true box (0: unmet)."""
        counts = [count_boxes(self._pairs(label)) for label in LABELS]
        true = np.sum([each.true for each in counts], axis=0)
        found = np.sum([each.strict for each in counts], axis=0)
        overlap = np.sum([each.matched_iou for each in counts], axis=0)
        return ratio(found, true), ratio(overlap, true)

    def _pairs(self, label: Label) -> list[tuple[Any, Any]]:
        return [
            (truth.boxes[label], said.candidates[label] if said else ())
            for truth, said in zip(self.truths, self.said, strict=True)
        ]

    def statistics(self) -> dict[str, Statistic]:
        found, overlap = self.boxes()
        return {
            "presence_f1": self.f1(),
            "accuracy": self.accuracy(),
            "urgent_recall": self.urgent_recall(),
            "iou50_rate": found,
            "iou": overlap,
        }


def _differences(truths: Sequence[Truth], sides: Sequence[_Side], seed: int) -> dict[str, Any]:
    """B - A with its paired interval; ``n`` is the images, ``sure`` that it excludes 0."""
    bootstrap = Bootstrap([truth.patient for truth in truths], seed)
    one, other = (side.statistics() for side in sides)
    rows = {}
    for name in one:
        rows[name] = paired(bootstrap, difference(other[name], one[name]), len(truths))
    return rows


def paired(bootstrap: Bootstrap, statistic: Statistic, n: int) -> dict[str, Any]:
    """A difference with its interval, and whether that excludes 0 (``sure``)."""
    measure = bootstrap.measure(statistic, n)
    sure = None not in (measure.low, measure.high) and not (
        (measure.low or 0.0) <= 0 <= (measure.high or 0.0)
    )
    return {**measure.as_dict(), "sure": sure}


def _tested(label: Label, sides: Sequence[_Side]) -> dict[str, Any]:
    known = sides[0].known(label)
    return _mcnemar(sides[0].right(label)[known], sides[1].right(label)[known])


def _mcnemar(a: Flags, b: Flags) -> dict[str, Any]:
    """McNemar's exact test (Psychometrika 12, 1947): pairs that differ are a fair coin's."""
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    tossed, less = only_a + only_b, min(only_a, only_b)
    tail = sum(comb(tossed, heads) for heads in range(less + 1))
    # Whole numbers divide exactly where 2.0 ** tossed would overflow.
    p = min(1.0, 2 * tail / 2**tossed)
    return {"n": len(a), "both": int((a & b).sum()), "only_a": only_a, "only_b": only_b, "p": p}


def _cases(truths: Sequence[Truth], sides: Sequence[_Side]) -> list[dict[str, Any]]:
    """The images where a label's presence, or having an answer at all, differs."""
    said = [{label: side.says(label) for label in LABELS} for side in sides]
    cases = []
    for row, truth in enumerate(truths):
        answered = [bool(side.answered[row]) for side in sides]
        labels = [label for label in LABELS if said[0][label][row] != said[1][label][row]]
        if labels or answered[0] != answered[1]:
            cases.append(
                {
                    "id": truth.id,
                    "answered": dict(zip(_SIDES, answered, strict=True)),
                    "labels": {
                        label: {
                            "truth": truth.states[label],
                            "a": bool(said[0][label][row]),
                            "b": bool(said[1][label][row]),
                        }
                        for label in labels
                    },
                }
            )
    return cases
