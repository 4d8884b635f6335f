"""One training run: seeded, resumable after any epoch, logged line by line."""

import copy
import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from inference.training.augment import draw_warps, relight, warp_box, warp_pixels
from inference.training.dataset import IMAGE_CLASSES, Cache
from inference.training.losses import build_targets, total_loss
from inference.training.model import Detector
from inference.training.precision import autocast
from inference.training.start import starting_weights
from inference.training.validate import look, score

CACHED = 512
NORMALS_PER_EPOCH, NODULES_PER_EPOCH, PHANTOMS_PER_EPOCH = 300, 80, 100
BACKBONE_RATE, HEAD_RATE, DECAY = 4e-4, 1.5e-3, 0.02
WARM_STEPS, AVERAGING, CLIP = 40, 0.99, 5.0
VALIDATE_EVERY = 2

Tell = Callable[[int, int, dict[str, float]], None]
"""Called after each step with (step, steps in all, the parts of the loss)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is made of; two runs of one plan on one machine give the same weights.

    ``rate`` multiplies the learning rates: below 1 for a run that starts from another's weights.
    ``fixed_norms`` leaves the batch norms' statistics alone, as a start from an exported network
    needs it.
    """

    size: int = 416
    epochs: int = 14
    batch: int = 16
    seed: int = 1
    rate: float = 1.0
    fixed_norms: bool = False


