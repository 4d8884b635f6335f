"""From what the networks see to scores, states and findings, by the card's numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from inference.grounders.embedded.card import LabelCard
from inference.grounders.embedded.decode import best_boxes, peak_logits
from inference.grounders.embedded.network import Sight
from inference.schema import Box, Finding
from inference.vocabulary import LABELS, Label, State


@dataclass(frozen=True, slots=True)
class Judgement:
    """Scores and states of all labels, and a finding each, in label order; that of a label which
    is not present is its best candidate, marked ``below``."""

    scores: dict[Label, float]
    labels: dict[Label, State]
    findings: tuple[Finding, ...]


def evidence(sight: Sight) -> dict[Label, float]:
    """The mean of the classifier's and the heat map's logit, per label: what a score is made of."""
    peaks = peak_logits(sight.coarse) | peak_logits(sight.fine)
    return {
        label: (float(logit) + peaks[label]) / 2
        for label, logit in zip(LABELS, sight.image, strict=True)
    }


def judge(sight: Sight, cards: Mapping[Label, LabelCard]) -> Judgement:
    boxes = best_boxes(sight.coarse) | best_boxes(sight.fine)
    scores = {label: calibrated(z, cards[label]) for label, z in evidence(sight).items()}
    labels = {label: state_of(scores[label], cards[label]) for label in LABELS}
    findings = tuple(
        Finding(label, rounded(boxes[label]), scores[label], labels[label] is not State.PRESENT)
        for label in LABELS
    )
    return Judgement(scores, labels, findings)


def calibrated(logit: float, card: LabelCard) -> float:
    """Platt's sigmoid of ``logit``, rounded: two machines may differ in the last bits."""
    return round(1.0 / (1.0 + math.exp(-(card.slope * logit + card.offset))), 4)


def state_of(score: float, card: LabelCard) -> State:
    """Present from ``present`` on, absent below ``rule_out``, else uncertain."""
    if score >= card.present:
        return State.PRESENT
    return State.UNCERTAIN if score >= card.rule_out else State.ABSENT


def rounded(box: Box) -> Box:
    y0, x0, y1, x1 = (round(edge, 4) for edge in box)
    return y0, x0, y1, x1
