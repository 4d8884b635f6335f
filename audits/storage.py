"""Files in a bucket of an S3-compatible store: private, read in ranges, sent in parts.

Chosen by ``MEDIA_S3_BUCKET``; otherwise files lie in the folder ``MEDIA_ROOT``. Whoever reads a
stored file gets a seekable file in both cases, whoever writes one calls ``save``.
"""

import io
from contextlib import closing
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from audits.seeking import Seekable

PART_BYTES = 16 * 2**20
"""Of an upload in parts. A store takes 10,000 of them: the library makes them larger if need be."""
READ_AHEAD = 4 * 2**20
LINK_SECONDS = 300
"""A download must have begun by then; one that has begun goes on."""


class Bucket(S3Storage):  # type: ignore[misc]
    """Credentials come from the environment as boto3 reads them, roles of machines among them.

    Names are made of content hashes and written by one transaction at a time, so a name that is
    there is written over, never changed for another.
    """

    def __init__(self, **options: Any) -> None:
        own_address = bool(options.get("endpoint_url"))
        super().__init__(
            **options,
            default_acl=None,
            querystring_auth=True,
            querystring_expire=LINK_SECONDS,
            file_overwrite=True,
            # Two parts in the air: a build's memory stays flat.
            transfer_config=TransferConfig(
                multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, max_concurrency=2
            ),
            client_config=Config(
                signature_version="s3v4",
                # A bucket as a host name needs DNS of its own, which only AWS has for certain.
                s3={"addressing_style": "path" if own_address else "auto"},
                retries={"mode": "standard", "max_attempts": 3},
                connect_timeout=10,
                read_timeout=60,
            ),
        )

    def link(self, name: str, *, shown: str) -> str:
        """An address that whoever has it downloads this one file by, for ``LINK_SECONDS``."""
        told = {"ResponseContentDisposition": f'attachment; filename="{shown}"'}
        return str(self.url(name, parameters=told))

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        if mode != "rb":
            raise ValueError("Files of a bucket are read with open() and written with save().")
        ranges = io.BufferedReader(_Ranges(self, name), buffer_size=READ_AHEAD)
        return File(ranges, name)


class _Ranges(Seekable):
    """Reads no more than it is asked for, and never of another file that took the name since."""

    def __init__(self, store: Bucket, name: str) -> None:
        # The library's own way from a name to a key; its own file is loaded whole before a read.
        self._object = store.bucket.Object(store._normalize_name(name))
        try:
            self._object.load()
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(f"There is no file {name}.") from error
            raise
        super().__init__(self._object.content_length)

    def readinto(self, buffer: Any) -> int:
        piece = self._get(min(len(buffer), self._size - self._at))
        buffer[: len(piece)] = piece
        return len(piece)

    def readall(self) -> bytes:
        return self._get(self._size - self._at)

    def _get(self, length: int) -> bytes:
        if length <= 0:
            return b""
        end = self._at + length - 1
        got = self._object.get(Range=f"bytes={self._at}-{end}", IfMatch=self._object.e_tag)
        with closing(got["Body"]) as body:
            piece: bytes = body.read()
        if len(piece) != length:
            raise OSError(f"The store sent {len(piece):,} bytes of {length:,}.")
        self._at += length
        return piece
