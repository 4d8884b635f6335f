"""Manifests: a table of images and drafts to import, as CSV or JSON lines.

Columns: ``image`` (a path, relative to the manifest), and if known ``draft``, ``source`` (slug),
``patient``, ``view``, ``age``, ``sex``, ``origin``.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from audits.errors import InvalidInput
from audits.services.cases import NewCase

COLUMNS = ("image", "draft", "source", "patient", "view", "age", "sex", "origin")


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One row, not yet checked; ``number`` is its line as an editor counts."""

    number: int
    cells: dict[str, str]
    problem: str = ""


def manifest_rows(path: Path) -> Iterator[ManifestRow]:
    """Every row in order; one that can't be read carries its ``problem`` and no cells."""
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return _json_rows(path)
    return _csv_rows(path)


def _csv_rows(path: Path) -> Iterator[ManifestRow]:
    # Drafts may be longer than the csv module's careful default.
    csv.field_size_limit(max(csv.field_size_limit(), settings.DRAFT_MAX_CHARS * 2))
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        reader = csv.DictReader(stream, restkey="", restval="")
        for cells in reader:
            if "" in cells:
                yield ManifestRow(reader.line_num, {}, "The row has more cells than the header.")
            else:
                yield _row(reader.line_num, cells)


def _json_rows(path: Path) -> Iterator[ManifestRow]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (json.JSONDecodeError, RecursionError):
                record = None
            if isinstance(record, dict):
                yield _row(number, record)
            else:
                yield ManifestRow(number, {}, "The line is not a JSON object.")


def _row(number: int, record: dict[str, Any]) -> ManifestRow:
    unknown = sorted(str(name) for name in record if name not in COLUMNS)
    if unknown:
        return ManifestRow(
            number,
            {},
            f"Unknown columns: {', '.join(unknown)}. Known ones: {', '.join(COLUMNS)}.",
        )
    cells = {name: "" if value is None else str(value) for name, value in record.items()}
    try:
        "".join(cells.values()).encode()
    except UnicodeEncodeError:
        return ManifestRow(number, {}, "The row is not valid UTF-8.")
    return ManifestRow(number, cells)


def case_from_row(row: ManifestRow, *, folder: Path, source: str) -> NewCase:
    """The case a row describes; raises ``InvalidInput`` naming the column."""
    if row.problem:
        raise InvalidInput("row", row.problem)
    cells = row.cells
    given = {name: cells[name] for name in ("draft", "patient", "view", "sex") if name in cells}
    return NewCase(
        image=_read(folder, cells.get("image", "")),
        file_name=Path(cells.get("image", "")).name,
        source=cells.get("source") or source,
        origin=cells.get("origin") or "human",
        age=_age(cells.get("age", "")),
        **given,
    )


def _read(folder: Path, name: str) -> bytes:
    if not name or "\0" in name:
        raise InvalidInput("image", "The row names no image.")
    path = folder / name
    try:
        if path.stat().st_size > settings.IMAGE_MAX_BYTES:
            limit = settings.IMAGE_MAX_BYTES // 2**20
            raise InvalidInput("image", f"An image file has at most {limit} MB.")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput("image", f"The image can't be read: {reason}.") from error


def _age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= 120):
        raise InvalidInput("age", "An age is a whole number of years from 0 to 120.")
    return int(text)