class Run:
    """Weights, their moving average, optimiser and place in the schedule.

    ``data`` is a hash of what is learnt from: a run goes on with that alone.
    """

    def __init__(self, plan: Plan, train: Cache, held: Cache, out: Path, data: str = "") -> None:
        torch.manual_seed(plan.seed)
        self.data = data
        self.plan, self.train, self.held, self.out = plan, train, held, out
        detector = Detector(plan.size, fixed_norms=plan.fixed_norms)
        self.model = detector.to(memory_format=torch.channels_last)
        self.averaged = copy.deepcopy(self.model)
        self.optimiser = torch.optim.AdamW(_groups(self.model, plan.rate), weight_decay=DECAY)
        self.rates = [group["lr"] for group in self.optimiser.param_groups]
        self.balance = _balance(train)
        self.epoch = 0
        self.log: list[dict[str, Any]] = []

    @property
    def steps_an_epoch(self) -> int:
        return math.ceil(len(epoch_order(self.train, self.plan.seed, 0)) / self.plan.batch)

    def start_from(self, checkpoint: Path) -> None:
        """Begin with a finished run's averaged weights, or an exported network's, instead of
        ImageNet's."""
        weights = starting_weights(checkpoint, self.plan.size)
        self.model.load_state_dict(weights)
        self.averaged.load_state_dict(weights)

    def resume(self) -> bool:
        """Take up the checkpoint in ``out`` if there is one; only ``epochs`` may have changed."""
        path = self.out / "checkpoint.pt"
        if not path.exists():
            return False
        saved = torch.load(path, map_location="cpu", weights_only=True)
        # A setting that is younger than the checkpoint had its default.
        planned = asdict(Plan()) | saved["plan"] | {"epochs": self.plan.epochs}
        if planned != asdict(self.plan):
            raise ValueError(f"{path} belongs to another plan: {saved['plan']}")
        if saved.get("data", self.data) != self.data:
            raise ValueError(f"{path} learnt from other data than this: choose another folder")
        self.model.load_state_dict(saved["model"])
        self.averaged.load_state_dict(saved["averaged"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.epoch, self.log = saved["epoch"], saved["log"]
        return True

    def finish(self, tell: Tell) -> None:
        """Train what is left of the schedule; a checkpoint and a log line after each epoch."""
        while self.epoch < self.plan.epochs:
            started = time.monotonic()
            losses = self._one_epoch(tell)
            self.epoch += 1
            record = {"epoch": self.epoch, "loss": losses}
            if self.epoch % VALIDATE_EVERY == 0 or self.epoch == self.plan.epochs:
                record["val"] = score(self.held.samples, look(self.averaged, self.held.pixels))
            record["seconds"] = round(time.monotonic() - started)
            self.log.append(record)
            self._save()

    def _one_epoch(self, tell: Tell) -> dict[str, float]:
        generator = torch.Generator().manual_seed(self.plan.seed * 1000 + self.epoch)
        # Dropout draws from the global generator: a resumed run must find it where it was.
        torch.manual_seed(self.plan.seed * 1000 + self.epoch)
        order = epoch_order(self.train, self.plan.seed, self.epoch)
        sums: dict[str, float] = {}
        steps = self.steps_an_epoch
        for number, rows in enumerate(_batches(order, self.plan.batch)):
            step = self.epoch * steps + number
            self._set_rate(step, steps * self.plan.epochs)
            parts = self._step(rows, generator, step)
            tell(step + 1, steps * self.plan.epochs, parts)
            sums = {name: sums.get(name, 0.0) + value for name, value in parts.items()}
        return {name: round(value / steps, 4) for name, value in sums.items()}

    def _step(self, rows: list[int], generator: torch.Generator, step: int) -> dict[str, float]:
        self.model.train()
        samples = [self.train.samples[row] for row in rows]
        warps = draw_warps(len(rows), generator)
        stored = torch.from_numpy(np.stack([self.train.pixels[row] for row in rows]))
        pixels = warp_pixels((stored.float() - 127.0) / 128.0, warps, self.plan.size)
        pixels = relight(pixels, generator).contiguous(memory_format=torch.channels_last)
        drawn = [
            [(name, moved) for name, box in s.boxes if (moved := warp_box(box, warp)) is not None]
            for s, warp in zip(samples, warps, strict=True)
        ]
        with autocast():
            output = self.model(pixels)
        parts = total_loss(
            output.float(), build_targets(samples, drawn, self.plan.size), self.balance
        )
        self.optimiser.zero_grad(set_to_none=True)
        sum(parts.values(), torch.zeros(())).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self.optimiser.step()
        _follow(self.averaged, self.model, min(AVERAGING, (1 + step) / (10 + step)))
        return {name: float(value.detach()) for name, value in parts.items()}

    def _set_rate(self, step: int, steps: int) -> None:
        """Linear warm-up, then a cosine to 1% of the rate."""
        share = step / max(1, steps)
        warm = max(1, min(WARM_STEPS, steps // 10))
        shape = 0.01 + 0.99 * (1 + math.cos(math.pi * share)) / 2
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * shape * min(1.0, (step + 1) / warm)

    def _save(self) -> None:
        """Write beside, then rename: a kill in the middle leaves the last good checkpoint."""
        state = {
            "plan": asdict(self.plan),
            "data": self.data,
            "model": self.model.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "epoch": self.epoch,
            "log": self.log,
        }
        torch.save(state, self.out / "checkpoint.part")
        (self.out / "checkpoint.part").replace(self.out / "checkpoint.pt")
        lines = "".join(json.dumps(record) + "\n" for record in self.log)
        (self.out / "log.jsonl").write_text(lines, encoding="ascii")


def epoch_order(cache: Cache, seed: int, epoch: int) -> list[int]:
    """Rows of one epoch: every boxed picture, pneumothorax twice, and a draw of the others."""
    dice = np.random.default_rng((seed, epoch))
    groups = cache.groups
    rows = [*groups["boxed"], *groups["rare"]]
    for name, most in (
        ("normal", NORMALS_PER_EPOCH),
        ("nodule", NODULES_PER_EPOCH),
        ("phantom", PHANTOMS_PER_EPOCH),
    ):
        group = groups.get(name, [])
        rows.extend(dice.choice(group, min(most, len(group)), replace=False).tolist())
    dice.shuffle(rows)
    return rows


def _batches(rows: Sequence[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])


def _balance(cache: Cache) -> Tensor:
    """sqrt(negatives / positives) of each class, 1 to 4: rare classes are not drowned."""
    weights = []
    for name in IMAGE_CLASSES:
        known = [s for s in cache.samples if name in s.known]
        positive = sum(name in s.classes for s in known)
        weights.append(math.sqrt((len(known) - positive) / max(1, positive)))
    return torch.tensor(weights).clamp(1.0, 4.0)


def _groups(model: Detector, rate: float) -> list[dict[str, Any]]:
    backbone = {id(p) for p in model.blocks.parameters()}
    learning = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in learning if id(p) in backbone], "lr": BACKBONE_RATE * rate},
        {"params": [p for p in learning if id(p) not in backbone], "lr": HEAD_RATE * rate},
    ]


def _follow(averaged: Detector, model: Detector, keep: float) -> None:
    """Exponential moving average of weights; batch statistics too, counters copied."""
    with torch.no_grad():
        for slow, fast in zip(
            averaged.state_dict().values(), model.state_dict().values(), strict=True
        ):
            if slow.dtype.is_floating_point:
                slow.mul_(keep).add_(fast, alpha=1 - keep)
            else:
                slow.copy_(fast)
