"""ZIP files from strangers: judged whole before anything is read, and never unpacked to disk.

An archive that tries a path, a link or a bomb is refused as a whole: no honest program makes one.
Members are read into memory, each up to the limit of what it is, so that a lie in a header ends at
that limit.
"""

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.conf import settings

from audits.errors import InvalidInput
from audits.services.imports.containers import draft_text, refuse_image_size
from audits.services.imports.rows import ImportRefused

MAX_ENTRIES = 200_000
MAX_DIRECTORY_BYTES = 64 * 2**20
MAX_RATIO = 200
"""Deflate itself can't exceed 1032; tables of text reach 20, pictures 1, a blank picture 100."""
RATIO_FREE_BYTES = 4 * 2**20
"""Below this a high ratio does no harm."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LINK, _TYPE = 0o120000, 0o170000
_END = struct.Struct("<4s4H2LH")


class ZipContainer:
    """A checked archive over a seekable file; raises ``ImportRefused`` with the reason."""

    def __init__(self, file: BinaryIO) -> None:
        _refuse_directory(file)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, struct.error) as error:
            # Without the library's words, which quote the names of files.
            raise ImportRefused("not_a_zip", "The archive's directory is damaged.") from error
        members = [each for each in self._zip.infolist() if not each.is_dir()]
        _refuse_hostile(self._zip.infolist())
        self._members = {each.filename: each for each in members if not _is_litter(each.filename)}
        self.names = list(self._members)

    def open(self, name: str) -> BinaryIO:
        """A member as a stream, which may raise ``zipfile.BadZipFile`` while it is read."""
        return io.BytesIO(self._read(name, self._members[name].file_size))

    def size(self, name: str) -> int:
        return self._members[name].file_size

    def read_image(self, name: str) -> bytes:
        if name not in self._members:
            raise InvalidInput("image", "The row names no image of this archive.")
        refuse_image_size(self.size(name))
        return self._read_or_refuse(name, settings.IMAGE_MAX_BYTES, "image")

    def read_text(self, name: str) -> str:
        limit = 4 * settings.DRAFT_MAX_CHARS
        return draft_text(self._read_or_refuse(name, limit, "draft"))

    def _read_or_refuse(self, name: str, limit: int, field: str) -> bytes:
        try:
            return self._read(name, limit)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise InvalidInput(field, "The archive is damaged at this entry.") from error

    def _read(self, name: str, limit: int) -> bytes:
        with self._zip.open(self._members[name]) as stream:
            return stream.read(limit + 1)


def _refuse_directory(file: BinaryIO) -> None:
    """Look at the directory's announced size before the library reads it into memory."""
    size = file.seek(0, io.SEEK_END)
    tail_at = max(0, size - 65_557)
    file.seek(tail_at)
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) - found < _END.size:
        raise ImportRefused("not_a_zip", "This is no ZIP, or it is cut off before its end.")
    entries, length = _END.unpack_from(tail, found)[4:6]
    if tail[max(0, found - 20) : found].startswith(b"PK\x06\x07"):
        entries, length = _zip64_directory(file, tail[found - 20 : found], size)
    if entries > MAX_ENTRIES or length > MAX_DIRECTORY_BYTES:
        raise ImportRefused(
            "too_many_entries", f"An archive has at most {MAX_ENTRIES:,} entries; split it."
        )


def _zip64_directory(file: BinaryIO, locator: bytes, size: int) -> tuple[int, int]:
    at = struct.unpack_from("<Q", locator, 8)[0]
    if at + 56 > size:
        raise ImportRefused("not_a_zip", "The archive's directory lies outside of it.")
    file.seek(at)
    record = file.read(56)
    if not record.startswith(b"PK\x06\x06"):
        raise ImportRefused("not_a_zip", "The archive's directory is damaged.")
    entries, length = struct.unpack_from("<QQ", record, 32)
    return int(entries), int(length)


def _refuse_hostile(members: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for at, member in enumerate(members, start=1):
        reason = _hostile(member) or ("is there twice" if _folded(member) in seen else "")
        if reason:
            raise ImportRefused("hostile_archive", f"Entry {at} of the archive {reason}.")
        seen.add(_folded(member))
    total = sum(member.file_size for member in members)
    if total > settings.IMPORT_MAX_BYTES:
        limit = settings.IMPORT_MAX_BYTES // 2**30
        raise ImportRefused("archive_bomb", f"An archive unpacks to at most {limit} GB.")
    _refuse_overlaps(members)


def _hostile(member: zipfile.ZipInfo) -> str:
    name = member.filename
    packed = max(member.compress_size, 1)
    reasons = {
        # `orig_filename` still has what the library cuts off at a NUL.
        "has a name with a NUL": "\0" in member.orig_filename,
        "leads out of the archive": _leads_out(name),
        "is a link": (member.external_attr >> 16) & _TYPE == _LINK,
        "is encrypted": bool(member.flag_bits & 0x1),
        "is packed in a way that is not read here": member.compress_type not in _METHODS,
        "unpacks to far more than it is": (
            member.file_size > RATIO_FREE_BYTES and member.file_size / packed > MAX_RATIO
        ),
    }
    return next((reason for reason, is_so in reasons.items() if is_so), "")


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or not name.strip("/")


def _folded(member: zipfile.ZipInfo) -> str:
    return unicodedata.normalize("NFC", member.filename)


def _refuse_overlaps(members: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes make a bomb without a ratio (D. Fifield, "zip bombs", 2019)."""
    end = -1
    for start, length in sorted(_spans(members)):
        if start < end:
            raise ImportRefused("archive_bomb", "Entries of the archive overlap.")
        end = start + length


def _spans(members: list[zipfile.ZipInfo]) -> Iterator[tuple[int, int]]:
    # A local header has 30 bytes and a name; its extra field may differ, so it is not counted.
    return ((each.header_offset, 30 + each.compress_size) for each in members)


def _is_litter(name: str) -> bool:
    """What operating systems add of themselves; it says nothing about any case."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] in (".DS_Store", "Thumbs.db")
