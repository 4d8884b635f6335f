"""SQL over a release's Parquet files, in bounded memory, whatever their size.

Each table is a view of its own name with one more column, ``split``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from inference.release.tables import TABLES, Row

_MEMORY = "128MB"

TRUTH = """
CREATE VIEW votes AS
    SELECT a."case", f.label, d.finding_true, d.reader
    FROM decisions d JOIN flags f ON f.id = d.flag JOIN audits a ON a.id = f.audit
    WHERE d.finding_true IS NOT NULL
  UNION ALL
    SELECT a."case", m.label, true, m.reader
    FROM missed_findings m JOIN audits a ON a.id = m.audit;

-- Readers who differ settle nothing: a truth is what every reader who said something said.
CREATE VIEW truths AS
    SELECT "case", label, bool_and(finding_true) AS finding_true,
           count(DISTINCT reader) AS readers
    FROM votes GROUP BY "case", label
    HAVING bool_and(finding_true) = bool_or(finding_true);

-- A label that somebody spoke of, also as indeterminate, and that is not settled.
CREATE VIEW open_labels AS
    SELECT DISTINCT a."case", f.label
    FROM decisions d JOIN flags f ON f.id = d.flag JOIN audits a ON a.id = f.audit
    WHERE NOT EXISTS (
        SELECT 1 FROM truths t WHERE t."case" = a."case" AND t.label = f.label
    );

-- Readers' own boxes win over the model's; the model's count where a reader called them right.
CREATE VIEW true_boxes AS
    WITH drawn AS (
        SELECT a."case", f.label, d.box
        FROM decisions d JOIN flags f ON f.id = d.flag JOIN audits a ON a.id = f.audit
        WHERE d.box IS NOT NULL AND d.finding_true
      UNION
        SELECT a."case", m.label, m.box
        FROM missed_findings m JOIN audits a ON a.id = m.audit WHERE m.box IS NOT NULL
    ), kept AS (
        SELECT DISTINCT a."case", f.label, unnest(f.boxes) AS box
        FROM decisions d JOIN flags f ON f.id = d.flag JOIN audits a ON a.id = f.audit
        WHERE d.box_right AND d.finding_true
    ), boxes AS (
        SELECT * FROM drawn
      UNION
        SELECT * FROM kept WHERE NOT EXISTS (
            SELECT 1 FROM drawn WHERE drawn."case" = kept."case" AND drawn.label = kept.label
        )
    )
    SELECT boxes.* FROM boxes JOIN truths t USING ("case", label) WHERE t.finding_true;
"""
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

    def value(self, sql: str) -> Any:
        """The first column of the first row."""
        return next(iter(next(self.rows(sql)).values()))


@contextmanager
def open_tables(root: Path) -> Iterator[Tables]:
    """Open the tables below ``root/data``; a table without files there has no view."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET memory_limit='{_MEMORY}'")
        connection.execute("SET threads=1")
        connection.execute(f"SET temp_directory='{_quoted(root / '.spill')}'")
        connection.execute("SET autoinstall_known_extensions=false")
        for table in TABLES:
            folder = root / "data" / table.name
            if any(folder.glob("*.parquet")):
                connection.execute(_view(table.name, folder))
        connection.execute(TRUTH)
        yield Tables(connection)


def _view(name: str, folder: Path) -> str:
    split = "parse_filename(filename).regexp_extract('^[a-z]+')"
    if name == "cases":  # says its split itself
        split = "split"
    others = "* EXCLUDE (filename, split)" if name == "cases" else "* EXCLUDE (filename)"
    pattern = _quoted(folder / "*.parquet")
    return (
        f"CREATE VIEW {name} AS SELECT {others}, {split} AS split "  # noqa: S608 - our own names
        f"FROM read_parquet('{pattern}', filename=true)"
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
