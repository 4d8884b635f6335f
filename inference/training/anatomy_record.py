"""What a run of ``python -m inference.training anatomy`` was made of, beside its ONNX file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference import NOTICE
from inference.provenance import code_hash, library_versions, sha256_of, sha256_of_listing

LIBRARIES = ("torch", "numpy", "pillow")


def record_path(network: Path) -> Path:
    return network.with_suffix(".record.json")


def write_anatomy_record(
    network: Path, films: Path, *, learnt: int, seed: int, losses: Sequence[float]
) -> dict[str, Any]:
    """Write ``NAME.record.json`` and ``NAME.card.md`` beside ``NAME.onnx``; the record.

    ``films`` is JSRT's folder, ``learnt`` how many of its films were learnt from, ``losses`` the
    mean loss of each epoch.
    """
    record = {
        "notice": NOTICE,
        "plan": {"epochs": len(losses), "seed": seed},
        "sources": {"films": _hashes(films)},
        "code": code_hash(),
        "libraries": library_versions(LIBRARIES),
        "learnt_from": {"films": learnt},
        "log": [{"epoch": at, "loss": round(loss, 4)} for at, loss in enumerate(losses, 1)],
        "network": {"file": network.name, "sha256": sha256_of(network)},
    }
    text = json.dumps(record, indent=1, sort_keys=True)
    record_path(network).write_text(text + "\n", encoding="ascii")
    network.with_suffix(".card.md").write_text(_card(record), encoding="utf-8")
    return record


def _hashes(films: Path) -> dict[str, Any]:
    listings = {
        name: {p.name: sha256_of(p) for p in (films / name).iterdir() if p.is_file()}
        for name in ("images", "masks")
    }
    return {
        "images.csv": sha256_of(films / "images.csv"),
        **{name: sha256_of_listing(files) for name, files in listings.items()},
        "count": len(listings["images"]),
    }


def _card(record: dict[str, Any]) -> str:
    log, plan, network = record["log"], record["plan"], record["network"]
    films, learnt = record["sources"]["films"], record["learnt_from"]["films"]
    pictures = films["images"][:12]
    first, last = log[0]["loss"], log[-1]["loss"]
    return f"""\
# A network that finds heart and lungs

{NOTICE}

- {network["file"]}, SHA-256 {network["sha256"][:12]}
- learnt from {learnt} of {films["count"]} films of JSRT and their masks (images {pictures})
- {plan["epochs"]} epochs, seed {plan["seed"]}; loss {first:.3f} at first, {last:.3f} at last

JSRT's terms bind it: research and education, with citation. It was not measured on films that it
did not learn from: `make bench-anatomy` does that.
"""
