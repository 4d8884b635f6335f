"""How well flags are raised, when the right ones are known."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np

from inference.metrics.intervals import Bootstrap, Measure, Statistic, difference, ratio
from inference.vocabulary import FlagKind, Label


class FlagKey(NamedTuple):
    """What makes two flags the same: kind and label (not the boxes or phrases behind them)."""

    kind: FlagKind
    label: Label


class FlagScore(NamedTuple):
    """Precision (n: flags raised) and recall (n: flags that are right) of one kind."""

    precision: Measure
    recall: Measure


def score_flags(
    expected: Sequence[Collection[FlagKey]],
    raised: Sequence[Collection[FlagKey]],
    patients: Sequence[str],
    *,
    seed: int = 0,
) -> dict[FlagKind, FlagScore]:
    """Precision and recall for each kind, over cases in the same order [cases]."""
    bootstrap = Bootstrap(patients, seed)
    return {kind: _score(kind, expected, raised, bootstrap) for kind in FlagKind}


def _score(
    kind: FlagKind,
    expected: Sequence[Collection[FlagKey]],
    raised: Sequence[Collection[FlagKey]],
    bootstrap: Bootstrap,
) -> FlagScore:
    right = [{key for key in keys if key.kind == kind} for keys in expected]
    shown = [{key for key in keys if key.kind == kind} for keys in raised]
    hits = np.array([len(a & b) for a, b in zip(right, shown, strict=True)], np.float64)
    wanted = np.array([len(keys) for keys in right], np.float64)
    given = np.array([len(keys) for keys in shown], np.float64)
    return FlagScore(
        bootstrap.measure(ratio(hits, given), int(given.sum())),
        bootstrap.measure(ratio(hits, wanted), int(wanted.sum())),
    )


def compare_flags(
    expected: Sequence[Collection[FlagKey]],
    a: Sequence[Collection[FlagKey]],
    b: Sequence[Collection[FlagKey]],
    patients: Sequence[str],
    *,
    seed: int = 0,
) -> tuple[dict[str, Any], dict[str, Statistic]]:
    """Each side's precision and recall over all kinds, and the statistics of B - A.

    Cases in the same order [cases]. A case that a side left unanswered raised nothing there, and
    the flags it should have raised stay among the expected ones.
    """
    bootstrap = Bootstrap(patients, seed)
    sides = {name: _rates(expected, raised) for name, raised in (("a", a), ("b", b))}
    scores = {
        name: {
            rate: bootstrap.measure(statistic, n).as_dict() for rate, (statistic, n) in side.items()
        }
        for name, side in sides.items()
    }
    differences = {
        f"flag_{rate}": difference(sides["b"][rate][0], sides["a"][rate][0]) for rate in sides["a"]
    }
    return scores, differences


def _rates(
    expected: Sequence[Collection[FlagKey]], raised: Sequence[Collection[FlagKey]]
) -> dict[str, tuple[Statistic, int]]:
    right, shown = [set(keys) for keys in expected], [set(keys) for keys in raised]
    hits = [len(a & b) for a, b in zip(right, shown, strict=True)]
    given, wanted = [len(keys) for keys in shown], [len(keys) for keys in right]
    return {
        "precision": (ratio(hits, given), sum(given)),
        "recall": (ratio(hits, wanted), sum(wanted)),
    }
