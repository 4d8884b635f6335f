"""Files: hashes, columns, pixels."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from inference.release import tables
from inference.release.reading import rows_of, shard_paths
from inference.release.tables import TABLES, splits_of

MANIFEST = "MANIFEST.sha256"


def check_manifest(root: Path) -> Iterator[str]:
    listed: dict[str, str] = {}
    for line in (root / MANIFEST).read_text(encoding="ascii").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() or path.is_symlink()
    }
    yield from (
        f"{name} is not in the manifest" for name in sorted(found - {MANIFEST} - set(listed))
    )
    for name, digest in sorted(listed.items()):
        if name not in found:
            yield f"{name} is in the manifest and not in the folder"
        elif sha256(root / name) != digest:
            yield f"{name} is not the file of the manifest"


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_schemas(root: Path) -> Iterator[str]:
    for table in TABLES:
        paths = [path for split in splits_of(table) for path in shard_paths(root, table, split)]
        if not paths:
            yield f"{table.name} has no file"
        for path in paths:
            if not pq.read_schema(path).equals(table.schema):
                yield f"{path.relative_to(root).as_posix()} has other columns"


def check_pixels(root: Path) -> Iterator[str]:
    """Each picture is of a case whose source lets pixels leave; no other file is a picture."""
    may = {row["id"]: row["pixels_redistributable"] for row in rows_of(root, tables.SOURCES)}
    named = set()
    for case in rows_of(root, tables.CASES, columns=["id", "source", "image"]):
        if not case["image"]:
            continue
        named.add(case["image"])
        if not may[case["source"]]:
            yield f"case {case['id']} names a picture and its source forbids pixels"
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and name not in named and _is_picture(path):
            yield f"{name} is a picture of no case here"
    yield from (f"{name} is missing" for name in sorted(named) if not (root / name).is_file())


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"RIFF", b"GIF8", b"BM")


def _is_picture(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(132)
    return head.startswith(_PICTURES) or head[128:132] == b"DICM"
