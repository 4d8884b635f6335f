"""The last steps of a build: what is derived from the tables, the manifest, and one ZIP of all."""

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

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
        tables, images = sorted(_table_files(release)), _image_files(release)
        for name in tables:
            if name.startswith("data/"):
                fetch_file(release, name, root / name)
        with (
            _deriving(root, _about(release, scratch)) as derived,
            zipfile.ZipFile(folder / ARCHIVE, "w") as archive,
        ):
            # While another process, on another core, makes the rest from the tables.
            files = [_pack(release, name, archive) for name in (*tables, *images)]
            for name in sorted(derived()):
                store_file(release, name, root / name)
                files.append(_pack(release, name, archive))
            manifest = root / MANIFEST
            manifest.write_text(_manifest(files), encoding="ascii")
            store_file(release, MANIFEST, manifest)
            files.append(_pack(release, MANIFEST, archive))
        store_file(release, ARCHIVE, folder / ARCHIVE)
    return [one.as_row() for one in _by_name(files)]


def _manifest(files: list[_Kept]) -> str:
    return "".join(f"{one.sha256}  {one.name}\n" for one in _by_name(files))


def _by_name(files: list[_Kept]) -> list[_Kept]:
    return sorted(files, key=lambda one: one.name)


@contextmanager
def _deriving(root: Path, about: About) -> Iterator[Callable[[], list[str]]]:
    """Start `inference.release.derived`, in a process of its own; call what this gives for the
    names of the files that it wrote, once it has ended."""
    ours = str(Path(inference.__file__).resolve().parents[1])
    told = root.parent / "about.json"
    told.write_text(json.dumps({**asdict(about), "scratch": str(about.scratch)}), encoding="ascii")
    with (
        told.open() as given,
        subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "inference.release.derived", str(root)],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ours,
            env=_environment(ours, about.scratch),
        ) as process,
    ):
        try:
            yield lambda: _names(process)
        finally:
            process.kill()


def _names(process: subprocess.Popen[str]) -> list[str]:
    out, errors = process.communicate()
    if process.returncode:
        # The last line of a traceback says what went wrong, a full disk too.
        said = errors.strip().splitlines() or [f"ended by {process.returncode}"]
        raise RuntimeError(f"Views, agreement and card could not be made: {said[-1]}")
    names: list[str] = json.loads(out)
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


def _pour(release: Release, name: str, take: Callable[[bytes], object]) -> None:
    with default_storage.open(file_path(release, name), "rb") as stored:
        for chunk in stored.chunks(_CHUNK):
            take(chunk)


def _pack(release: Release, name: str, archive: zipfile.ZipFile) -> _Kept:
    """Add a stored file to the ZIP, which for the same files, in the same order, is of the same
    bytes: without clock or modes."""
    entry = zipfile.ZipInfo(name, date_time=_EARLIEST)
    entry.compress_type = _packing(name)
    # 7% larger than by default, in a third of the time. No public name before Python 3.13.
    entry._compresslevel = _FAST  # type: ignore[attr-defined]
    entry.external_attr = 0o644 << 16
    digest, size = hashlib.sha256(), 0

    with archive.open(entry, "w", force_zip64=True) as out:

        def take(chunk: bytes) -> None:
            nonlocal size
            size += len(chunk)
            digest.update(chunk)
            out.write(chunk)

        _pour(release, name, take)
    return _Kept(name, size, digest.hexdigest())


def _packing(name: str) -> int:
    # PNG and Parquet are compressed already; packing them again costs seconds and saves nothing.
    stored = name.endswith((".png", ".parquet"))
    return zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
