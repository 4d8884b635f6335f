"""Does a release of reviewed pictures pass its own check and load where people load data?

    python -m benchmarks.release_loads                        phantoms, as in the demo
    python -m benchmarks.release_loads --data NIH --films 60  films of patients
    python -m benchmarks.release_loads --release FOLDER       one that is there, unpacked

Pictures go in by the platform's own path: audited by the detector that ships, every audit read
through the API by a script that knows what is on them, published and unpacked. Then, each on the
folder alone: `check-release`; datasets, pandas, pycocotools, mlcroissant; the chats and
conversations as JSON lines whose pictures open; and curation into a corpus that our own training
reads. One JSON line each; exit code 1 if any failed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks._learning_films import MIXED, films, shown_film
from benchmarks._learning_patients import held_halves
from benchmarks._learning_steps import reviewed_release
from bootstrap.layout import ROOT
from inference.grounders.embedded.card import FOLDER

FIRST_SEED = 5_000_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--data", type=Path, help="films of patients: images.csv, boxes.csv")
    where.add_argument("--release", type=Path, help="an unpacked release")
    parser.add_argument("--films", type=int, default=24, help="how many pictures are reviewed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="overread-loads-") as room:
        folder = args.release or _reviewed(args.data, args.films, Path(room) / "release")
        # Nothing of this may need the network.
        os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"
        told = [_told(load, folder.resolve(), Path(room)) for load in LOADERS]
    return 0 if all(told) else 1


def _reviewed(data: Path | None, number: int, folder: Path) -> Path:
    if data is None:
        shown = [shown_film(film) for film in films(MIXED, number, FIRST_SEED)]
    else:
        shown = [one for half in held_halves(data) for one in half][:number]
    _say("reviewed", pictures=len(shown), said=reviewed_release(shown, FOLDER, folder))
    return folder


def _told(load: Callable[[Path, Path], dict[str, Any]], folder: Path, room: Path) -> bool:
    try:
        found = load(folder, room)
    except Exception as error:
        _say(load.__name__.strip("_"), ok=False, why=f"{type(error).__name__}: {error}")
        return False
    _say(load.__name__.strip("_"), ok=True, **found)
    return True


def _say(step: str, **told: Any) -> None:
    print(json.dumps({"step": step, **told}), flush=True)


def _check_release(folder: Path, room: Path) -> dict[str, Any]:
    done = _run("check-release", str(folder))
    checks = [json.loads(line) for line in done.splitlines()]
    return {"checks": len(checks), "problems": sum(one["problems"] for one in checks)}


def _pandas(folder: Path, room: Path) -> dict[str, Any]:
    import pandas  # noqa: PLC0415 - each loader is imported where it is tried

    rows = {table.name: len(pandas.read_parquet(table)) for table in (folder / "data").iterdir()}
    boxes = [len(pandas.read_csv(path)) for path in (folder / "views/vindr").glob("*.csv")]
    return {"rows": dict(sorted(rows.items())), "vindr_boxes": sum(boxes)}


def _datasets(folder: Path, room: Path) -> dict[str, Any]:
    import datasets  # noqa: PLC0415

    names = datasets.get_dataset_config_names(str(folder))
    loaded = {
        name: datasets.load_dataset(str(folder), name, cache_dir=str(room / "cache"))
        for name in names
    }
    rows = sum(len(split) for one in loaded.values() for split in one.values())
    return {"configurations": len(names), "rows": rows}


def _pycocotools(folder: Path, room: Path) -> dict[str, Any]:
    from pycocotools.coco import COCO  # noqa: PLC0415

    found = {}
    for path in sorted((folder / "views/coco").glob("*.json")):
        sys.stdout, kept = sys.stderr, sys.stdout  # it prints
        try:
            coco = COCO(str(path))
        finally:
            sys.stdout = kept
        found[path.stem] = {"images": len(coco.imgs), "boxes": len(coco.anns)}
        for image in coco.imgs.values():
            if image["has_pixels"]:
                _opened(folder / image["file_name"])
    return found


def _mlcroissant(folder: Path, room: Path) -> dict[str, Any]:
    import mlcroissant  # noqa: PLC0415

    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    if dataset.metadata.ctx.issues.errors:
        raise ValueError(str(dataset.metadata.ctx.issues.errors))
    sets = dataset.metadata.record_sets
    rows = sum(1 for one in sets for _ in dataset.records(one.uuid))
    return {"record_sets": len(sets), "rows": rows}


def _chats(folder: Path, room: Path) -> dict[str, Any]:
    """Every line parses, and every picture that it names opens."""
    found = {}
    for view in ("medgemma", "conversations", "preferences", "parsing", "flags"):
        rows = [row for path in (folder / "views" / view).glob("*.jsonl") for row in _lines(path)]
        pictures = {name for row in rows for name in _pictures(row)}
        for name in pictures:
            _opened(folder / name)
        found[view] = {"rows": len(rows), "pictures": len(pictures)}
    return found


def _training(folder: Path, room: Path) -> dict[str, Any]:
    """What `train-detector` and the fine-tuning read, made of the release by curation."""
    from inference.training.dataset import read_samples  # noqa: PLC0415

    corpus = room / "corpus"
    report = _run("curate", str(folder), str(corpus))
    samples = read_samples(corpus)
    for sample in samples:
        _opened(sample.path)
    chats = sum(1 for path in (corpus / "chats").iterdir() for _ in _lines(path))
    kept = json.loads(report)["images"]["kept"]
    return {"kept": kept, "samples": len(samples), "chats": chats}


LOADERS = (_check_release, _pandas, _datasets, _pycocotools, _mlcroissant, _chats, _training)


def _run(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "inference", *command],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError((done.stderr + done.stdout)[-500:])
    return done.stdout


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="ascii") as stream:
        yield from map(json.loads, stream)


def _pictures(row: dict[str, Any]) -> list[str]:
    one = row.get("image")
    return [*row.get("images", []), *([one] if isinstance(one, str) else [])]


def _opened(path: Path) -> None:
    from PIL import Image  # noqa: PLC0415

    with Image.open(path) as picture:
        picture.load()


if __name__ == "__main__":
    sys.exit(main())
