"""A release's tables a part of the cases at a time, with what is settled of them.

Views ask of one case after another, and lists of a question don't spill: the whole of a large
release would not fit into memory.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference.release.query import TRUTH, Tables, opened
from inference.release.tables import TABLES

PART_CASES = 2_500

_WHOLE, _SORTED = "whole_", "sorted_"
_OF_CASES = 'cases_of_parts p ON p."case" = x."case"'
_OF_AUDITS = "audits_of_parts p ON p.audit = x.audit"
_VIEWED = {
    "cases": (
        'cases_of_parts p ON p."case" = x.id',
        'id, source, image, pixels_sha256, width, height, "view", phantom',
    ),
    "drafts": (_OF_CASES, 'id, x."case", origin, text'),
    "audits": (
        _OF_CASES,
        'id, x."case", draft, grounder, parser, policy, image_state, draft_state, draft_labels',
    ),
    "findings": (_OF_AUDITS, "x.audit, label, box, score, below"),
    "mentions": (_OF_AUDITS, 'x.audit, label, state, start, "end", overruled'),
    "flags": (
        _OF_AUDITS,
        "id, x.audit, kind, label, reason, reported, side_agrees, boxes, spans",
    ),
    "decisions": (_OF_AUDITS, "x.audit, flag, verdict, reason, draft_read_right"),
    "missed_findings": (_OF_AUDITS, "x.audit, label, box"),
    "settlements": (
        _OF_AUDITS,
        "x.audit, flag, label, basis, rule, verdict, finding_true, box_right, draft_read_right, "
        "box",
    ),
}
"""The tables that views are made from: how each finds its part, and the columns that they ask."""

_PARTS = f"""
CREATE TABLE cases_of_parts AS
    SELECT id AS "case", dense_rank() OVER (ORDER BY split, number) AS part, split
    FROM (
        SELECT id, split,
            (row_number() OVER (PARTITION BY split ORDER BY id) - 1) // $cases AS number
        FROM {_WHOLE}cases
    );
CREATE TABLE audits_of_parts AS
    SELECT a.id AS audit, part FROM {_WHOLE}audits a JOIN cases_of_parts USING ("case");
"""  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases of one split: each table holds their rows alone."""

    split: str
    tables: Tables


@contextmanager
def open_parts(root: Path, scratch: Path | None = None) -> Iterator[Iterator[Part]]:
    """The tables below ``root/data`` with what is settled (`TRUTH`), ``PART_CASES`` cases at a
    time, in the order of their ids within each split. None without cases.

    Take a part's answers before the next one. ``scratch``: as in `open_tables`.
    """
    with opened(root, scratch, prefix=_WHOLE) as connection:
        yield _parts(connection)


def _parts(connection: Any) -> Iterator[Part]:
    _sort(connection)
    for table in TABLES:
        if table.name not in _VIEWED:
            connection.execute(f"CREATE VIEW {table.name} AS FROM {_WHOLE}{table.name}")
    asked = "SELECT DISTINCT part, split FROM cases_of_parts ORDER BY part"
    for part, split in connection.execute(asked).fetchall():
        for name in _VIEWED:
            chosen = f"FROM {_SORTED}{name} WHERE part = {part}"
            connection.execute(f"CREATE OR REPLACE TABLE {name} AS {chosen}")
        connection.execute(TRUTH.replace("CREATE TABLE", "CREATE OR REPLACE TABLE"))
        yield Part(split, Tables(connection))


def _sort(connection: Any) -> None:
    """By parts, once: whoever looks for each part's rows in the whole of a table takes the square
    of its size."""
    connection.execute(_PARTS.replace("$cases", str(PART_CASES)))
    for name, (parts, columns) in _VIEWED.items():
        connection.execute(
            f"CREATE TABLE {_SORTED}{name} AS SELECT {columns}, part "  # noqa: S608 - our own names
            f"FROM {_WHOLE}{name} x JOIN {parts} ORDER BY part"
        )
