"""``train-detector``: data in, a finished run's weights, log and curves out."""

from dataclasses import dataclass, replace
from pathlib import Path

from inference.training import curves
from inference.training.dataset import Cache, join, load, read_nodule_samples, read_samples
from inference.training.loop import CACHED, Plan, Run, Tell
from inference.training.start import has_fixed_norms


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


def train_detector(sources: Sources, plan: Plan, out: Path, *, resume: bool, tell: Tell) -> Run:
    """Train to the end of ``plan`` and write checkpoint.pt, log.jsonl and curves.png to ``out``.

    Raises ``ValueError`` when the folder holds no training rows, or a checkpoint already lies in
    ``out`` and ``resume`` is false.
    """
    out.mkdir(parents=True, exist_ok=True)
    if (out / "checkpoint.pt").exists() and not resume:
        raise ValueError(f"{out} holds a checkpoint: add --resume, or choose another folder")
    if sources.start is not None and has_fixed_norms(sources.start):
        plan = replace(plan, fixed_norms=True)
    train, held = gather(sources, plan.size, out)
    run = Run(plan, train, held, out)
    if not run.resume() and sources.start is not None:
        run.start_from(sources.start)
    run.finish(tell)
    curves.draw({out.name: run.log}, out / "curves.png")
    return run


def gather(sources: Sources, size: int, out: Path) -> tuple[Cache, Cache]:
    """Training pictures at the cached size, held-back ones at the network's own."""
    samples = read_samples(sources.data)
    learning = [s for s in samples if s.split in ("", "train")]
    holding = [s for s in samples if s.split == "val"]
    if not learning:
        raise ValueError(f"{sources.data}/images.csv has no row of the train split")
    parts, names = [load(learning, CACHED, out / "train.npy")], [""]
    if sources.nodules is not None:
        parts.append(load(read_nodule_samples(sources.nodules), CACHED, out / "nodules.npy"))
        names.append("nodule")
    if sources.phantoms:
        # The renderer is a room of its own; a run without phantoms must not need it.
        from inference.training.phantom_samples import phantom_cache  # noqa: PLC0415

        parts.append(phantom_cache(sources.phantoms, CACHED))
        names.append("phantom")
    return join(parts, names), load(holding, size, out / "held.npy")
