r"""Manifests: a table of images and drafts to import, as CSV or JSON lines.

Columns: ``image`` (a path, relative to the manifest), and if known ``draft``, ``source`` (slug),
``patient``, ``view``, ``age``, ``sex``, ``origin``, ``study`` (a whole number that orders the
patient's studies), ``split`` (the source's own: train, validation or test), ``pixel_spacing``
(millimetres from row to row and from column to column of the upright picture: ``0.14\0.14``),
``pixel_frame`` (height and width that these are of, if the picture was resized: ``2500\2048``),
``laterality`` (R, L, B or U), ``patient_orientation`` (``L\F``); and of recorded
findings ``findings`` (a JSON list), ``assessed`` (labels, or ``all``), ``reading`` (``annotated``
or ``recorded``), ``reader``.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.conf import settings

from audits.errors import InvalidInput
from audits.models import ReadingKind
from audits.services.imports.rows import Row
from inference.datasets import Reading
from inference.datasets.base import NativeFinding
from inference.mappings import NO_FINDING, label_of
from inference.schema import LedgerEntry
from inference.vocabulary import LABELS, Label, LedgerReason, State

READING_COLUMNS = ("findings", "assessed", "reading", "reader")
COLUMNS = (
    *("image", "draft", "source", "patient", "view", "age", "sex", "origin", "study", "split"),
    *("pixel_spacing", "pixel_frame", "laterality", "patient_orientation"),
    *READING_COLUMNS,
)
JSON_ENDINGS = (".jsonl", ".ndjson", ".json")
MAX_FINDINGS = 500


def manifest_rows(stream: BinaryIO, name: str) -> Iterator[Row]:
    """Every row in order; one that can't be read carries its ``problem``.

    ``number`` is its line as an editor counts; ``name`` tells CSV from JSON lines by its ending.
    """
    newline = None if name.lower().endswith(JSON_ENDINGS) else ""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline=newline)
    return _json_rows(text) if newline is None else _csv_rows(text)


def _csv_rows(text: io.TextIOWrapper) -> Iterator[Row]:
    # Drafts may be longer than the csv module's careful default.
    csv.field_size_limit(max(csv.field_size_limit(), settings.DRAFT_MAX_CHARS * 2))
    reader = csv.DictReader(text, restkey="", restval="")
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _bad(reader.line_num, f"The row is no CSV: {error}.")
            continue
        if "" in cells:
            yield _bad(reader.line_num, "The row has more cells than the header.")
        else:
            yield _row(reader.line_num, cells)


def _json_rows(text: io.TextIOWrapper) -> Iterator[Row]:
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            yield _row(number, record)
        else:
            yield _bad(number, "The line is not a JSON object.")


def _bad(number: int, sentence: str, field: str = "row") -> Row:
    return Row(number, problem=(field, sentence))


def _row(number: int, record: dict[str, Any]) -> Row:
    # By place, not by name: of a table without a header, the names are a patient's words.
    unknown = [str(at) for at, name in enumerate(record, start=1) if name not in COLUMNS]
    if unknown:
        known, places = ", ".join(COLUMNS), ", ".join(unknown[:20])
        return _bad(number, f"Unknown columns (counted from the left): {places}. Known: {known}.")
    try:
        json.dumps(record, ensure_ascii=False).encode()
        readings = _readings(record)
    except UnicodeEncodeError:
        return _bad(number, "The row is not valid UTF-8.")
    except InvalidInput as refused:
        return _bad(number, refused.message, next(iter(refused.fields)))
    cells = {
        name: "" if value is None else str(value)
        for name, value in record.items()
        if name not in READING_COLUMNS
    }
    return Row(number, cells.pop("image", ""), cells, readings=readings)


def _readings(record: dict[str, Any]) -> tuple[Reading, ...]:
    """The reading of a row, if it has one: an empty list of findings is one, no cell is none."""
    given = _list(record.get("findings"))
    assessed = _assessed(record.get("assessed"))
    if given is None and assessed is None:
        return ()
    kind = record.get("reading") or ReadingKind.ANNOTATED.value
    if kind not in tuple(ReadingKind):
        raise InvalidInput("reading", "One of: annotated, recorded.")
    findings, ledger, normal = _findings(given or [])
    return (
        Reading(
            "recorded" if kind == ReadingKind.RECORDED else "annotated",
            str(record.get("reader") or ""),
            findings,
            # Without a word on what was looked for, only what was found was.
            frozenset(each.label for each in findings) if assessed is None else assessed,
            normal=normal,
            ledger=ledger,
        ),
    )


def _list(value: Any) -> list[Any] | None:
    if value in (None, ""):
        return None
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) > MAX_FINDINGS:
        raise InvalidInput("findings", f"Findings are a JSON list of at most {MAX_FINDINGS}.")
    return found


def _assessed(value: Any) -> frozenset[Label] | None:
    if value in (None, ""):
        return None
    words = re.split(r"[\s,;]+", value.strip()) if isinstance(value, str) else value
    if words == ["all"]:
        return frozenset(LABELS)
    if not isinstance(words, list) or not set(map(str, words)) <= set(LABELS):
        raise InvalidInput("assessed", f"Labels, or all: {', '.join(LABELS)}.")
    return frozenset(Label(word) for word in words)


def _findings(
    given: list[Any],
) -> tuple[tuple[NativeFinding, ...], tuple[LedgerEntry, ...], bool]:
    """Findings with a label of ours, ledger entries for the others, and whether none is said."""
    found: list[NativeFinding] = []
    lost: list[LedgerEntry] = []
    normal = False
    for entry in given:
        if not isinstance(entry, dict) or not isinstance(entry.get("label"), str):
            raise InvalidInput("findings", "A finding is an object with a label.")
        label = label_of(entry["label"])
        if label == NO_FINDING:
            normal = True
        elif label is None:
            lost.append(LedgerEntry(LedgerReason.UNKNOWN_LABEL, entry["label"][:200]))
        else:
            found.append(
                NativeFinding(
                    label, entry.get("box"), state=_state(entry), score=_score(entry.get("score"))
                )
            )
    if normal and (found or lost):
        lost.append(LedgerEntry(LedgerReason.NO_FINDING_CONFLICT, NO_FINDING))
    return tuple(found), tuple(lost), normal and not (found or lost)


def _state(entry: dict[str, Any]) -> State:
    state = entry.get("state") or State.PRESENT
    if state not in (State.PRESENT, State.UNCERTAIN):
        raise InvalidInput(
            "findings", "A finding's state is present or uncertain; absent ones stand in assessed."
        )
    return State(state)


def _score(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InvalidInput("findings", "A score lies between 0 and 1.")
    return float(value)
