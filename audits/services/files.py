"""Image files in Django's storage, under names made of their pixels' hash.

A name is written by one transaction at a time (`lock_content`), so a file that a failed
transaction wrote can be removed without taking it from another case with the same pixels.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.db import connection


def lock_content(*, content_sha256: str) -> None:
    """Hold this content for the rest of the transaction."""
    key = int.from_bytes(bytes.fromhex(content_sha256)[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


class ContentFiles:
    """Writes files and remembers which of them were new."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._new: list[str] = []

    def write(self, *, name: str, data: bytes) -> str:
        """Store ``data`` as ``name`` unless it is there; a torn earlier write is replaced."""
        if self._storage.exists(name):
            if self._digest(name) == sha256(data).digest():
                return name
            self._storage.delete(name)
        self._new.append(name)
        stored = self._storage.save(name, ContentFile(data))
        if stored != name:
            self._new.append(stored)
            raise OSError(f"the storage renamed {name}: it is not held by one writer")
        return name

    def mark(self) -> int:
        """A point to which `remove_new` can go back."""
        return len(self._new)

    def remove_new(self, since: int = 0) -> None:
        for name in self._new[since:]:
            self._storage.delete(name)
        del self._new[since:]

    def _digest(self, name: str) -> bytes:
        with self._storage.open(name) as file:
            return sha256(file.read()).digest()


@contextmanager
def content_files() -> Iterator[ContentFiles]:
    """Files written inside are removed again if the block raises.

    The block must lie inside the transaction that holds `lock_content`, and hold the rows too.
    """
    files = ContentFiles(default_storage)
    try:
        yield files
    except BaseException:
        files.remove_new()
        raise


def read_file(*, name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())
