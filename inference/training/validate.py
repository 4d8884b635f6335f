"""How good the network is on pictures it never learnt from, epoch by epoch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from inference.boxes import iou
from inference.grounders.embedded.decode import (
    Maps,
    average,
    best_boxes,
    mirror,
    peak_logits,
)
from inference.grounders.embedded.preprocess import Pixels, to_input
from inference.schema import Box
from inference.training.dataset import IMAGE_CLASSES, Sample
from inference.training.model import COARSE_CLASSES, FINE_CLASSES, Detector, Heads
from inference.training.precision import autocast
from inference.vocabulary import LABELS, Label

BATCH = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network says of one picture: two logits and the best box of each label."""

    image: dict[Label, float]
    peak: dict[Label, float]
    boxes: dict[Label, Box]


def look(model: Detector, pixels: Pixels, flip: bool = False) -> list[Seen]:
    """Run ``model`` over uint8 [N, S, S]; ``flip`` averages with the mirrored picture."""
    model.eval()
    seen: list[Seen] = []
    for start in range(0, len(pixels), BATCH):
        batch = np.array(pixels[start : start + BATCH])
        views = [_run(model, batch)]
        if flip:
            views.append(_run(model, batch[:, :, ::-1].copy(), flipped=True))
        seen.extend(_merge([view[row] for view in views]) for row in range(len(batch)))
    return seen


def score(samples: Sequence[Sample], seen: Sequence[Seen]) -> dict[str, float]:
    """AUC of each label against "No Finding", and the share of boxes met at IoU 0.3."""
    figures: dict[str, float] = {}
    for label in LABELS:
        for name, values in (
            ("image", [s.image[label] for s in seen]),
            ("peak", [s.peak[label] for s in seen]),
            ("both", [s.image[label] + s.peak[label] for s in seen]),
        ):
            figures[f"auc_{name}_{label}"] = _auc(samples, values, label)
        figures[f"iou30_{label}"] = _met(samples, seen, label, 0.3)
        figures[f"iou50_{label}"] = _met(samples, seen, label, 0.5)
    for name in ("auc_image", "auc_peak", "auc_both", "iou30", "iou50"):
        figures[name] = float(np.mean([figures[f"{name}_{label}"] for label in LABELS]))
    return figures


def _run(
    model: Detector, batch: npt.NDArray[np.uint8], flipped: bool = False
) -> list[tuple[Maps, Maps, npt.NDArray[np.float32]]]:
    with torch.no_grad(), autocast():
        pixels = torch.from_numpy(to_input(batch)).contiguous(memory_format=torch.channels_last)
        output = model(pixels)
    coarse, fine = _split(output.coarse, COARSE_CLASSES), _split(output.fine, FINE_CLASSES)
    if flipped:
        coarse, fine = [mirror(m) for m in coarse], [mirror(m) for m in fine]
    return list(zip(coarse, fine, _array(output.image), strict=True))


def _split(heads: Heads, classes: tuple[str, ...]) -> list[Maps]:
    """One ``Maps`` a picture, without the classes that are never reported."""
    kept = [row for row, name in enumerate(classes) if name in LABELS]
    labels = tuple(Label(classes[row]) for row in kept)
    heat, ltrb = _array(heads.heat)[:, kept], _array(heads.ltrb)[:, kept]
    return [Maps(labels, heat[row], ltrb[row]) for row in range(len(heat))]


def _merge(views: list[tuple[Maps, Maps, npt.NDArray[np.float32]]]) -> Seen:
    coarse, fine = average([v[0] for v in views]), average([v[1] for v in views])
    image = np.mean([v[2] for v in views], axis=0)
    boxes = best_boxes(coarse) | best_boxes(fine)
    return Seen(
        image={label: float(image[IMAGE_CLASSES.index(label)]) for label in LABELS},
        peak=peak_logits(coarse) | peak_logits(fine),
        boxes=boxes,
    )


def _auc(samples: Sequence[Sample], values: list[float], label: Label) -> float:
    """Share of (positive, normal) pairs in the right order; ties count half."""
    scores = np.array(values)
    positive = scores[[label in s.classes for s in samples]]
    normal = scores[[s.normal for s in samples]]
    if not len(positive) or not len(normal):
        return float("nan")
    above = (positive[:, None] > normal[None]).mean() + (
        positive[:, None] == normal[None]
    ).mean() / 2
    return float(above)


def _met(samples: Sequence[Sample], seen: Sequence[Seen], label: Label, least: float) -> float:
    hits = [
        max(iou(s.boxes[label], box) for box in own) >= least
        for sample, s in zip(samples, seen, strict=True)
        if (own := [box for name, box in sample.boxes if name == label])
    ]
    return float(np.mean(hits)) if hits else float("nan")


def _array(tensor: Tensor) -> npt.NDArray[np.float32]:
    return np.asarray(tensor.detach().float().numpy())
