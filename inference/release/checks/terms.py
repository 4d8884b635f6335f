"""Terms: no text and no box of a source that keeps them back."""

from collections.abc import Iterator
from pathlib import Path

from inference.release.checks.words import TEXTS
from inference.release.query import Tables, open_tables
from inference.release.tables import BOX, BOXES, SEEN, TABLES, Table

_HELD = """
SELECT x.id FROM {table} x JOIN cases c ON c.id = {case} JOIN sources s ON s.id = c.source
WHERE NOT s.{switch} AND ({there}) ORDER BY x.id
"""


def check_withheld_text(root: Path) -> Iterator[str]:
    with open_tables(root) as asked:
        for table, columns in TEXTS.items():
            there = " OR ".join(f"x.{column} IS NOT NULL" for column in columns)
            for found in _held(asked, table.name, "text_redistributable", there):
                yield f"{table.name} {found} has text"


def check_withheld_boxes(root: Path) -> Iterator[str]:
    with open_tables(root) as asked:
        for table in TABLES:
            if there := _boxes(table):
                for found in _held(asked, table.name, "boxes_redistributable", there):
                    yield f"{table.name} {found} has a box"


def _held(asked: Tables, table: str, switch: str, there: str) -> Iterator[str]:
    case = 'x."case"'
    if table != "drafts":
        case = '(SELECT a."case" FROM audits a WHERE a.id = x.audit)'
    sql = _HELD.format(table=table, case=case, switch=switch, there=there)
    return (row["id"] for row in asked.rows(sql))


def _boxes(table: Table) -> str:
    single = [f"x.{one.name} IS NOT NULL" for one in table.columns if one.type == BOX]
    many = [f"len(x.{one.name}) > 0" for one in table.columns if one.type in (BOXES, SEEN)]
    return " OR ".join(single + many)
