"""What a run of ``train-detector`` was made of, and what it came to: record.json and card.md."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inference import NOTICE
from inference.provenance import code_hash, library_versions, sha256_of, sha256_of_listing
from inference.training.dataset import Sample
from inference.training.loop import Run
from inference.training.phantom_samples import FIRST_SEED
from inference.training.precision import dtype_name
from inference.training.sources import Sources
from inference.vocabulary import LABELS

RECORD = "record.json"
LIBRARIES = ("torch", "numpy", "pillow", "efficientnet-lite-pytorch")
_TABLES = ("images.csv", "boxes.csv", "report.json")


def data_hashes(sources: Sources) -> dict[str, Any]:
    """Hashes of all that is learnt from: each folder's tables and pictures, and the start."""
    told: dict[str, Any] = {"data": _folder(sources.data)}
    if sources.nodules is not None:
        told["nodules"] = _folder(sources.nodules)
    if sources.phantoms:
        told["phantoms"] = {"count": sources.phantoms, "first_seed": FIRST_SEED}
    if sources.start is not None:
        told["start"] = {"file": sources.start.name, "sha256": sha256_of(sources.start)}
    return told


def write_record(run: Run, data: Mapping[str, Any], resumed_from: int) -> dict[str, Any]:
    """Write ``record.json`` and ``card.md`` beside the run's checkpoint; the record.

    ``resumed_from`` is the epoch that this process went on from, 0 if it began.
    """
    record = {
        "notice": NOTICE,
        "plan": asdict(run.plan),
        "sources": dict(data),
        "code": code_hash(),
        "libraries": library_versions(LIBRARIES),
        "precision": dtype_name(),
        "resumed_from": resumed_from,
        "learnt_from": _counted(run.train.samples),
        "held_back": _counted(run.held.samples),
        "log": run.log,
    }
    text = json.dumps(record, indent=1, sort_keys=True)
    (run.out / RECORD).write_text(text + "\n", encoding="ascii")
    (run.out / "card.md").write_text(_card(record), encoding="utf-8")
    return record


def _folder(folder: Path) -> dict[str, Any]:
    tables = {name: sha256_of(folder / name) for name in _TABLES if (folder / name).is_file()}
    pictures = {p.name: sha256_of(p) for p in (folder / "images").iterdir() if p.is_file()}
    return {**tables, "pictures": sha256_of_listing(pictures), "count": len(pictures)}


def _counted(samples: Sequence[Sample]) -> dict[str, Any]:
    return {
        "pictures": len(samples),
        "patients": len({sample.patient for sample in samples}),
        "normal": sum(sample.normal for sample in samples),
        "positive": {label: sum(label in s.classes for s in samples) for label in LABELS},
    }


def _card(record: Mapping[str, Any]) -> str:
    plan, learnt, held = record["plan"], record["learnt_from"], record["held_back"]
    start = record["sources"].get("start")
    first, last = record["log"][0]["loss"], record["log"][-1]
    figures = [
        f"- {name}: {last['val'][name]:.3f} on the held-back pictures"
        for name in ("auc_both", "iou30")
        if "val" in last
    ]
    return "\n".join(
        [
            "# A detector trained on settled readings",
            "",
            NOTICE,
            "",
            f"- begins with {start['file']} ({start['sha256'][:12]})"
            if start
            else "- begins with ImageNet's weights",
            f"- {plan['epochs']} epochs at {plan['size']} pixels, rate {plan['rate']:g}, "
            f"seed {plan['seed']}",
            f"- learnt from {learnt['pictures']} pictures of {learnt['patients']} patients, "
            f"{learnt['normal']} normal (data {record['sources']['data']['pictures'][:12]})",
            f"- held back: {held['pictures']} pictures of {held['patients']} patients",
            f"- loss: {sum(first.values()):.3f} in the first epoch, "
            f"{sum(last['loss'].values()):.3f} in the last",
            *figures,
            "",
            "The terms of the data's sources bind it. It has not been compared with what it may "
            "replace: `python -m inference compare-versions` does that.",
            "",
        ]
    )
