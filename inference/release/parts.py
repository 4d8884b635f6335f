"""A release's tables a part of the cases at a time, with what is settled of them.

Views ask of one case after another, and lists of a question don't spill: the whole of a large
release would not fit into memory.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.release.query import Tables, opened
from inference.release.tables import TABLES, Split
from inference.release.texts import Texts
from inference.release.truth import TRUTH

PART_BYTES, CASE_BYTES = 10_000_000, 4_000
"""How much of the tables is one part, and what the rows of a case take beside its drafts' text."""

_MEMORY = "96MB"
"""Of the database, once it has sorted: a part needs less."""

_WHOLE, _SORTED = "whole_", "sorted_"
_OF_CASES = 'cases_of_parts p ON p."case" = x."case"'
_OF_AUDITS = "audits_of_parts p ON p.audit = x.audit"
_VIEWED = {
    "cases": (
        'cases_of_parts p ON p."case" = x.id',
        'id, source, patient, image, pixels_sha256, width, height, "view", phantom',
    ),
    "drafts": (_OF_CASES, 'id, x."case", origin, start, bytes'),
    "audits": (
        _OF_CASES,
        'id, x."case", draft, grounder, parser, policy, image_state, draft_state, image_labels, '
        "draft_labels",
    ),
    "findings": (_OF_AUDITS, "x.audit, label, box, score, below"),
    "mentions": (
        _OF_AUDITS,
        'x.audit, label, state, side, start, "end", overruled',
    ),
    "flags": (
        _OF_AUDITS,
        "id, x.audit, position, kind, label, reason, reported, side_agrees, boxes, spans",
    ),
    "decisions": (
        _OF_AUDITS,
        "x.audit, flag, verdict, reason, draft_read_right",
    ),
    "missed_findings": (_OF_AUDITS, "x.audit, label, box"),
    "settlements": (
        _OF_AUDITS,
        "x.audit, flag, label, basis, rule, verdict, finding_true, box_right, draft_read_right, "
        "box",
    ),
}
"""The tables that views are made from: how each finds its part, and the columns that they ask."""

_CASES_OF_PARTS = f"""
CREATE TABLE cases_of_parts AS
    WITH texts AS (
        SELECT "case", sum(bytes) AS bytes FROM {_WHOLE}drafts GROUP BY "case"
    ), numbered AS (
        SELECT id, c.split,
            sum($case + coalesce(bytes, 0)) OVER (PARTITION BY c.split ORDER BY id) // $part
                AS number
        FROM {_WHOLE}cases c LEFT JOIN texts ON texts."case" = c.id
    )
    SELECT id AS "case", dense_rank() OVER (ORDER BY split, number) AS part, split FROM numbered
"""  # noqa: S608 - our own names
_AUDITS_OF_PARTS = f"""
CREATE TABLE audits_of_parts AS
    SELECT a.id AS audit, part FROM {_WHOLE}audits a JOIN cases_of_parts USING ("case")
"""  # noqa: S608 - our own names
_PLACED = f"SELECT id, start, bytes FROM {_SORTED}drafts WHERE part = $part"  # noqa: S608
_DRAFTS = f"""
CREATE OR REPLACE TABLE drafts AS
    SELECT d.id, d."case", d.origin, t.text
    FROM {_SORTED}drafts d JOIN texts_of_part t ON t.draft = d.id WHERE part = $part
"""  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases of one split: each table holds their rows alone."""

    split: Split
    tables: Tables


@contextmanager
def open_parts(root: Path, scratch: Path | None = None) -> Iterator[Iterator[Part]]:
    """The tables below ``root/data`` with what is settled (`TRUTH`), some cases at a time
    (``PART_BYTES``), in the order of their ids within each split. None without cases.

    Take a part's answers before the next one. ``scratch``: as in `open_tables`.
    """
    with opened(root, scratch, prefix=_WHOLE) as connection, closing(Texts(root, scratch)) as texts:
        yield _parts(connection, texts)


def _parts(connection: Any, texts: Texts) -> Iterator[Part]:
    # In the place of the drafts: theirs without the texts.
    connection.register("placed", texts.read())
    connection.execute(f"DROP VIEW IF EXISTS {_WHOLE}drafts")
    connection.execute(f"CREATE TABLE {_WHOLE}drafts AS FROM placed")
    _sort(connection)
    for table in TABLES:
        if table.name not in _VIEWED:
            connection.execute(f"CREATE VIEW {table.name} AS FROM {_WHOLE}{table.name}")
    # What was sorted gives way to what is read of it.
    connection.execute(f"SET memory_limit='{_MEMORY}'")
    asked = "SELECT DISTINCT part, split FROM cases_of_parts ORDER BY part"
    for part, split in connection.execute(asked).fetchall():
        for name in _VIEWED.keys() - {"drafts"}:
            chosen = f"FROM {_SORTED}{name} WHERE part = {part}"
            connection.execute(f"CREATE OR REPLACE TABLE {name} AS {chosen}")
        placed = connection.execute(_PLACED, {"part": part}).fetchall()
        connection.register("texts_of_part", texts.of(placed))
        connection.execute(_DRAFTS, {"part": part})
        connection.unregister("texts_of_part")
        connection.execute(TRUTH)
        yield Part(split, Tables(connection))


def _sort(connection: Any) -> None:
    """By parts, once: whoever looks for each part's rows in the whole of a table takes the square
    of its size."""
    connection.execute(_CASES_OF_PARTS, {"case": CASE_BYTES, "part": PART_BYTES})
    connection.execute(_AUDITS_OF_PARTS)
    for name, (parts, columns) in _VIEWED.items():
        connection.execute(
            f"CREATE TABLE {_SORTED}{name} AS SELECT {columns}, part "  # noqa: S608 - our own names
            f"FROM {_WHOLE}{name} x JOIN {parts} ORDER BY part"
        )
