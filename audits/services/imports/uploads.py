"""Resumable uploads: chunks at their offsets, kept in the storage until the import has ended."""

import io
import uuid
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from audits.errors import Conflict, InvalidInput
from audits.models import Import, ImportChunk, ImportState
from audits.seeking import Seekable
from audits.services.files import stored_names
from audits.services.imports.rows import ImportRefused


class WrongOffset(Conflict):
    """The chunk does not follow what is there; ``received`` says where to go on."""

    def __init__(self, received: int) -> None:
        super().__init__(
            "wrong_offset",
            f"{received:,} bytes are here: go on from there.",
            extra={"received": received},
        )


def chunk_add(*, run: Import, offset: int, data: bytes) -> Import:
    """Store the next bytes of an upload. The same chunk sent twice is told where to go on.

    The file is written before the row that names it: what a crash leaves is a file without a row,
    which goes with the import's folder (`chunks_remove`).
    """
    if not data or len(data) > settings.IMPORT_CHUNK_BYTES:
        limit = settings.IMPORT_CHUNK_BYTES // 2**20
        raise InvalidInput("content", f"A chunk has at least one byte and at most {limit} MB.")
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=run.pk)
        _refuse(locked, offset, len(data))
        name = default_storage.save(
            f"imports/{run.pk}/{offset:015d}-{uuid.uuid4().hex}", ContentFile(data)
        )
        try:
            ImportChunk.objects.create(run=locked, offset=offset, length=len(data), name=name)
            locked.received = offset + len(data)
            locked.save(update_fields=["received"])
        except BaseException:
            default_storage.delete(name)
            raise
    return locked


def _refuse(run: Import, offset: int, length: int) -> None:
    if run.state != ImportState.UPLOADING:
        raise Conflict("not_uploading", f"This import takes no more bytes: it is {run.state}.")
    if offset != run.received:
        raise WrongOffset(run.received)
    if offset + length > (run.size or 0):
        raise InvalidInput("content", f"The upload was announced with {run.size or 0:,} bytes.")


def chunks_remove(*, run: Import) -> int:
    """Remove the upload of an ended import, rows last: a crash in between is made good later."""
    chunks = list(ImportChunk.objects.filter(run=run).order_by("offset"))
    for chunk in chunks:
        default_storage.delete(chunk.name)
    folder = f"imports/{run.pk}"
    if chunks:
        for name in stored_names(folder=folder)[1]:
            default_storage.delete(f"{folder}/{name}")
    ImportChunk.objects.filter(run=run).delete()
    return len(chunks)


def upload_open(*, run: Import) -> BinaryIO:
    """The whole upload as one seekable file; raises ``ImportRefused`` if it is not what was
    announced."""
    chunks = list(ImportChunk.objects.filter(run=run).order_by("offset"))
    upload = cast(BinaryIO, io.BufferedReader(_Chunks(chunks), buffer_size=2**20))
    if run.sha256 and run.state == ImportState.CHECKING and _digest(upload) != run.sha256:
        raise ImportRefused("wrong_hash", "The upload's SHA-256 is not the one announced.")
    upload.seek(0)
    return upload


def _digest(file: BinaryIO) -> str:
    digest = sha256()
    while piece := file.read(2**20):
        digest.update(piece)
    return digest.hexdigest()


class _Chunks(Seekable):
    """Reads over the chunks as if they were one file; two are held in memory at a time."""

    def __init__(self, chunks: Iterable[ImportChunk]) -> None:
        self._chunks = list(chunks)
        self._offsets = [chunk.offset for chunk in self._chunks]
        super().__init__(sum(chunk.length for chunk in self._chunks))
        self._data = lru_cache(maxsize=2)(self._load)

    def _load(self, number: int) -> bytes:
        with default_storage.open(self._chunks[number].name) as file:
            return bytes(file.read())

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        number = bisect_right(self._offsets, self._at) - 1
        within = self._at - self._chunks[number].offset
        piece = self._data(number)[within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
