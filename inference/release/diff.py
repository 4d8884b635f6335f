"""What changed between two releases of a name: rows by id, cases that moved, columns."""

from pathlib import Path
from typing import Any

import duckdb

from inference.release.tables import TABLES, Table


def diff(old: Path, new: Path) -> dict[str, Any]:
    """Rows added, removed and changed per table, and cases whose split moved; ids never change.

    Pseudonyms are of one release alone, so `patient` and `reader` are not compared.
    """
    tables = {table.name: _table(old, new, table) for table in TABLES}
    moved = _moved(old, new)
    return {"tables": tables, "cases_moved": moved, "needs": _needs(tables, moved)}


_PSEUDONYMS = ("patient", "reader")


def _files(root: Path, table: Table) -> str:
    return str(root / "data" / table.name / "*.parquet").replace("'", "''")


def _table(old: Path, new: Path, table: Table) -> dict[str, int]:
    columns = [name for name in table.names if name not in (*_PSEUDONYMS, "id")]
    differs = " OR ".join(f'a."{name}" IS DISTINCT FROM b."{name}"' for name in columns)
    sql = f"""
        SELECT count(*) FILTER (a.id IS NULL) AS added, count(*) FILTER (b.id IS NULL) AS removed,
               count(*) FILTER (a.id IS NOT NULL AND b.id IS NOT NULL AND ({differs})) AS changed
        FROM read_parquet('{_files(old, table)}') a
        FULL JOIN read_parquet('{_files(new, table)}') b ON a.id = b.id
    """  # noqa: S608 - our own names
    added, removed, changed = _one(sql)
    return {"added": added, "removed": removed, "changed": changed}


def _moved(old: Path, new: Path) -> int:
    cases = next(table for table in TABLES if table.name == "cases")
    sql = f"""
        SELECT count(*) FROM read_parquet('{_files(old, cases)}') a
        JOIN read_parquet('{_files(new, cases)}') b USING (id) WHERE a.split <> b.split
    """  # noqa: S608
    return int(_one(sql)[0])


def _one(sql: str) -> tuple[Any, ...]:
    with duckdb.connect(":memory:") as connection:
        row = connection.execute(sql).fetchone()
    if row is None:
        raise RuntimeError("an aggregate gave no row")
    return tuple(row)


def _needs(tables: dict[str, dict[str, int]], moved: int) -> str:
    """The least semantic step: major if rows changed, went or moved; minor if only added."""
    if moved or any(one["removed"] or one["changed"] for one in tables.values()):
        return "major"
    return "minor" if any(one["added"] for one in tables.values()) else "patch"
