"""Put finished runs into the folder that ships: ONNX files, hashes, thresholds, card."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inference.grounders.embedded.anatomist import Anatomist
from inference.grounders.embedded.card import CARD, read_card
from inference.grounders.embedded.eyes import Eyes
from inference.grounders.embedded.judge import evidence
from inference.grounders.embedded.network import open_session
from inference.images import read_image
from inference.provenance import sha256_of
from inference.training.anatomy_record import record_path
from inference.training.calibrate import label_cards
from inference.training.dataset import read_samples
from inference.training.export import export
from inference.training.record import RECORD

LICENCE = "research and education only; trained on NIH ChestX-ray14 and JSRT (MODEL_LICENSE)"


def package(
    checkpoints: Sequence[Path], anatomy: Path, judged: Path, target: Path, version: str
) -> dict[str, Any]:
    """Export ``checkpoints`` as members of one detector and write everything to ``target``.

    ``judged`` is a folder of pictures, on whose val split calibration and thresholds are chosen,
    or a detector's folder, whose own are kept: a few hundred settled pictures can't choose any.
    The card tells of each run by its record. Returns the cross-validation report, or whose
    thresholds were kept.
    """
    target.mkdir(parents=True, exist_ok=True)
    members, sizes = [], set()
    for number, checkpoint in enumerate(checkpoints, 1):
        name = f"detector-{number}.onnx"
        sizes.add(export(checkpoint, target / name))
        members.append({"file": name, "sha256": sha256_of(target / name)})
    (size,) = sizes
    if anatomy.resolve() != (target / "anatomy.onnx").resolve():
        shutil.copyfile(anatomy, target / "anatomy.onnx")
    card = {
        "name": "embedded",
        "version": version,
        "licence": LICENCE,
        "size": size,
        "members": members,
        "anatomy": {"file": "anatomy.onnx", "sha256": sha256_of(target / "anatomy.onnx")},
        "anatomy_run": _told(record_path(anatomy)),
        "runs": [_told(checkpoint.parent / RECORD) for checkpoint in checkpoints],
    }
    told = _kept(judged) if (judged / CARD).is_file() else _chosen(target, card, judged)
    (target / CARD).write_text(json.dumps(card | told, indent=1) + "\n", encoding="ascii")
    report: dict[str, Any] = told.get("cross_validation") or told["thresholds_of"]
    return report


def _chosen(target: Path, card: dict[str, Any], data: Path) -> dict[str, Any]:
    everyone = read_samples(data)
    held = [s for s in everyone if s.split == "val"]
    eyes = Eyes(
        [open_session((target / m["file"]).read_bytes()) for m in card["members"]],
        Anatomist(open_session((target / "anatomy.onnx").read_bytes())),
        card["size"],
    )
    logits = [evidence(eyes(read_image(sample.path))[0]) for sample in held]
    cards, report = label_cards(held, logits, everyone)
    return {"labels": cards, "cross_validation": report}


def _kept(folder: Path) -> dict[str, Any]:
    earlier = read_card(folder)
    labels = {label: asdict(each) for label, each in earlier.labels.items()}
    return {"labels": labels, "thresholds_of": {"version": earlier.version, "hash": earlier.hash}}


def _told(record: Path) -> dict[str, Any] | None:
    """A run by its record, in short; ``None`` for one that left none."""
    if not record.is_file():
        return None
    whole = json.loads(record.read_text("ascii"))
    kept = ("plan", "sources", "code", "learnt_from")
    return {"record": sha256_of(record), **{name: whole[name] for name in kept}}
