"""What a release's drafts say, read apart from its other columns.

The database takes 2,048 rows at a time, and sorts and joins them with all that they hold: a hundred
thousand reports don't fit into its memory. So it has the place of each in a file.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_AT_A_TIME = 500
"""Not by `rows_of`: its larger batches, read by threads, took 110 MB more of reports of 4 kB."""
_PLACED = pa.schema([
    ("id", pa.string()), ("case", pa.string()), ("origin", pa.string()),
    ("start", pa.int64()), ("bytes", pa.int64()),
])  # fmt: skip


class Texts:
    """The drafts' texts in a file that is gone with it. ``scratch``: its folder, else the
    system's."""

    def __init__(self, root: Path, scratch: Path | None) -> None:
        self._paths = sorted((root / "data" / "drafts").glob("*.parquet"))
        self._file = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - `close`

    def read(self) -> pa.RecordBatchReader:
        """Take them from the tables below ``root/data``. Rows of all drafts: ``start`` and
        ``bytes`` stand for the text, null where terms keep it back."""
        return pa.RecordBatchReader.from_batches(_PLACED, self._taken())

    def of(self, placed: Iterable[tuple[str, int | None, int | None]]) -> pa.Table:
        """``draft`` and ``text`` of drafts by their id, start and bytes."""
        rows = [(draft, self._text(start, size)) for draft, start, size in placed]
        drafts, texts = ([row[column] for row in rows] for column in (0, 1))
        return pa.table(
            {"draft": pa.array(drafts, pa.string()), "text": pa.array(texts, pa.string())}
        )

    def close(self) -> None:
        self._file.close()

    def _taken(self) -> Iterator[pa.RecordBatch]:
        columns = ["id", "case", "origin", "text"]
        for path in self._paths:
            with pq.ParquetFile(path) as file:
                for rows in file.iter_batches(_AT_A_TIME, columns=columns, use_threads=False):
                    places = [self._put(text) for text in rows["text"].to_pylist()]
                    starts, sizes = ([place[at] for place in places] for at in (0, 1))
                    kept = [rows[name] for name in columns[:-1]]
                    yield pa.record_batch(
                        [*kept, pa.array(starts, pa.int64()), pa.array(sizes, pa.int64())],
                        schema=_PLACED,
                    )

    def _put(self, text: str | None) -> tuple[int | None, int | None]:
        if text is None:
            return None, None
        return self._file.tell(), self._file.write(text.encode())

    def _text(self, start: int | None, size: int | None) -> str | None:
        if start is None:
            return None
        self._file.seek(start)
        return self._file.read(size).decode()
