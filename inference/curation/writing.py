"""The corpus on disk: the same examples and choices give the same bytes.

``images/`` (copies), ``images.csv`` and ``boxes.csv`` (what train-detector reads), ``chats/<split>.
jsonl`` (what a vision-language model is tuned on) and ``report.json``.
"""

import csv
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inference import NOTICE
from inference.curation.examples import Example, Tally
from inference.curation.selecting import Selection
from inference.curation.targets import Target
from inference.release.tables import SPLITS
from inference.vocabulary import LABELS

_IMAGE_COLUMNS = ("image", "split", "patient", "nih_labels", "known")
_BOX_COLUMNS = ("image", "label", "native_label", "y0", "x0", "y1", "x1")


def write_corpus(
    examples: Sequence[Example], out: Path, asked: Selection, target: Target, tally: Tally
) -> dict[str, Any]:
    """Write the corpus into the empty folder ``out``; the report. Raises ``OSError``, and
    ``ValueError`` where two images share a name."""
    names = _named(examples)
    (out / "images").mkdir(parents=True)
    for example in examples:
        shutil.copyfile(example.picture, out / "images" / names[example.id])
    _write_csv(out / "images.csv", _IMAGE_COLUMNS, (_image(e, names[e.id]) for e in examples))
    _write_csv(out / "boxes.csv", _BOX_COLUMNS, _boxes(examples, names))
    chats = {str(split): _write_chats(examples, names, out, split, target) for split in SPLITS}
    report = _report(examples, chats, asked, target, tally)
    report["files"] = _hashes(out)
    text = json.dumps(report, indent=1, sort_keys=True)
    (out / "report.json").write_text(text + "\n", encoding="ascii")
    return report


def _named(examples: Sequence[Example]) -> dict[str, str]:
    names = {example.id: example.picture.name for example in examples}
    twice = [name for name, count in Counter(names.values()).items() if count > 1]
    if twice:
        raise ValueError(f"two images of the corpus are called {min(twice)}")
    return names


def _image(example: Example, name: str) -> tuple[str, ...]:
    split = "val" if example.split == "validation" else example.split
    known = [label for label in LABELS if label not in example.open]
    native = "No Finding" if example.normal else "|".join(
        label for label in LABELS if label in example.present
    )  # fmt: skip
    return name, split, example.patient, native, "|".join(known)


def _boxes(examples: Iterable[Example], names: dict[str, str]) -> Iterable[tuple[str, ...]]:
    for example in examples:
        for finding in example.settled:
            if finding.box is not None:
                # repr gives back the same float, to the last bit.
                corners = (repr(float(side)) for side in finding.box)
                yield names[example.id], finding.label, "", *corners


def _write_csv(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)


def _write_chats(
    examples: Sequence[Example], names: dict[str, str], out: Path, split: str, target: Target
) -> dict[str, int]:
    """A chat for each image of the split that holds no open label: silence would deny it."""
    mine = [example for example in examples if example.split == split]
    told = [example for example in mine if not example.open]
    path = out / "chats" / f"{split}.jsonl"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="ascii", newline="\n") as stream:
        for example in told:
            chat = _chat(example, names[example.id], target)
            stream.write(json.dumps(chat, separators=(",", ":")) + "\n")
    return {"written": len(told), "left_out_for_an_open_label": len(mine) - len(told)}


def _chat(example: Example, name: str, target: Target) -> dict[str, Any]:
    return {
        "id": example.id,
        "images": [f"images/{name}"],
        "prompt": target.prompt.name,
        "messages": target.messages(example),
    }


def _report(
    examples: Sequence[Example],
    chats: dict[str, dict[str, int]],
    asked: Selection,
    target: Target,
    tally: Tally,
) -> dict[str, Any]:
    return {
        "notice": NOTICE,
        "asked": {**asdict(asked), "prompt": target.prompt.reference},
        "images": {"read": tally.read, "kept": tally.kept, "dropped": tally.dropped},
        "boxes": tally.boxes,
        "near_duplicates": tally.near_duplicates,
        "moved_with_their_patient": tally.moved_with_their_patient,
        "splits": {split: _counted([e for e in examples if e.split == split]) for split in SPLITS},
        "chats": chats,
    }


def _counted(examples: Sequence[Example]) -> dict[str, Any]:
    return {
        "images": len(examples),
        "patients": len({example.patient for example in examples}),
        "normal": sum(example.normal for example in examples),
        "positive": {label: sum(label in e.present for e in examples) for label in LABELS},
        "open": {label: sum(label in e.open for e in examples) for label in LABELS},
    }


def _hashes(out: Path) -> dict[str, str]:
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
