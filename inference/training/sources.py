"""Where a run of ``train-detector`` takes its pictures and its first weights from."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sources:
    """``data`` holds images.csv, boxes.csv; ``nodules`` (JSRT's shape) and phantoms are extra.

    ``start`` is what to begin with instead of ImageNet's weights: the checkpoint of a finished
    run, or the ONNX file of one that ships.
    """

    data: Path
    nodules: Path | None = None
    phantoms: int = 0
    start: Path | None = None
