"""Weighted box fusion: the boxes that several models draw for one label, made one where they meet.

Solovyev, Wang & Gabruseva, "Weighted boxes fusion: ensembling boxes from different object
detection models", Image and Vision Computing 107:104117 (2021). Written here because the authors'
package brings numba and pandas along, for a loop over a handful of boxes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inference.boxes import iou
from inference.schema import Box

MEET = 0.55
"""IoU from which two boxes are one, as in the paper."""


@dataclass(frozen=True, slots=True)
class Fused:
    """``share`` is the weight of the models behind it among all; ``score`` is the mean of their
    scores times that share, None where none of them gave one."""

    box: Box
    score: float | None
    share: float


@dataclass(slots=True)
class _Cluster:
    boxes: list[tuple[str, Box, float | None, float]] = field(default_factory=list)

    def add(self, model: str, box: Box, score: float | None, strength: float) -> None:
        self.boxes.append((model, box, score, strength))

    @property
    def mean(self) -> Box:
        """Edges averaged by strength: a sure model pulls harder."""
        total = sum(strength for *_, strength in self.boxes)
        y0, x0, y1, x1 = (
            sum(strength * box[edge] for _, box, _, strength in self.boxes) / total
            for edge in range(4)
        )
        return y0, x0, y1, x1


def fuse(
    drawn: Mapping[str, Sequence[tuple[Box, float | None]]], weights: Mapping[str, float]
) -> list[Fused]:
    """Fuse the boxes (with their scores in 0..1, if any) that each model draws for one label.

    A box without a score counts as sure. All models of ``drawn`` share the vote, those that drew
    nothing too. Strongest first; the same inputs give the same boxes whatever the models' order.
    """
    strongest_first = sorted(
        (
            (weights[model] * (1.0 if score is None else score), model, box, score)
            for model, boxes in drawn.items()
            for box, score in boxes
        ),
        key=lambda one: (-one[0], one[2], one[1]),
    )
    clusters: list[_Cluster] = []
    for strength, model, box, score in strongest_first:
        _nearest(clusters, box).add(model, box, score, max(strength, 1e-9))
    total = sum(weights[model] for model in drawn)
    fused = [_as_one(cluster, weights, total) for cluster in clusters]
    return sorted(fused, key=lambda one: (-one.share, -(one.score or 0.0), one.box))


def _nearest(clusters: list[_Cluster], box: Box) -> _Cluster:
    """The cluster that the box meets best, or a new one."""
    best = max(clusters, key=lambda cluster: iou(cluster.mean, box), default=None)
    if best is None or iou(best.mean, box) < MEET:
        best = _Cluster()
        clusters.append(best)
    return best


def _as_one(cluster: _Cluster, weights: Mapping[str, float], total: float) -> Fused:
    models = {model for model, *_ in cluster.boxes}
    share = min(1.0, sum(weights[model] for model in models) / total)
    known = [(weights[model], score) for model, _, score, _ in cluster.boxes if score is not None]
    score = None
    if known:
        mean = sum(weight * value for weight, value in known) / sum(weight for weight, _ in known)
        score = round(mean * share, 4)
    y0, x0, y1, x1 = (round(edge, 4) for edge in cluster.mean)
    return Fused((y0, x0, y1, x1), score, share)
