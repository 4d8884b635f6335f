"""SQL over a release's Parquet files, in bounded memory, whatever their size.

Each table is a view of its own name with one more column, ``split``.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from inference.release.tables import TABLES, Row

_MEMORY = "128MB"
"""Eight million flags are sorted in it; with 112 MB they are not, with 64 MB two million."""

_BATCH = 2_000


class Tables:
    """The tables of one folder, open for questions."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, sql: str, parameters: dict[str, Any] | None = None) -> Iterator[Row]:
        """Rows as dictionaries, as they come. Give an ORDER BY: there is no other order."""
        # A cursor of its own, so that one question may be asked while another is answered.
        found = self._connection.cursor().execute(sql, parameters or {})
        names = [column[0] for column in found.description]
        while batch := found.fetchmany(_BATCH):
            for values in batch:
                yield dict(zip(names, values, strict=True))

    def batches(
        self, sql: str, parameters: dict[str, Any] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The same as Arrow has them: no row becomes a Python object."""
        found = self._connection.cursor().sql(sql, params=parameters or {})
        yield from found.to_arrow_reader(_BATCH)

    def keep(self, name: str, sql: str, parameters: dict[str, Any] | None = None) -> None:
        """Add the answer to the table ``name``, which is there from the first one on."""
        with self._connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE IF NOT EXISTS {name} AS FROM ({sql}) LIMIT 0", parameters)
            cursor.execute(f"INSERT INTO {name} {sql}", parameters)

    def value(self, sql: str) -> Any:
        """The first column of the first row."""
        return next(iter(next(self.rows(sql)).values()))


@contextmanager
def open_tables(root: Path, *, scratch: Path | None = None) -> Iterator[Tables]:
    """Open the tables below ``root/data``; a table without files there has no view.

    ``scratch``: a folder for what does not fit into memory, else the system's.
    """
    with opened(root, scratch) as connection:
        yield Tables(connection)


@contextmanager
def opened(root: Path, scratch: Path | None, prefix: str = "") -> Iterator[Any]:
    """A database of its own with a view of each table; gone at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="overread-tables-", dir=scratch) as own,
        duckdb.connect(":memory:") as connection,
    ):
        connection.execute(f"SET memory_limit='{_MEMORY}'")
        connection.execute("SET threads=1")
        # What is freed goes back to the system at once, not from 128 and 512 MB on.
        connection.execute("SET allocator_flush_threshold='1MB'")
        connection.execute("SET allocator_bulk_deallocation_flush_threshold='1MB'")
        # Every question that asks for an order says which.
        connection.execute("SET preserve_insertion_order=false")
        connection.execute(f"SET temp_directory='{_quoted(Path(own) / 'spill')}'")
        connection.execute("SET autoinstall_known_extensions=false")
        for table in TABLES:
            folder = root / "data" / table.name
            if any(folder.glob("*.parquet")):
                connection.execute(_view(table.name, folder, prefix))
        yield connection


def _view(name: str, folder: Path, prefix: str) -> str:
    split = "parse_filename(filename).regexp_extract('^[a-z]+')"
    if name == "cases":  # says its split itself
        split = "split"
    others = "* EXCLUDE (filename, split)" if name == "cases" else "* EXCLUDE (filename)"
    pattern = _quoted(folder / "*.parquet")
    return (
        f"CREATE VIEW {prefix}{name} AS SELECT {others}, {split} AS split "  # noqa: S608 - our own names
        f"FROM read_parquet('{pattern}', filename=true)"
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
