"""A release with the pixels that a source's terms kept back, from the user's own originals.

A picture is known by the SHA-256 of its decoded pixels (`inference.fingerprints`), so it is found
under any name, and packed in any way that keeps them: as intake decoded it, it is decoded here.
What comes out is for its maker alone: the terms that kept the pixels back still hold.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from inference.fingerprints import pixels_sha256
from inference.images import encode_png, read_image
from inference.refusals import ImageRefused
from inference.release import tables
from inference.release.checks.files import MANIFEST, sha256
from inference.release.derived import write_views
from inference.release.reading import rows_of, shard_paths
from inference.release.tables import SPLITS

NOTE = "REBUILT.md"
_NOTE = """\
# Rebuilt: not for passing on

{rebuilt} of the {wanted} pictures that this release could not hold were put in from its user's own
originals; {missing} are missing. The terms of their sources (`LICENSES/`) still hold: the check
finds their pictures forbidden here, and is right. Tables other than `cases` are unchanged; views
were made anew; `README.md` and `croissant.json` describe the release as it was published.
"""


@dataclass(slots=True)
class Rebuilt:
    """What became of every file below the originals and of every case without a picture.

    ``files`` = ``used`` + ``again`` (pixels that another file gave already) + ``not_asked_for`` +
    the sum of ``unreadable`` (reason -> files).
    """

    cases: int = 0
    wanted: int = 0
    rebuilt: int = 0
    missing: int = 0
    files: int = 0
    used: int = 0
    again: int = 0
    not_asked_for: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        counted = {name: getattr(self, name) for name in self.__slots__}
        return {**counted, "unreadable": dict(sorted(self.unreadable.items()))}


def rebuild(root: Path, originals: list[Path], out: Path) -> Rebuilt:
    """Write ``out``, which must not exist: it is there whole or not at all."""
    counted = Rebuilt()
    half = out.with_name(out.name + ".part")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(root, half)
    wanted: dict[str, int] = Counter()
    for case in rows_of(root, tables.CASES, columns=["id", "pixels_sha256", "image"]):
        counted.cases += 1
        if case["image"] is None:
            wanted[case["pixels_sha256"]] += 1
    counted.wanted = sum(wanted.values())
    found = _collect(originals, wanted, half / "images", counted)
    counted.rebuilt = sum(wanted[name] for name in found)
    counted.missing = counted.wanted - counted.rebuilt
    _name_pictures(half, found)
    shutil.rmtree(half / "views", ignore_errors=True)
    write_views(half)
    said = {name: getattr(counted, name) for name in ("rebuilt", "wanted", "missing")}
    (half / NOTE).write_text(_NOTE.format(**said), encoding="ascii")
    _write_manifest(half)
    half.rename(out)
    return counted


def _collect(
    originals: list[Path], wanted: dict[str, int], images: Path, counted: Rebuilt
) -> set[str]:
    """The hashes of the pictures that were found, each stored as ``images/SHA256.png``."""
    found: set[str] = set()
    images.mkdir(exist_ok=True)
    for path in _files(originals):
        counted.files += 1
        try:
            pixels = read_image(path)
        except (ImageRefused, OSError) as refused:
            counted.unreadable[_reason(refused)] += 1
            continue
        name = pixels_sha256(pixels)
        if name not in wanted:
            counted.not_asked_for += 1
        elif name in found:
            counted.again += 1
        else:
            (images / f"{name}.png").write_bytes(encode_png(pixels))
            found.add(name)
            counted.used += 1
    if not any(images.iterdir()):
        images.rmdir()
    return found


def _files(folders: list[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def _reason(refused: Exception) -> str:
    return str(refused) if isinstance(refused, ImageRefused) else type(refused).__name__


def _name_pictures(root: Path, found: set[str]) -> None:
    """Fill ``image`` of the cases whose picture is there now, in Parquet and JSON lines."""
    for split in SPLITS:
        for path in shard_paths(root, tables.CASES, split):
            held = pq.read_table(path)
            rows = held.to_pylist()
            for row in rows:
                if row["image"] is None and row["pixels_sha256"] in found:
                    row["image"] = f"images/{row['pixels_sha256']}.png"
            pq.write_table(pa.Table.from_pylist(rows, schema=held.schema), path, compression="zstd")
            lines = root / "jsonl" / "cases" / f"{path.stem}.jsonl"
            with lines.open("w", encoding="ascii") as out:
                out.writelines(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def _write_manifest(root: Path) -> None:
    names = sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and path != root / MANIFEST
    )
    lines = (f"{sha256(root / name)}  {name}\n" for name in names)
    (root / MANIFEST).write_text("".join(lines), encoding="ascii")
