"""Image files in Django's storage, under names made of their pixels' hash.

A name is written by one transaction at a time (`lock_content`), so a file that a failed
transaction wrote can be removed without taking it from another case with the same pixels.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages
from django.db import connection, transaction
from django.db.models import F, Q

from audits.models import Case, FileToDelete

if TYPE_CHECKING:
    from audits.storage import Bucket  # only where a bucket is set is its library loaded

logger = logging.getLogger(__name__)

DELETED_AT_A_TIME = 500


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


def stored_names(*, folder: str) -> tuple[list[str], list[str]]:
    """Names of the folders and files in a folder; none of one that is not there (a bucket has no
    folders to ask for)."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return list(folders), list(files)


def signed_link(*, name: str, shown: str) -> str | None:
    """Where whoever may have the file fetches it, as ``shown``, without us; None if only by us."""
    if "links" not in settings.STORAGES or not settings.MEDIA_S3_LINKS:
        return None
    return cast("Bucket", storages["links"]).link(name, shown=shown)


def files_forget(*, names: Iterable[str], content_sha256: str = "") -> None:
    """Note that nothing in this transaction's world needs these files any more.

    With ``content_sha256`` they are image files, which a case of another source may share.
    """
    rows = (FileToDelete(name=name, content_sha256=content_sha256) for name in sorted(names))
    FileToDelete.objects.bulk_create(rows, ignore_conflicts=True)


def files_delete() -> int:
    """Delete noted files; how many notes were dealt with. A store that fails is asked again."""
    names = FileToDelete.objects.order_by("failures", "created_at").values_list("pk", flat=True)
    return sum(_deleted(name) for name in list(names[:DELETED_AT_A_TIME]))


def _deleted(name: str) -> bool:
    try:
        return _delete(name)
    except Exception:
        # Whatever the store raises (S3 has errors of its own): the note stays, and is counted.
        logger.exception("%s could not be deleted; it is tried again", name)
        FileToDelete.objects.filter(pk=name).update(failures=F("failures") + 1)
        return False


@transaction.atomic
def _delete(name: str) -> bool:
    note = FileToDelete.objects.select_for_update(skip_locked=True).filter(pk=name).first()
    if note is None:
        return False
    if not (note.content_sha256 and _is_shared(note)):
        default_storage.delete(name)
    note.delete()
    return True


def _is_shared(note: FileToDelete) -> bool:
    """Whether a case uses the file. Whoever stores the same pixels waits, or is waited for."""
    lock_content(content_sha256=note.content_sha256)
    uses = Q(image=note.name) | Q(preview=note.name) | Q(thumbnail=note.name)
    return Case.objects.filter(uses, pixels_sha256=note.content_sha256).exists()
