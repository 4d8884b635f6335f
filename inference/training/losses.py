"""What the network is asked for, and where it must not be asked.

Boxes are not exhaustive: usually one finding is boxed in a picture that has several. A class
that the picture's labels name but no box shows teaches "somewhere", never "not here".
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from inference.schema import Box
from inference.training.dataset import (
    ATELECTASIS,
    HEAT_CLASSES,
    IMAGE_CLASSES,
    LOOKS_LIKE_OPACITY,
    Sample,
)
from inference.training.model import COARSE_CLASSES, FINE_CLASSES, Heads, Output
from inference.vocabulary import Label

IMAGE_WEIGHT, PEAK_WEIGHT, HEAT_WEIGHT, BOX_WEIGHT = 1.0, 0.7, 0.5, 1.0
SMOOTHING = 0.02
TOP_CELLS = 4
FOCAL_ALPHA, FOCAL_BETA = 2.0, 4.0
_BOX_SHARE = {len(COARSE_CLASSES): 0.75, len(FINE_CLASSES): 0.25}
"""About each head's share of the boxes."""
CENTRE, CORE = 0.999, 0.15
"""Cells whose heat target is above these are the centre of a box, and learn its sides."""

Boxes = Sequence[tuple[str, Box]]


@dataclass(frozen=True, slots=True)
class HeadTargets:
    """``heat`` and ``weight`` [B, K, h, w]; ``corners`` [B, K, 4, h, w], the box of each cell."""

    heat: Tensor
    weight: Tensor
    corners: Tensor


@dataclass(frozen=True, slots=True)
class Targets:
    """``image`` 0/1 and ``known`` 0/1, both [B, len(IMAGE_CLASSES)], and those of the heads."""

    image: Tensor
    known: Tensor
    coarse: HeadTargets
    fine: HeadTargets


