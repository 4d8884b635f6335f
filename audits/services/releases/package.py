"""The last steps of a build: what is derived from the tables, the manifest, and one ZIP of all."""

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage

import inference
from audits.models import Release, ReleaseShard
from audits.services.releases.images import image_cases, image_name
from audits.services.releases.scratch import scratch_folder
from audits.services.releases.shards import file_path, store_file
from inference.release.about import About
from inference.release.tables import shard_names

ARCHIVE = "release.zip"
MANIFEST = "MANIFEST.sha256"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_CHUNK = 2**20
_FAST = 1


@dataclass(frozen=True, slots=True)
class _Kept:
    """One file of the release in the store, with its size in bytes and its hash."""

    name: str
    bytes: int
    sha256: str

    def as_row(self) -> dict[str, Any]:
        return {"name": self.name, "bytes": self.bytes, "sha256": self.sha256}


def package(release: Release) -> list[dict[str, Any]]:
    """Add the derived files, the manifest and the archive; every file but the archive, by name."""
    with scratch_folder(release) as folder:
        root, scratch = folder / "release", folder / "scratch"
        for made in (root, scratch):
            made.mkdir()
        names = [*_table_files(release), *_image_files(release)]
        for name in names:
            if name.startswith("data/"):
                fetch_file(release, name, root / name)
        for name in _derived(root, _about(release, scratch)):
            store_file(release, name, root / name)
            names.append(name)
        files = [_measure(release, name) for name in sorted(names)]
        manifest = root / MANIFEST
        manifest.write_text(
            "".join(f"{one.sha256}  {one.name}\n" for one in files), encoding="ascii"
        )
        store_file(release, MANIFEST, manifest)
        files = sorted([*files, _measure(release, MANIFEST)], key=lambda one: one.name)
        _write_archive(release, files, root / ARCHIVE)
        store_file(release, ARCHIVE, root / ARCHIVE)
    return [one.as_row() for one in files]


def _derived(root: Path, about: About) -> list[str]:
    """Names of the files that `inference.release.derived` wrote, in a process of its own."""
    ours = str(Path(inference.__file__).resolve().parents[1])
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "inference.release.derived", str(root)],
        input=json.dumps({**asdict(about), "scratch": str(about.scratch)}),
        capture_output=True,
        text=True,
        check=False,
        cwd=ours,
        env=_environment(ours, about.scratch),
    )
    if done.returncode:
        # The last line of a traceback says what went wrong, a full disk too.
        said = done.stderr.strip().splitlines() or [f"ended by {done.returncode}"]
        raise RuntimeError(f"Views, agreement and card could not be made: {said[-1]}")
    names: list[str] = json.loads(done.stdout)
    return names


def _environment(ours: str, scratch: Path | None) -> dict[str, str]:
    """No secret of ours is passed on."""
    return {
        "PYTHONPATH": ours,
        "TMPDIR": str(scratch),
        "OPENBLAS_NUM_THREADS": "1",
        # Arrow's own allocator keeps 20 MB more than it needs (`memory`).
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }


def _about(release: Release, scratch: Path) -> About:
    return About(
        scratch=scratch,
        name=release.name,
        version=release.version,
        counts=release.counts,
        refused=release.refused,
        changes=release.changes,
        queues=len(release.selection.get("queues", [])),
        sources=tuple(release.selection.get("sources", [])),
    )


def _table_files(release: Release) -> Iterator[str]:
    for shard in ReleaseShard.objects.filter(release=release, total__gt=0):
        yield from shard_names(shard.table, shard.split, shard.number, shard.total).values()


def _image_files(release: Release) -> list[str]:
    # Two sources may hold the same pixels: one file.
    return sorted({image_name(case) for case in image_cases(release)})


def fetch_file(release: Release, name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        _pour(release, name, out.write)


def _measure(release: Release, name: str) -> _Kept:
    digest, size = hashlib.sha256(), 0

    def take(chunk: bytes) -> None:
        nonlocal size
        size += len(chunk)
        digest.update(chunk)

    _pour(release, name, take)
    return _Kept(name, size, digest.hexdigest())


def _pour(release: Release, name: str, take: Callable[[bytes], object]) -> None:
    with default_storage.open(file_path(release, name), "rb") as stored:
        for chunk in stored.chunks(_CHUNK):
            take(chunk)


def _write_archive(release: Release, files: list[_Kept], target: Path) -> None:
    """One ZIP, the same bytes for the same files: in the order of names, without clock or modes."""
    with zipfile.ZipFile(target, "w") as archive:
        for kept in files:
            entry = zipfile.ZipInfo(kept.name, date_time=_EARLIEST)
            entry.compress_type = _packing(kept.name)
            # 7% larger than by default, in a third of the time. No public name before Python 3.13.
            entry._compresslevel = _FAST  # type: ignore[attr-defined]
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as out:
                _into(release, kept.name, out)


def _into(release: Release, name: str, out: IO[bytes]) -> None:
    _pour(release, name, out.write)


def _packing(name: str) -> int:
    # PNG and Parquet are compressed already; packing them again costs seconds and saves nothing.
    stored = name.endswith((".png", ".parquet"))
    return zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
