"""Scores of a parser with 95% bootstrap intervals, by text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.vocabulary import Label

_ROUNDS = 1000
_SEED = 20261122
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts with their gold (label: bool) and what a parser said (label: state)."""

    gold: Sequence[dict[Label, bool]]
    said: Sequence[dict[str, str]]
    labels: Sequence[Label]

    def counts(self, label: Label, ignore_hedged: bool) -> Counts:
        """Return [n, 3]: true positive, false positive, false negative, by text."""
        rows = np.zeros((len(self.gold), 3), np.int64)
        for index, (gold, said) in enumerate(zip(self.gold, self.said, strict=True)):
            state = said.get(label.value)
            if gold[label] and state == "uncertain" and ignore_hedged:
                continue
            if state == "present":
                rows[index, 0 if gold[label] else 1] = 1
            elif gold[label]:
                rows[index, 2] = 1
        return rows


def _f1(total: Counts) -> NDArray[np.float64]:
    hit, extra, missed = total[..., 0], total[..., 1], total[..., 2]
    return np.asarray(2 * hit / np.maximum(1, 2 * hit + extra + missed), np.float64)


def _draws(n: int) -> NDArray[np.int64]:
    return np.random.default_rng(_SEED).integers(0, n, (_ROUNDS, n))


def _interval(values: NDArray[np.float64]) -> str:
    low, high = np.quantile(values, (0.025, 0.975))
    return f"({low:.3f}-{high:.3f})"


def label_rows(sample: Sample) -> list[str]:
    """Table rows: one a label, then the macro means of F1."""
    draws = _draws(len(sample.gold))
    rows, points, boots = [], [], []
    for label in sample.labels:
        strict, lenient = (sample.counts(label, hedged) for hedged in (False, True))
        hit, extra, missed = strict.sum(0)
        point = [float(_f1(c.sum(0))) for c in (strict, lenient)]
        boot = [_f1(c[draws].sum(1)) for c in (strict, lenient)]
        points.append(point)
        boots.append(boot)
        rows.append(
            f"{label.value} | {hit + missed} | {hit / max(1, hit + extra):.3f} | "
            f"{hit / max(1, hit + missed):.3f} | {point[0]:.3f} {_interval(boot[0])} | "
            f"{point[1]:.3f} {_interval(boot[1])}"
        )
    means, spread = np.mean(points, axis=0), np.mean(boots, axis=0)
    rows.append(
        f"**macro** | | | | **{means[0]:.3f}** {_interval(spread[0])} | "
        f"**{means[1]:.3f}** {_interval(spread[1])}"
    )
    return rows


def flips(sample: Sample) -> str:
    """Return "denied / positives | asserted / negatives", over all labels."""
    denied = positives = asserted = negatives = 0
    for gold, said in zip(sample.gold, sample.said, strict=True):
        for label in sample.labels:
            state = said.get(label.value)
            positives += gold[label]
            negatives += not gold[label]
            denied += gold[label] and state == "absent"
            asserted += not gold[label] and state == "present"
    return f"{denied} of {positives} | {asserted} of {negatives}"


def accuracy_row(pairs: Sequence[tuple[dict[str, str | None], dict[str, str]]]) -> str:
    """Mentions right with their interval, texts right, and the two dangerous flips."""
    right, mentions = [], []
    texts = denied = asserted = 0
    for expected, said in pairs:
        named = {label: state for label, state in expected.items() if state}
        right.append(sum(said.get(label) == state for label, state in named.items()))
        mentions.append(len(named))
        texts += all(said.get(label) == state for label, state in expected.items())
        denied += sum(s != "absent" and said.get(k) == "absent" for k, s in named.items())
        asserted += sum(s != "present" and said.get(k) == "present" for k, s in expected.items())
    hits, totals = np.array(right), np.array(mentions)
    draws = _draws(len(pairs))
    boot = hits[draws].sum(1) / totals[draws].sum(1)
    share = hits.sum() / totals.sum()
    return (
        f"{hits.sum()} of {totals.sum()} = {share:.3f} {_interval(boot)} | "
        f"{texts} of {len(pairs)} | {denied} | {asserted}"
    )


def speed_row(result: dict[str, Any], ours: dict[str, Any]) -> str:
    latency = np.array(result["latency_ms"])
    ratio: Callable[[Any], float] = lambda r: len(r["latency_ms"]) / r["seconds"]  # noqa: E731
    median, p99 = np.quantile(latency, (0.5, 0.99))
    return (
        f"{ratio(result):.0f} | {ratio(ours) / ratio(result):.1f}x | {median:.2f} | {p99:.2f} | "
        f"{result['peak_mb']:.0f}"
    )
