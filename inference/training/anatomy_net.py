"""The small U-Net that finds heart and lungs, and how it is trained on JSRT's masks.

160 pixels with heavy augmentation carries over from JSRT's films to other hospitals' far better
than a fine head does: at low resolution there is little of JSRT left to recognise.
Masks: van Ginneken et al., Medical Image Analysis 2006. Films: Shiraishi et al., AJR 2000.
"""

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from inference.anatomy import ORGANS, SIZE
from inference.grounders.embedded.preprocess import shrink
from inference.training.dataset import MASK_VALUES
from inference.training.export import write_onnx

WIDTHS = (12, 24, 48, 96, 128)
BATCH, RATE, DECAY = 16, 3e-3, 1e-4


class Block(nn.Sequential):
    """Two 3x3 convolutions with batch norm and ReLU."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        )


class AnatomyNet(nn.Module):
    """Gray [B, 1, 160, 160] to logits [B, 3, 160, 160] in the order of ``ORGANS``."""

    def __init__(self) -> None:
        super().__init__()
        pairs = list(zip((1, *WIDTHS[:-1]), WIDTHS, strict=True))
        self.down = nn.ModuleList(Block(i, o) for i, o in pairs)
        self.up = nn.ModuleList(Block(o + i, i) for i, o in pairwise(WIDTHS))
        self.last = nn.Conv2d(WIDTHS[0], len(ORGANS), 1)

    def forward(self, pixels: Tensor) -> Tensor:
        kept: list[Tensor] = []
        maps = pixels
        for block in self.down:
            maps = block(functional.max_pool2d(maps, 2) if kept else maps)
            kept.append(maps)
        for level in range(len(WIDTHS) - 2, -1, -1):
            wider = functional.interpolate(maps, scale_factor=2.0, mode="nearest")
            maps = self.up[level](torch.cat((wider, kept[level]), 1))
        organs: Tensor = self.last(maps)
        return organs


@dataclass(frozen=True, slots=True)
class Films:
    """``pixels`` float [N, 1, S, S] in -1..1; ``masks`` 0/1 [N, 3, S, S] in ``ORGANS`` order."""

    pixels: Tensor
    masks: Tensor


def read_films(folder: Path, split: str | None = None) -> Films:
    """JSRT's films and masks at twice ``SIZE``: room for zooming in."""
    with (folder / "images.csv").open(newline="", encoding="utf-8") as stream:
        names = [r["image"] for r in csv.DictReader(stream) if split in (None, r["split"])]
    size = 2 * SIZE
    pixels, masks = [], []
    for name in names:
        with Image.open(folder / "images" / name) as film:
            pixels.append(shrink(np.asarray(film.convert("L")), size))
        with Image.open(folder / "masks" / name) as film:
            labels = np.asarray(film.resize((size, size), Image.Resampling.NEAREST))
        masks.append(np.stack([labels == MASK_VALUES[organ] for organ in ORGANS]))
    scaled = (torch.from_numpy(np.stack(pixels)).float()[:, None] - 127.0) / 128.0
    return Films(scaled, torch.from_numpy(np.stack(masks)).float())


def train(
    films: Films, epochs: int, seed: int, tell: Callable[[float], None] = lambda loss: None
) -> AnatomyNet:
    """BCE and Dice, one-cycle schedule; the same seed gives the same network.

    ``tell`` hears the mean loss of each epoch.
    """
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    net = AnatomyNet()
    optimiser = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    steps = math.ceil(len(films.pixels) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps * epochs)
    for _ in range(epochs):
        losses = []
        for rows in torch.randperm(len(films.pixels), generator=generator).split(BATCH):
            pixels, masks = distort(films.pixels[rows], films.masks[rows], generator)
            logits = net(pixels)
            loss = functional.binary_cross_entropy_with_logits(logits, masks) + _dice(logits, masks)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        tell(sum(losses) / len(losses))
    return net.eval()


def export(net: AnatomyNet, target: Path) -> None:
    write_onnx(net, torch.zeros(2, 1, SIZE, SIZE), ("organs",), target)


def distort(pixels: Tensor, masks: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Affine, shading, gamma, contrast, blur, noise, opaque patches; never a mirror image
    (the heart points left: a mirrored film must not pass for a plain one)."""
    theta = torch.stack([_affine(torch.rand(6, generator=generator)) for _ in pixels])
    grid = functional.affine_grid(theta, [len(pixels), 1, SIZE, SIZE], align_corners=False)
    seen = functional.grid_sample(pixels + 1.0, grid, align_corners=False) - 1.0
    truth = functional.grid_sample(masks, grid, align_corners=False)
    return _damage(_shade(seen, generator), generator), (truth > 0.5).float()


def _affine(dice: Tensor) -> Tensor:
    angle, scale, aspect, x, y, shear = (dice * 2 - 1).tolist()
    turn, zoom = angle * math.radians(12), math.exp(scale * 0.3)
    wide, tall = zoom * math.exp(aspect * 0.18), zoom * math.exp(-aspect * 0.18)
    cos, sin = math.cos(turn), math.sin(turn)
    return torch.tensor(
        [[cos * wide, (shear * 0.1 - sin) * tall, x * 0.22], [sin * wide, cos * tall, y * 0.22]]
    )


def _shade(pixels: Tensor, generator: torch.Generator) -> Tensor:
    batch = len(pixels)
    low = torch.randn(batch, 1, 4, 4, generator=generator) * 0.25
    cloud = functional.interpolate(low, size=(SIZE, SIZE), mode="bicubic", align_corners=False)
    gamma = torch.exp((torch.rand(batch, 1, 1, 1, generator=generator) * 2 - 1) * 0.6)
    lit = ((pixels + 1) / 2).clamp(1e-4, 1) ** gamma * 2 - 1
    contrast = 1 + (torch.rand(batch, 1, 1, 1, generator=generator) * 2 - 1) * 0.35
    bright = (torch.rand(batch, 1, 1, 1, generator=generator) * 2 - 1) * 0.2
    return lit * contrast + bright + cloud


def _damage(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Blur, noise, and pale patches over a lung: disease hides the border that must be found."""
    for row, dice in enumerate(torch.rand(len(pixels), 8, generator=generator).tolist()):
        if dice[0] < 0.3:
            pixels[row] = functional.avg_pool2d(pixels[row], 3, 1, 1)
        if dice[1] < 0.5:
            height, width = int(10 + dice[2] * 50), int(10 + dice[3] * 50)
            top, left = int(dice[4] * (SIZE - height)), int(dice[5] * (SIZE - width))
            patch = pixels[row, :, top : top + height, left : left + width]
            patch.mul_(1 - dice[6] * 0.8).add_(dice[7] * dice[6] * 0.8)
    noise = torch.rand(len(pixels), 1, 1, 1, generator=generator) * 0.12
    return (pixels + noise * torch.randn(pixels.shape, generator=generator)).clamp(-1.0, 1.1)


def _dice(logits: Tensor, masks: Tensor) -> Tensor:
    made = torch.sigmoid(logits)
    shared = (made * masks).sum((0, 2, 3))
    return 1 - ((2 * shared + 1) / ((made + masks).sum((0, 2, 3)) + 1)).mean()