def build_targets(samples: Sequence[Sample], boxes: Sequence[Boxes], size: int) -> Targets:
    """Targets of a batch; ``boxes`` are the samples' boxes after augmentation."""
    image = torch.tensor([[float(c in s.classes) for c in IMAGE_CLASSES] for s in samples])
    known = torch.tensor([[float(c in s.known) for c in IMAGE_CLASSES] for s in samples])
    coarse = _head_targets(samples, boxes, COARSE_CLASSES, size // 16)
    fine = _head_targets(samples, boxes, FINE_CLASSES, size // 8)
    return Targets(image, known, coarse, fine)


def total_loss(output: Output, targets: Targets, balance: Tensor) -> dict[str, Tensor]:
    """Each part of the loss, already weighted; ``balance`` [classes] weighs positives."""
    heads = (
        (output.coarse, targets.coarse, COARSE_CLASSES),
        (output.fine, targets.fine, FINE_CLASSES),
    )
    peak = box = heat = torch.zeros(())
    centres = sum(int((wanted.heat >= CENTRE).sum()) for _, wanted, _ in heads)
    for made, wanted, classes in heads:
        peaks = made.heat.flatten(2).topk(TOP_CELLS, dim=2).values.mean(2)
        share = len(classes) / len(HEAT_CLASSES)
        peak = peak + share * _image_loss(peaks, targets, balance, classes)
        heat = heat + focal(made.heat, wanted) / max(1, centres)
        box = box + box_loss(made, wanted)
    return {
        "image": IMAGE_WEIGHT * _image_loss(output.image, targets, balance, IMAGE_CLASSES),
        "peak": PEAK_WEIGHT * peak,
        "heat": HEAT_WEIGHT * heat,
        "box": BOX_WEIGHT * box,
    }


def focal(logits: Tensor, wanted: HeadTargets) -> Tensor:
    """CenterNet's penalty-reduced focal loss, summed over the batch."""
    probability = torch.sigmoid(logits).clamp(1e-4, 1 - 1e-4)
    centre = (wanted.heat >= CENTRE).float()
    hit = centre * (1 - probability) ** FOCAL_ALPHA * torch.log(probability)
    miss = (1 - centre) * (1 - wanted.heat) ** FOCAL_BETA
    miss = miss * probability**FOCAL_ALPHA * torch.log(1 - probability)
    return -((hit + miss) * wanted.weight).sum()


def box_loss(heads: Heads, wanted: HeadTargets) -> Tensor:
    """1 - GIoU + 2 L1 over the cells at the heart of a box, weighted by the heat target."""
    weight = wanted.heat * (wanted.heat > CORE) * (wanted.weight > 0)
    if not bool(weight.any()):
        return heads.ltrb.sum() * 0.0
    corners = cell_corners(heads.ltrb)
    chosen = weight > 0
    predicted = corners.permute(0, 1, 3, 4, 2)[chosen]
    true = wanted.corners.permute(0, 1, 3, 4, 2)[chosen]
    overlap = 1 - _giou(predicted, true)
    distance = (predicted - true).abs().sum(1)
    loss = (overlap + 2 * distance) * weight[chosen]
    return _BOX_SHARE[heads.ltrb.shape[1]] * loss.sum() / weight.sum()


def cell_corners(ltrb: Tensor) -> Tensor:
    """Boxes (y0, x0, y1, x1) [B, K, 4, h, w] in 0..1 from each cell's distances to the sides."""
    rows, columns = ltrb.shape[-2:]
    y = ((torch.arange(rows) + 0.5) / rows).view(rows, 1)
    x = ((torch.arange(columns) + 0.5) / columns).view(1, columns)
    top, left, bottom, right = ltrb.unbind(2)
    return torch.stack((y - top, x - left, y + bottom, x + right), 2)


def _image_loss(
    logits: Tensor, targets: Targets, balance: Tensor, classes: tuple[str, ...]
) -> Tensor:
    columns = [IMAGE_CLASSES.index(c) for c in classes]
    wanted, known = targets.image[:, columns], targets.known[:, columns]
    soft = wanted * (1 - 2 * SMOOTHING) + SMOOTHING
    loss = functional.binary_cross_entropy_with_logits(logits, soft, reduction="none")
    loss = loss * known * torch.where(wanted > 0, balance[columns], torch.ones(()))
    return loss.sum() / known.sum().clamp(min=1.0)


def _head_targets(
    samples: Sequence[Sample], boxes: Sequence[Boxes], classes: tuple[str, ...], cells: int
) -> HeadTargets:
    shape = (len(samples), len(classes), cells, cells)
    heat, weight = torch.zeros(shape), torch.zeros(shape)
    corners = torch.zeros(len(samples), len(classes), 4, cells, cells)
    for row, (sample, drawn) in enumerate(zip(samples, boxes, strict=True)):
        for column, name in enumerate(classes):
            own = [box for label, box in drawn if label == name]
            weight[row, column] = _heat_weight(sample, name, bool(own))
            for box in own:
                _paint(heat[row, column], corners[row, column], box)
    return HeadTargets(heat, weight, corners)


def _heat_weight(sample: Sample, name: str, boxed: bool) -> float:
    """How much the heat map of one class in one picture counts."""
    if boxed:
        return 1.0
    if name not in sample.known or name in sample.classes:
        return 0.0
    if name in (Label.LUNG_OPACITY_CONSOLIDATION, ATELECTASIS) and (
        sample.native & LOOKS_LIKE_OPACITY or Label.LUNG_OPACITY_CONSOLIDATION in sample.classes
    ):
        return 0.0
    return 1.0 if sample.normal or sample.exhaustive else 0.5


def _paint(heat: Tensor, corners: Tensor, box: Box) -> None:
    """Draw one box: a Gaussian of sigma = side / 6 round its centre cell, at least 0.7 cells."""
    cells = heat.shape[0]
    bell = torch.ones(())
    for axis in (0, 1):
        centre = min(cells - 1, int((box[axis] + box[axis + 2]) / 2 * cells))
        sigma = max(0.7, (box[axis + 2] - box[axis]) * cells / 6)
        line = torch.exp(-((torch.arange(cells) - centre) ** 2) / (2 * sigma**2))
        bell = bell * (line[:, None] if axis == 0 else line[None, :])
    stronger = bell > heat
    heat.copy_(torch.where(stronger, bell, heat))
    corners.copy_(torch.where(stronger[None], torch.tensor(box)[:, None, None], corners))


def _giou(first: Tensor, second: Tensor) -> Tensor:
    """Generalised IoU (Rezatofighi et al., CVPR 2019) of two [N, 4] lists of boxes."""
    low, high = (
        torch.maximum(first[:, :2], second[:, :2]),
        torch.minimum(first[:, 2:], second[:, 2:]),
    )
    shared = (high - low).clamp(min=0).prod(1)
    areas = (first[:, 2:] - first[:, :2]).prod(1) + (second[:, 2:] - second[:, :2]).prod(1)
    union = areas - shared + 1e-9
    hull_low = torch.minimum(first[:, :2], second[:, :2])
    hull_high = torch.maximum(first[:, 2:], second[:, 2:])
    hull = (hull_high - hull_low).prod(1) + 1e-9
    return shared / union - (hull - union) / hull
