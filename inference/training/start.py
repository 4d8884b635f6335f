"""Weights to begin a run with: those of a finished run, or of a network that ships.

Whoever has the platform has ``detector-1.onnx`` and no checkpoint. Its export folded every batch
norm into the convolution before it; here each norm comes back as one that adds the folded bias
and does nothing else. Such norms must keep the statistics they have (``Plan.fixed_norms``): there
are no others to go on from.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from inference.training.model import Detector

EXPORTED = ".onnx"
_PREFIX, _HALVED = "detector.", ".half"


def has_fixed_norms(start: Path) -> bool:
    """Whether a run that begins with ``start`` must leave the norms' statistics alone."""
    if start.suffix == EXPORTED:
        return True
    saved = torch.load(start, map_location="cpu", weights_only=True)
    return bool(saved["plan"].get("fixed_norms"))


def starting_weights(start: Path, size: int) -> dict[str, Tensor]:
    """A state of ``Detector(size)``: a checkpoint's averaged weights, or an exported network's.

    Raises ``ValueError`` for an ONNX file that is no export of this network.
    """
    if start.suffix != EXPORTED:
        saved = torch.load(start, map_location="cpu", weights_only=True)
        averaged: dict[str, Tensor] = saved["averaged"]
        return averaged
    model = Detector(size, pretrained=False)
    _take(model, _stored(start), start)
    return model.state_dict()


def _take(model: Detector, stored: dict[str, Tensor], path: Path) -> None:
    norms = _norms(model)
    folded = {owner for owner, _ in norms}
    for name, parameter in model.named_parameters():
        if name.rpartition(".")[0] not in folded:
            parameter.data = _fitting(stored, name, parameter, path)
    for owner, convolution in norms:
        norm = model.get_submodule(owner)
        assert isinstance(norm, nn.BatchNorm2d)
        norm.reset_running_stats()
        # x / sqrt(1 + eps) * sqrt(1 + eps) + bias
        nn.init.constant_(norm.weight, (1 + norm.eps) ** 0.5)
        norm.bias.data = _fitting(stored, f"{convolution}.weight_bias", norm.bias, path)


def _norms(model: Detector) -> list[tuple[str, str]]:
    """Each batch norm and the convolution before it, by name: modules are listed as they run."""
    found, last = [], ""
    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d):
            last = name
        elif isinstance(module, nn.BatchNorm2d):
            found.append((name, last))
    return found


def _stored(path: Path) -> dict[str, Tensor]:
    """The file's tensors in 32 bits, by the network's own names."""
    found = {}
    for tensor in onnx.load(path).graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype in (np.float16, np.float32):
            name = tensor.name.removeprefix(_PREFIX).removesuffix(_HALVED)
            found[name] = torch.from_numpy(values.astype(np.float32, copy=True))
    return found


def _fitting(stored: dict[str, Tensor], name: str, like: Tensor, path: Path) -> Tensor:
    if name not in stored or stored[name].shape != like.shape:
        raise ValueError(
            f"{path} is no export of the detector: it holds no {name} of {tuple(like.shape)}"
        )
    return stored[name]
