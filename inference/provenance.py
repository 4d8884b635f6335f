"""What a run was made of, by hash: files, the code, the libraries."""

import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_of_listing(files: Mapping[str, str]) -> str:
    """One hash of many: of their names and hashes, sorted by name."""
    lines = "".join(f"{sha}  {name}\n" for name, sha in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def code_hash() -> str:
    """Of all Python below ``inference/``: a checkout need not be a repository."""
    room = Path(__file__).parent
    files = {path.relative_to(room).as_posix(): path for path in room.rglob("*.py")}
    return sha256_of_listing({name: sha256_of(path) for name, path in files.items()})


def library_versions(names: Iterable[str]) -> dict[str, str]:
    return {name: version(name) for name in names}
