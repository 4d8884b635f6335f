"""What a second box a label would be worth: true boxes that only it meets, against normal pictures
on which it would be drawn. Part of `detector_experiments`; the shipped detector draws one."""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.detector_tables import markdown
from inference.boxes import iou
from inference.grounders.embedded.card import LabelCard
from inference.grounders.embedded.decode import Array, box_at, smoothed, strongest_cell
from inference.grounders.embedded.judge import judge
from inference.grounders.embedded.network import Sight
from inference.schema import Box
from inference.training.dataset import Sample
from inference.vocabulary import LABELS, Label, State

GAP = 2.0
"""A second box lies this many half-sides of the first away from its centre."""
MET = 0.3
SHARES = (0.8, 0.9)
"""Of the first peak's strength, from which a second box would be drawn."""


def second_box_table(
    samples: Sequence[Sample], sights: Sequence[Sight], cards: Mapping[Label, LabelCard]
) -> str:
    """A row a share of the first peak's strength."""
    head = ["second box from", "drawn", "meet a true box that the first does not", "on a normal"]
    rows = [head, ["---"] * len(head)]
    for share in SHARES:
        drawn = true = normal = 0
        for sample, sight in zip(samples, sights, strict=True):
            states = judge(sight, cards).labels
            for label in LABELS:
                if states[label] is not State.PRESENT or label is Label.CARDIOMEGALY:
                    continue
                first, second, strength = _two(sight, label)
                if strength < share:
                    continue
                own = [box for name, box in sample.boxes if name == label]
                drawn += 1
                normal += sample.normal
                true += any(iou(second, b) >= MET > iou(first, b) for b in own)
        rows.append([f"{share:g} of the first", str(drawn), str(true), str(normal)])
    return markdown(rows)


def _two(sight: Sight, label: Label) -> tuple[Box, Box, float]:
    """The first box, the second, and how strong the second is beside the first."""
    maps = sight.coarse if label in sight.coarse.labels else sight.fine
    row = maps.labels.index(label)
    heat = 1.0 / (1.0 + np.exp(-maps.heat[row]))
    smooth = smoothed(heat)
    at = strongest_cell(smooth)
    first = box_at(heat, maps.ltrb[row], *at)
    rest = np.where(_near(first, smooth), 0.0, smooth).astype(np.float32)
    other = strongest_cell(rest)
    second = box_at(heat, maps.ltrb[row], *other)
    return first, second, float(rest[other] / max(float(smooth[at]), 1e-9))


def _near(box: Box, heat: Array) -> Array:
    rows, columns = heat.shape
    y, x = ((np.arange(n) + 0.5) / n for n in (rows, columns))
    tall, wide = (box[2] - box[0]) / 2 * GAP, (box[3] - box[1]) / 2 * GAP
    near_y = np.abs(y - (box[0] + box[2]) / 2) <= max(tall, 1.5 / rows)
    near_x = np.abs(x - (box[1] + box[3]) / 2) <= max(wide, 1.5 / columns)
    return np.asarray(near_y[:, None] & near_x[None, :], dtype=np.float32)
