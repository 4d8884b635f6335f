"""``train-detector``: data in, a finished run's weights, log and curves out."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from inference.training import curves
from inference.training.dataset import Cache, join, load, read_nodule_samples, read_samples
from inference.training.loop import CACHED, Plan, Run, Tell
from inference.training.record import data_hashes, write_record
from inference.training.sources import Sources
from inference.training.start import has_fixed_norms


def train_detector(sources: Sources, plan: Plan, out: Path, *, resume: bool, tell: Tell) -> Run:
    """Train to the end of ``plan`` and write checkpoint.pt, log.jsonl, curves.png, record.json
    and card.md to ``out``.

    Raises ``ValueError`` when the folder holds no training rows, a checkpoint already lies in
    ``out`` and ``resume`` is false, or that one learnt from other data.
    """
    out.mkdir(parents=True, exist_ok=True)
    if (out / "checkpoint.pt").exists() and not resume:
        raise ValueError(f"{out} holds a checkpoint: add --resume, or choose another folder")
    if sources.start is not None and has_fixed_norms(sources.start):
        plan = replace(plan, fixed_norms=True)
    data = data_hashes(sources)
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    train, held = gather(sources, plan.size, out / digest[:12])
    run = Run(plan, train, held, out, digest)
    if not run.resume() and sources.start is not None:
        run.start_from(sources.start)
    resumed_from = run.epoch
    run.finish(tell)
    curves.draw({out.name: run.log}, out / "curves.png")
    write_record(run, data, resumed_from)
    return run


def gather(sources: Sources, size: int, kept: Path) -> tuple[Cache, Cache]:
    """Training pictures at the cached size, held-back ones at the network's own.

    ``kept`` is a folder for these very data: pictures of others must not be taken for them.
    """
    kept.mkdir(exist_ok=True)
    samples = read_samples(sources.data)
    learning = [s for s in samples if s.split in ("", "train")]
    holding = [s for s in samples if s.split == "val"]
    if not learning:
        raise ValueError(f"{sources.data}/images.csv has no row of the train split")
    parts, names = [load(learning, CACHED, kept / "train.npy")], [""]
    if sources.nodules is not None:
        parts.append(load(read_nodule_samples(sources.nodules), CACHED, kept / "nodules.npy"))
        names.append("nodule")
    if sources.phantoms:
        # The renderer is a room of its own; a run without phantoms must not need it.
        from inference.training.phantom_samples import phantom_cache  # noqa: PLC0415

        parts.append(phantom_cache(sources.phantoms, CACHED))
        names.append("phantom")
    return join(parts, names), load(holding, size, kept / "held.npy")
