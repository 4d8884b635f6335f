"""Make each sight of a picture a little different: geometry first, then light, then damage."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from inference.schema import Box

ROTATION = math.radians(9.0)
SCALE, ASPECT, SHIFT = 0.16, 0.06, 0.07
GAMMA, CONTRAST, BRIGHTNESS, NOISE = 0.3, 0.2, 0.1, 0.04
LEAST_VISIBLE = 0.4
"""A box of which less than this share stays inside the picture is dropped with its label kept."""


@dataclass(frozen=True, slots=True)
class Warp:
    """``matrix`` [2, 3] maps output coordinates to input ones, both -1..1 (x, y)."""

    matrix: Tensor


def draw_warps(count: int, generator: torch.Generator) -> list[Warp]:
    """Random rotation, scale, aspect, shift and mirror for ``count`` pictures."""
    return [Warp(_matrix(_uniform(6, generator))) for _ in range(count)]


def warp_pixels(pixels: Tensor, warps: list[Warp], size: int) -> Tensor:
    """float [B, S, S] in -1..1 to [B, 1, size, size]; what comes from outside is black."""
    theta = torch.stack([warp.matrix for warp in warps])
    grid = functional.affine_grid(theta, [len(warps), 1, size, size], align_corners=False)
    return functional.grid_sample(pixels[:, None] + 1.0, grid, align_corners=False) - 1.0


def warp_box(box: Box, warp: Warp) -> Box | None:
    """The upright box round the warped ellipse of ``box``, clipped; None if mostly outside.

    The ellipse, not the corners: corners would grow a box with every rotation.
    """
    centre_y, centre_x = box[0] + box[2] - 1.0, box[1] + box[3] - 1.0
    half_y, half_x = box[2] - box[0], box[3] - box[1]
    inverse = torch.linalg.inv(warp.matrix[:, :2])
    x, y = (inverse @ (torch.tensor([centre_x, centre_y]) - warp.matrix[:, 2])).tolist()
    (a, b), (c, d) = inverse.tolist()
    wide, tall = math.hypot(a * half_x, b * half_y), math.hypot(c * half_x, d * half_y)
    whole = ((y - tall + 1) / 2, (x - wide + 1) / 2, (y + tall + 1) / 2, (x + wide + 1) / 2)
    seen = (max(0.0, whole[0]), max(0.0, whole[1]), min(1.0, whole[2]), min(1.0, whole[3]))
    height, width = seen[2] - seen[0], seen[3] - seen[1]
    area = (whole[2] - whole[0]) * (whole[3] - whole[1])
    if height <= 0 or width <= 0 or height * width < LEAST_VISIBLE * area:
        return None
    return seen


def relight(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Gamma, contrast, brightness, coarser sampling, noise and one hole, each picture its own."""
    batch, _, size, _ = pixels.shape
    gamma = torch.exp(_spread(batch, GAMMA, generator))
    lit = ((pixels + 1.0) / 2.0).clamp(1e-4, 1.0) ** gamma * 2.0 - 1.0
    lit = lit * (1 + _spread(batch, CONTRAST, generator)) + _spread(batch, BRIGHTNESS, generator)
    for row, dice in enumerate(_uniform(batch, generator).tolist()):
        if dice < 0.3:
            lit[row : row + 1] = _coarsen(lit[row : row + 1], 0.4 + dice * 1.8)
    level = torch.rand(batch, 1, 1, 1, generator=generator) * NOISE
    lit = lit + level * torch.randn(lit.shape, generator=generator)
    return _punch(lit, size, generator).clamp(-1.0, 1.05)


def _coarsen(picture: Tensor, factor: float) -> Tensor:
    """Resolution is no cue: some sources are 224 pixels, some 3,000."""
    size = picture.shape[-1]
    small = functional.interpolate(
        picture, scale_factor=factor, mode="bilinear", antialias=True, align_corners=False
    )
    return functional.interpolate(small, size=(size, size), mode="bilinear", align_corners=False)


def _punch(pixels: Tensor, size: int, generator: torch.Generator) -> Tensor:
    for row, (dice, y, x, edge) in enumerate(torch.rand(len(pixels), 4, generator=generator)):
        if dice < 0.25:
            side = int(size * (0.04 + 0.1 * edge))
            top, left = int(y * (size - side)), int(x * (size - side))
            hole = pixels[row, :, top : top + side, left : left + side]
            hole.fill_(float(hole.mean()))
    return pixels


def _matrix(dice: Tensor) -> Tensor:
    angle, scale, aspect, shift_x, shift_y, mirror = (dice * 2 - 1).tolist()
    cos, sin = math.cos(angle * ROTATION), math.sin(angle * ROTATION)
    wide, tall = (
        math.exp(scale * SCALE + aspect * ASPECT),
        math.exp(scale * SCALE - aspect * ASPECT),
    )
    flip = -1.0 if mirror < 0 else 1.0
    return torch.tensor(
        [
            [flip * cos * wide, -flip * sin * tall, 2 * shift_x * SHIFT],
            [sin * wide, cos * tall, 2 * shift_y * SHIFT],
        ]
    )


def _uniform(count: int, generator: torch.Generator) -> Tensor:
    return torch.rand(count, generator=generator)


def _spread(count: int, width: float, generator: torch.Generator) -> Tensor:
    return ((_uniform(count, generator) * 2 - 1) * width).view(count, 1, 1, 1)
