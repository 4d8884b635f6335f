"""Rows: ids, references, splits."""

from collections.abc import Iterator
from pathlib import Path

from inference.fingerprints import near_groups
from inference.release.query import Tables, open_tables
from inference.release.reading import rows_of
from inference.release.tables import TABLES, splits_of


def check_ids(root: Path) -> Iterator[str]:
    for table in TABLES:
        for split in splits_of(table):
            last = ""
            for row in rows_of(root, table, split, ["id"]):
                if row["id"] <= last:
                    yield f"{table.name} {split}: {row['id']} comes after {last}"
                last = row["id"]
    with open_tables(root) as asked:
        for table in TABLES:
            sql = f"SELECT id FROM {table.name} GROUP BY id HAVING count(*) > 1 ORDER BY id"  # noqa: S608
            yield from (f"{table.name}: {row['id']} stands twice" for row in asked.rows(sql))


def check_references(root: Path) -> Iterator[str]:
    with open_tables(root) as asked:
        for table in TABLES:
            for column in table.columns:
                if not column.refers:
                    continue
                may = f'AND x."{column.name}" IS NOT NULL ' if column.may_be_null else ""
                sql = (
                    f'SELECT id, "{column.name}" AS missing FROM {table.name} x '  # noqa: S608
                    f"WHERE NOT EXISTS (SELECT 1 FROM {column.refers} y "
                    f'WHERE y.id = x."{column.name}") {may}ORDER BY id'
                )
                for row in asked.rows(sql):
                    yield f"{table.name} {row['id']}: no {column.refers} {row['missing']}"


_TWO_SPLITS = """
SELECT {column} AS what FROM cases GROUP BY 1 HAVING count(DISTINCT split) > 1 ORDER BY 1
"""
_HASHED = """
SELECT id, split, perceptual_hash FROM cases WHERE perceptual_hash IS NOT NULL ORDER BY id
"""
_FILE_SPLIT = """
SELECT x.id AS id FROM {table} x JOIN audits a ON a.id = x.audit JOIN cases c ON c.id = a."case"
WHERE x.split <> c.split ORDER BY x.id
"""


def check_splits(root: Path) -> Iterator[str]:
    with open_tables(root) as asked:
        for column in ("patient", "pixels_sha256"):
            for row in asked.rows(_TWO_SPLITS.format(column=column)):
                yield f"{column} {row['what']} is in more than one split"
        yield from _near(asked)
        for table in TABLES:
            if "audit" in table.names:
                rows = asked.rows(_FILE_SPLIT.format(table=table.name))
                yield from (f"{table.name} {row['id']} is not in its case's split" for row in rows)


def _near(asked: Tables) -> Iterator[str]:
    """Pictures that are nearly the same, in two splits: re-encoded, scaled or windowed copies."""
    rows = list(asked.rows(_HASHED))
    groups = near_groups([int(row["perceptual_hash"], 16) for row in rows])
    for row, first in zip(rows, groups, strict=True):
        if row["split"] != rows[first]["split"]:
            yield f"case {row['id']} is nearly the picture of {rows[first]['id']}, in another split"
