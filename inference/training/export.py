"""From a trained network to the ONNX file that ships."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from inference.grounders.embedded.network import COARSE, OUTPUTS
from inference.training.dataset import IMAGE_CLASSES
from inference.training.model import COARSE_CLASSES, Detector
from inference.vocabulary import LABELS

LEAST_HALVED = 64
"""Smaller tensors (biases, scales) stay in 32 bits: nothing to gain."""


class Reported(nn.Module):
    """The detector without what only teaches: atelectasis, no finding."""

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self.detector = detector
        self.image_rows = [IMAGE_CLASSES.index(label) for label in LABELS]
        self.coarse_rows = [COARSE_CLASSES.index(label) for label in COARSE]

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        output = self.detector(pixels)
        return (
            output.image[:, self.image_rows],
            output.coarse.heat[:, self.coarse_rows],
            output.coarse.ltrb[:, self.coarse_rows],
            output.fine.heat,
            output.fine.ltrb,
        )


def export(checkpoint: Path, target: Path) -> int:
    """Write the averaged weights of ``checkpoint`` to ``target`` as ONNX, stored in 16 bits;
    returns the side of its input in pixels.

    onnxruntime widens them once at load, so speed and arithmetic are those of 32 bits.
    """
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    size = int(saved["plan"]["size"])
    detector = Detector(size, pretrained=False)
    detector.load_state_dict(saved["averaged"])
    write_onnx(Reported(detector).eval(), torch.zeros(2, 1, size, size), OUTPUTS, target)
    return size


def write_onnx(model: nn.Module, example: Tensor, outputs: tuple[str, ...], target: Path) -> None:
    """Export ``model`` (input ``pixels``, batch of any length) and halve its weights."""
    torch.onnx.export(
        model,
        (example,),
        target,
        input_names=["pixels"],
        output_names=list(outputs),
        dynamic_shapes=({0: torch.export.Dim.DYNAMIC},),
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    onnx.save(halve(onnx.load(target)), target)


def halve(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store float32 weights as float16, each followed by a cast back."""
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < LEAST_HALVED:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [tensor.name], [name], to=TensorProto.FLOAT))
    kept = list(graph.node)
    del graph.node[:]
    graph.node.extend([*casts, *kept])
    onnx.checker.check_model(model)
    return model
