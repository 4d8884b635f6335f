"""What changed between two releases of a name: rows by id, cases that moved, columns."""

from pathlib import Path
from typing import Any

import duckdb

from inference.release.tables import TABLES, Table

_MEMORY = "128MB"
_PSEUDONYMS = ("patient", "reader")
_NOTHING = "(SELECT NULL::VARCHAR AS id WHERE false)"


def diff(old: Path, new: Path) -> dict[str, Any]:
    """Rows added, removed and changed per table, cases whose split moved, and other columns.

    Ids never change. Pseudonyms are of one release alone, so `patient` and `reader` are not
    compared. A table that only one of the two knows counts as empty in the other.
    """
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET memory_limit='{_MEMORY}'")
        connection.execute("SET threads=1")
        connection.execute(f"SET temp_directory='{_quoted(new / '.spill')}'")
        compared = {table.name: _Compared(connection, old, new, table) for table in TABLES}
        tables = {name: one.rows() for name, one in compared.items()}
        moved = compared["cases"].moved()
        columns = [change for one in compared.values() for change in one.columns()]
    return {
        "tables": tables,
        "columns": columns,
        "cases_moved": moved,
        "needs": _needs(tables, moved, columns),
    }


class _Compared:
    """One table in both releases."""

    def __init__(self, connection: Any, old: Path, new: Path, table: Table) -> None:
        self._connection, self._table = connection, table
        self._a, self._b = _source(old, table), _source(new, table)
        self._old, self._new = self._names(self._a), self._names(self._b)

    def _names(self, source: str) -> list[str]:
        """The columns; none if the release has no such table."""
        if source == _NOTHING:
            return []
        described = self._connection.execute(f"DESCRIBE SELECT * FROM {source}")  # noqa: S608 - our own names
        return [str(row[0]) for row in described.fetchall()]

    def rows(self) -> dict[str, int]:
        both = [name for name in self._old if name in self._new]
        compared = [name for name in both if name not in (*_PSEUDONYMS, "id")]
        # A row by its hash of 64 bits: whole rows, with their texts, would not fit into memory.
        names = ", ".join(f'"{name}"' for name in compared)
        held = f"hash({names})" if compared else "0"
        sql = f"""
            SELECT count(a.id), count(b.id),
                count(*) FILTER (a.id IS NULL), count(*) FILTER (b.id IS NULL),
                count(*) FILTER (a.id IS NOT NULL AND b.id IS NOT NULL AND a.held <> b.held)
            FROM (SELECT id, {held} AS held FROM {self._a}) a
            FULL JOIN (SELECT id, {held} AS held FROM {self._b}) b ON a.id = b.id
        """  # noqa: S608 - our own names
        found = self._connection.execute(sql).fetchone()
        return dict(zip(("before", "after", "added", "removed", "changed"), found, strict=True))

    def moved(self) -> int:
        sql = f"""
            SELECT count(*) FROM {self._a} a JOIN {self._b} b USING (id)
            WHERE a.split <> b.split
        """  # noqa: S608
        return int(self._connection.execute(sql).fetchone()[0])

    def columns(self) -> list[dict[str, str]]:
        """Columns of a table that both releases have and only one of them knows."""
        if not self._old or not self._new:
            return []
        changes = [(name, "added") for name in self._new if name not in self._old]
        changes += [(name, "removed") for name in self._old if name not in self._new]
        return [
            {"table": self._table.name, "column": name, "change": change}
            for name, change in changes
        ]


def _source(root: Path, table: Table) -> str:
    files = root / "data" / table.name / "*.parquet"
    return f"read_parquet('{_quoted(files)}')" if any(files.parent.glob(files.name)) else _NOTHING


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _needs(tables: dict[str, dict[str, int]], moved: int, columns: list[dict[str, str]]) -> str:
    """The least semantic step: major if rows or columns went or changed, minor if only added."""
    lost = any(one["change"] == "removed" for one in columns)
    if moved or lost or any(one["removed"] or one["changed"] for one in tables.values()):
        return "major"
    return "minor" if columns or any(one["added"] for one in tables.values()) else "patch"
