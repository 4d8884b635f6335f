"""Presence of a label on an image: precision, recall, F1 and, where there are scores, AUC."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference.metrics.intervals import Array, Statistic, divide

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counts:
    """One label over images [images]: what is true, what was said, and which images count."""

    true: Flags
    said: Flags
    known: Flags

    @property
    def positives(self) -> int:
        return int((self.true & self.known).sum())

    @property
    def asserted(self) -> int:
        return int((self.said & self.known).sum())

    def hits(self) -> Array:
        return (self.true & self.said & self.known).astype(np.float64)

    def truths(self) -> Array:
        return (self.true & self.known).astype(np.float64)

    def claims(self) -> Array:
        return (self.said & self.known).astype(np.float64)


def precision(counts: Counts) -> Statistic:
    """TP / (TP + FP); n = images where the label was said."""
    return lambda weights: divide(weights @ counts.hits(), weights @ counts.claims())


def recall(counts: Counts) -> Statistic:
    """TP / (TP + FN); n = images where the label is true."""
    return lambda weights: divide(weights @ counts.hits(), weights @ counts.truths())


def f1(counts: Counts) -> Statistic:
    """2 TP / (2 TP + FP + FN); undefined where no image has the label; n as for recall."""
    hits, claims, truths = counts.hits(), counts.claims(), counts.truths()

    def score(weights: Array) -> Array:
        positives = weights @ truths
        total = np.where(positives > 0, positives + weights @ claims, 0.0)
        return divide(2 * (weights @ hits), total)

    return score


def auc(scores: npt.ArrayLike, true: npt.ArrayLike) -> Statistic:
    """The chance that a true image scores above a false one, ties counting half (Mann-Whitney).

    n = images with the label. ``scores`` and ``true`` are [rows].
    """
    values, positive = np.asarray(scores, np.float64), np.asarray(true, np.bool_)
    order = np.argsort(values, kind="stable")
    _, first, group = np.unique(values[order], return_index=True, return_inverse=True)

    def area(weights: Array) -> Array:
        weight = weights[:, order]
        above = np.where(positive[order], weight, 0.0)
        below = np.where(positive[order], 0.0, weight)
        before = np.cumsum(below, axis=1) - below
        tied = np.add.reduceat(below, first, axis=1)[:, group] if len(first) else below
        lower = before[:, first][:, group] if len(first) else before
        wins = (above * (lower + tied / 2)).sum(axis=1)
        return divide(wins, above.sum(axis=1) * below.sum(axis=1))

    return area
