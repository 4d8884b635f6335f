"""What a release's drafts say, read apart from its other columns.

The database takes 2,048 rows at a time, and sorts and joins them with all that they hold: a hundred
thousand reports don't fit into its memory.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_AT_A_TIME = 500


class Texts:
    """The drafts' texts by their ids, in a file that is gone with it."""

    def __init__(self, root: Path) -> None:
        self._paths = sorted((root / "data" / "drafts").glob("*.parquet"))
        self._file = sqlite3.connect("")
        self._file.execute("CREATE TABLE texts (draft TEXT PRIMARY KEY, text TEXT)")

    def read(self) -> pa.RecordBatchReader:
        """Take them from the tables below ``root/data``; how many bytes each is, and its case."""
        schema = pa.schema([("case", pa.string()), ("bytes", pa.int32())])
        return pa.RecordBatchReader.from_batches(schema, self._taken(schema))

    def of(self, drafts: list[str]) -> pa.Table:
        """Those of some drafts; null where terms keep one back."""
        asked = "SELECT text FROM texts WHERE draft = ?"
        said = [self._file.execute(asked, (draft,)).fetchone()[0] for draft in drafts]
        columns = {"draft": pa.array(drafts, pa.string()), "text": pa.array(said, pa.string())}
        return pa.table(columns)

    def close(self) -> None:
        self._file.close()

    def _taken(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        columns = ["id", "case", "text"]
        for path in self._paths:
            with pq.ParquetFile(path) as file:
                for rows in file.iter_batches(_AT_A_TIME, columns=columns, use_threads=False):
                    values = zip(rows["id"].to_pylist(), rows["text"].to_pylist(), strict=True)
                    self._file.executemany("INSERT INTO texts VALUES (?, ?)", values)
                    lengths = [rows["case"], pc.binary_length(rows["text"])]
                    yield pa.RecordBatch.from_arrays(lengths, schema=schema)
