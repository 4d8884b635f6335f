"""Where the files of an import lie: a folder of this machine, or a ZIP from anywhere."""

import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from audits.errors import InvalidInput

TABLE_MAX_BYTES = 256 * 2**20
"""Manifests and annotation tables are held in memory while they are read."""


class Container(Protocol):
    """Files by name, in a fixed order. A name is a relative path with ``/``."""

    @property
    def names(self) -> Sequence[str]: ...

    def open(self, name: str) -> BinaryIO: ...

    def size(self, name: str) -> int: ...

    def read_image(self, name: str) -> bytes:
        """All of an image file; raises ``InvalidInput`` on ``image`` if there is none."""
        ...

    def read_text(self, name: str) -> str:
        """All of a draft's file; raises ``InvalidInput`` on ``draft`` if it is no text."""
        ...


def draft_text(data: bytes) -> str:
    if len(data) > 4 * settings.DRAFT_MAX_CHARS:
        limit = settings.DRAFT_MAX_CHARS
        raise InvalidInput("draft", f"A draft has at most {limit:,} characters.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("draft", "The draft's file is not UTF-8 text.") from error


def refuse_image_size(size: int) -> None:
    if size > settings.IMAGE_MAX_BYTES:
        limit = settings.IMAGE_MAX_BYTES // 2**20
        raise InvalidInput("image", f"An image file has at most {limit} MB.")


class FolderContainer:
    """A folder of this machine, named by whoever runs the command: its paths are trusted."""

    def __init__(self, root: Path, names: Sequence[str] | None = None) -> None:
        self._root = root
        self.names = _walk(root) if names is None else names

    def open(self, name: str) -> BinaryIO:
        return (self._root / name).open("rb")

    def size(self, name: str) -> int:
        return (self._root / name).stat().st_size

    def read_image(self, name: str) -> bytes:
        if not name or "\0" in name:
            raise InvalidInput("image", "The row names no image.")
        try:
            refuse_image_size(self.size(name))
            return (self._root / name).read_bytes()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise InvalidInput("image", f"The image can't be read: {reason}.") from error

    def read_text(self, name: str) -> str:
        try:
            with self.open(name) as file:
                return draft_text(file.read(4 * settings.DRAFT_MAX_CHARS + 1))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise InvalidInput("draft", f"The draft can't be read: {reason}.") from error

    def listing_digest(self) -> bytes:
        """Changes when a file comes, goes or is written: another state of the folder."""
        digest = sha256()
        for name in self.names:
            status = (self._root / name).stat()
            digest.update(
                f"{name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode(errors="replace")
            )
        return digest.digest()


def _walk(root: Path) -> list[str]:
    """All files below a folder, sorted; links to folders are not followed (they may turn round)."""
    found = []
    for folder, folders, files in os.walk(root):
        folders.sort()
        found += [(Path(folder) / name).relative_to(root).as_posix() for name in sorted(files)]
    return found
