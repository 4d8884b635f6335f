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
"""With 96 MB the agreement of a million decisions, whose lists don't spill, finds no room."""

TRUTH = """
CREATE TABLE settled AS
    SELECT s.*, a."case", CASE s.rule WHEN 'adjudicated' THEN 3 WHEN 'agreement' THEN 2 ELSE 1 END
        AS strength
    FROM settlements s JOIN audits a ON a.id = s.audit;

-- Of one label the strongest rule holds. It stays open where settlements of that rule differ, and
-- where it is settled as absent though a reader added it and no adjudicator has ruled on that.
CREATE TABLE strongest AS
    SELECT * FROM settled WHERE finding_true IS NOT NULL
    QUALIFY strength = max(strength) OVER (PARTITION BY "case", label);

CREATE TABLE truths AS
    SELECT "case", label, bool_and(finding_true) AS finding_true, any_value(rule) AS rule
    FROM strongest x GROUP BY "case", label
    HAVING bool_and(finding_true) = bool_or(finding_true) AND (
        bool_or(finding_true) OR max(strength) = 3 OR NOT EXISTS (
            SELECT 1 FROM missed_findings m JOIN audits a ON a.id = m.audit
            WHERE a."case" = x."case" AND m.label = x.label
        )
    );

-- A label that somebody spoke of, also as indeterminate, and that is not settled.
CREATE TABLE open_labels AS
    WITH spoken AS (
        SELECT a."case", f.label
        FROM decisions d JOIN flags f ON f.id = d.flag JOIN audits a ON a.id = f.audit
      UNION
        SELECT a."case", m.label FROM missed_findings m JOIN audits a ON a.id = m.audit
      UNION
        SELECT "case", label FROM settled
    )
    SELECT spoken.* FROM spoken WHERE NOT EXISTS (
        SELECT 1 FROM truths t WHERE t."case" = spoken."case" AND t.label = spoken.label
    );

-- Boxes that were drawn or called right. A single reader who added a label may have drawn several.
CREATE TABLE true_boxes AS
    WITH held AS (
        SELECT s.* FROM strongest s JOIN truths t USING ("case", label) WHERE t.finding_true
    ), boxes AS (
        SELECT "case", label, box FROM held WHERE box IS NOT NULL
      UNION
        SELECT h."case", h.label, unnest(f.boxes) FROM held h JOIN flags f ON f.id = h.flag
        WHERE h.box IS NULL AND h.box_right
      UNION
        SELECT h."case", h.label, m.box
        FROM held h JOIN missed_findings m ON m.audit = h.audit AND m.label = h.label
        WHERE h.rule = 'single_read' AND h.basis = 'missed_finding' AND m.box IS NOT NULL
    )
    SELECT * FROM boxes;

-- What is settled of a flag, by the strongest rule; nothing where two queues settled it otherwise.
CREATE TABLE settled_flags AS
    WITH best AS (
        SELECT * FROM settled WHERE flag IS NOT NULL
        QUALIFY strength = max(strength) OVER (PARTITION BY flag)
    )
    SELECT flag, any_value(rule) AS rule, any_value(verdict) AS verdict,
        any_value(finding_true) AS finding_true, any_value(draft_read_right) AS draft_read_right
    FROM best GROUP BY flag
    HAVING count(DISTINCT (replace(verdict, '_modified', ''), finding_true, draft_read_right)) = 1;
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

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """The same as Arrow has them: no row becomes a Python object."""
        yield from self._connection.cursor().sql(sql).to_arrow_reader(_BATCH)

    def value(self, sql: str) -> Any:
        """The first column of the first row."""
        return next(iter(next(self.rows(sql)).values()))


@contextmanager
def open_tables(
    root: Path, *, with_truth: bool = False, scratch: Path | None = None
) -> Iterator[Tables]:
    """Open the tables below ``root/data``; a table without files there has no view.

    With ``with_truth`` also what is settled: tables of their own, in a file that is gone
    afterwards, since as views of views each question would work them out again, in memory.
    ``scratch``: a folder for that file, else the system's.
    """
    with opened(root, scratch) as connection:
        if with_truth:
            connection.execute(TRUTH)
        yield Tables(connection)


@contextmanager
def opened(root: Path, scratch: Path | None, prefix: str = "") -> Iterator[Any]:
    """A database of its own with a view of each table; gone at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="overread-tables-", dir=scratch) as own,
        duckdb.connect(str(Path(own) / "tables")) as connection,
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
