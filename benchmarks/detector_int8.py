"""``python -m benchmarks.detector_int8 --data DIR``: what 8-bit networks would cost and save.

Quantises the shipped detectors (static QDQ, a scale a channel, MinMax over training pictures; the
last convolutions of the heads stay in floats) and compares them with what ships on the val split.
Needs the packages of requirements-train.txt. Writes its line of docs/model-card-embedded.md (or
to stdout with ``--stdout``).
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from benchmarks.detector_experiments import Seen, case_of, compared, see
from benchmarks.detector_figures import Panel
from benchmarks.detector_tables import cell, markdown, write_between
from inference.grounders.embedded.card import FOLDER, Card, Network, read_card, read_weights
from inference.grounders.embedded.network import open_session, view
from inference.grounders.embedded.preprocess import shrink, to_input
from inference.images import read_image
from inference.training.dataset import Sample, read_samples

CALIBRATED = 90
TIMED = 20
HEAD = ["", "mean AUC", "IoU >= .3", "IoU >= .5", "MB a network", "ms a view"]


class Pictures(CalibrationDataReader):  # type: ignore[misc]
    """Training pictures, one by one, as the networks read them."""

    def __init__(self, samples: Sequence[Sample], size: int) -> None:
        self._inputs: Iterator[dict[str, npt.NDArray[np.float32]]] = (
            {"pixels": to_input(shrink(read_image(s.path), size)[None])} for s in samples
        )

    def get_next(self) -> dict[str, npt.NDArray[np.float32]] | None:
        return next(self._inputs, None)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder: images.csv, boxes.csv")
    parser.add_argument("--stdout", action="store_true", help="print; leave the document alone")
    args = parser.parse_args(argv)
    everyone, card = read_samples(args.data), read_card(FOLDER)
    learning = [s for s in everyone if s.split == "train"]
    drawn = np.random.default_rng(0).choice(len(learning), CALIBRATED, replace=False)
    held = [(s, read_image(s.path)) for s in everyone if s.split == "val"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        small = quantised(card, [learning[row] for row in sorted(drawn)], folder)
        panels = {"16 bits, as shipped": panel(see(card, FOLDER, held), card)}
        panels["8 bits"] = panel(see(small, folder, held), card)
        text = table(panels, {"16 bits, as shipped": (card, FOLDER), "8 bits": (small, folder)})
    if args.stdout:
        sys.stdout.write(text + "\n")
    else:
        write_between("int8", text)
    return 0


def quantised(card: Card, pictures: Sequence[Sample], folder: Path) -> Card:
    """The card of an 8-bit copy of the detectors, which is written to ``folder``."""
    (folder / card.anatomy.file).write_bytes(read_weights(card.anatomy))
    members = []
    for member in card.members:
        whole, target = folder / f"whole-{member.file}", folder / member.file
        onnx.save(widened(onnx.load_from_string(read_weights(member))), whole)
        quantize_static(
            whole,
            target,
            Pictures(pictures, card.size),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=last_convolutions(onnx.load(whole)),
        )
        members.append(Network(member.file, hashlib.sha256(target.read_bytes()).hexdigest()))
    return replace(card, members=tuple(members))


def widened(model: onnx.ModelProto) -> onnx.ModelProto:
    """Weights back in 32 bits, without the casts that widened them at load."""
    halves = {t.name: t for t in model.graph.initializer if t.data_type == TensorProto.FLOAT16}
    kept = []
    for node in model.graph.node:
        if node.op_type == "Cast" and node.input[0] in halves:
            tensor = halves[node.input[0]]
            values = numpy_helper.to_array(tensor).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(values, node.output[0]))
        else:
            kept.append(node)
    del model.graph.node[:]
    model.graph.node.extend(kept)
    return model


def last_convolutions(model: onnx.ModelProto) -> list[str]:
    """The convolutions and products nearest each output."""
    made_by = {name: node for node in model.graph.node for name in node.output}
    found: set[str] = set()
    waiting = [output.name for output in model.graph.output]
    while waiting:
        node = made_by.get(waiting.pop())
        if node is None:
            continue
        if node.op_type in ("Conv", "Gemm", "MatMul"):
            found.add(node.name)
        else:
            waiting.extend(node.input)
    return sorted(found)


def panel(seen: Sequence[Seen], card: Card) -> Panel:
    return Panel([case_of(s, s.shipped(), card.labels) for s in seen])


def table(panels: dict[str, Panel], cards: dict[str, tuple[Card, Path]]) -> str:
    base = panels["16 bits, as shipped"]
    rows = [HEAD, ["---"] * len(HEAD)]
    for name, own in panels.items():
        measures = compared(own, base)
        card, folder = cards[name]
        size = (folder / card.members[0].file).stat().st_size / 1e6
        cells = [cell(measures[key]) for key in ("auc", "iou30", "iou50")]
        rows.append([name, *cells, f"{size:.1f}", f"{speed(card, folder):.0f}"])
    differences = [cell(measures[f"{key}_difference"]) for key in ("auc", "iou30", "iou50")]
    rows.append(["difference, paired", *differences, "", ""])
    return markdown(rows)


def speed(card: Card, folder: Path) -> float:
    """Milliseconds of one core for one view of one network, the median."""
    session = open_session(read_weights(card.members[0], folder))
    pixels = np.random.default_rng(0).integers(0, 256, (card.size, card.size)).astype(np.uint8)
    spent = []
    for _ in range(TIMED):
        started = time.process_time()
        view(session, pixels)
        spent.append(1000 * (time.process_time() - started))
    return float(np.median(spent))


if __name__ == "__main__":
    sys.exit(main())
