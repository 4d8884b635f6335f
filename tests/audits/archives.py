"""ZIP files for the tests of imports: honest ones, and ones no honest program makes."""

import io
import json
import struct
import zipfile
from typing import TYPE_CHECKING, Any

from tests.audits.pictures import picture

if TYPE_CHECKING:
    from audits.models import Import


def zipped(files: dict[str, bytes | str], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def pairs(count: int = 3, seed: int = 0) -> dict[str, bytes | str]:
    files: dict[str, bytes | str] = {}
    for number in range(count):
        files[f"{number}.png"] = picture(seed=seed + number)
        files[f"{number}.txt"] = f"Draft {number}."
    return files


def jsonl(rows: list[dict[str, Any]]) -> str:
    return "\n".join(json.dumps(row) for row in rows)


def with_link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("0.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def with_flag(bit: int) -> bytes:
    """An archive whose directory claims a flag (1: encrypted)."""
    data = bytearray(zipped(pairs(1)))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, bit)
    return bytes(data)


def with_overlap() -> bytes:
    """Two entries of the directory that point at one member."""
    data = bytearray(zipped({"a.png": picture(), "b.png": picture(seed=1)}))
    second = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)
    return bytes(data)


def with_many_announced() -> bytes:
    data = bytearray(zipped(pairs(1)))
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<I", data, end + 12, 2**31)
    return bytes(data)


def bomb() -> bytes:
    return zipped({"0.png": bytes(8 * 2**20)}, zipfile.ZIP_DEFLATED)


def finished(run: "Import") -> "Import":
    """The import after its worker's turn."""
    from audits.models import Import  # noqa: PLC0415 - benchmarks make archives without Django
    from audits.services.imports.run import import_run  # noqa: PLC0415

    assert import_run(import_id=run.pk)
    return Import.objects.get(pk=run.pk)
