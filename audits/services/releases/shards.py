"""Writes a table in shards, each whole or not there: Parquet and JSON lines side by side."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.core.files import File
from django.core.files.storage import default_storage

from audits.models import Release, ReleaseShard
from audits.services.releases.stream import stream_batches
from audits.services.releases.tables import TableQuery
from inference.release.tables import Table, shard_names, splits_of

SHARD_ROWS = 50_000
ROW_GROUP_ROWS = 10_000
_SLICE = 2_000


def file_path(release: Release, name: str) -> str:
    return f"releases/{release.pk}/{name}"


def write_table(release: Release, query: TableQuery) -> int:
    """Write what is missing of one table; the number of its rows. Whole shards stay as they are."""
    return sum(_write_split(release, query, split) for split in splits_of(query.table))


def _write_split(release: Release, query: TableQuery, split: str) -> int:
    rows = query.count(release, split)
    # A table without any row still has a file that shows its columns.
    total = max(-(-rows // SHARD_ROWS), 1 if split == "train" else 0)
    done = ReleaseShard.objects.filter(release=release, table=query.table.name, split=split)
    last = done.order_by("-number").first()
    number = last.number + 1 if last else 0
    if number >= total:
        return rows
    wanted = query.of_split(release, split)
    if last:
        wanted = wanted.filter(pk__gt=last.last_id)
    written = 0
    # Closed here, whatever happens: a COPY that is left open holds its connection.
    with closing(stream_batches(wanted, query.table)) as batches:
        for whole in cut(batches, query.table):
            shard = ReleaseShard(
                release=release,
                table=query.table.name,
                split=split,
                number=number,
                total=total,
                rows=whole.num_rows,
                last_id=whole["id"][-1].as_py() if whole.num_rows else None,
            )
            _store_shard(shard, whole)
            number, written = number + 1, written + whole.num_rows
    if number != total or (last is None and written != rows):
        raise RuntimeError(f"{query.table.name} changed while it was being written.")
    return rows


def cut(batches: Iterator[pa.RecordBatch], table: Table) -> Iterator[pa.Table]:
    """Tables of ``SHARD_ROWS`` rows, the last one shorter; one without rows if there are none."""
    held: list[pa.RecordBatch] = []
    rows, any_rows = 0, False
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        while rows >= SHARD_ROWS:
            whole = pa.Table.from_batches(held, schema=table.schema)
            yield whole.slice(0, SHARD_ROWS).combine_chunks()
            any_rows = True
            held = whole.slice(SHARD_ROWS).to_batches()
            rows -= SHARD_ROWS
    if rows or not any_rows:
        yield pa.Table.from_batches(held, schema=table.schema).combine_chunks()


def _store_shard(shard: ReleaseShard, rows: pa.Table) -> None:
    """Store both files, then the row that says they are whole."""
    with tempfile.TemporaryDirectory(prefix="overread-shard-") as folder:
        parquet, lines = Path(folder) / "parquet", Path(folder) / "jsonl"
        write_parquet(rows, parquet)
        write_lines(rows, lines)
        names = shard_names(shard.table, shard.split, shard.number, shard.total)
        for path in (parquet, lines):
            store_file(shard.release, names[path.name], path)
    shard.save()


def write_parquet(rows: pa.Table, path: Path) -> None:
    pq.write_table(
        rows, path, compression="zstd", row_group_size=ROW_GROUP_ROWS, store_schema=False
    )


def write_lines(rows: pa.Table, path: Path) -> None:
    """ASCII JSON lines with the table's columns in their order."""
    with path.open("w", encoding="ascii") as out:
        for start in range(0, rows.num_rows, _SLICE):
            for row in rows.slice(start, _SLICE).to_pylist():
                out.write(_line(row))


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, separators=(",", ":")) + "\n"


def store_file(release: Release, name: str, path: Path) -> None:
    stored = file_path(release, name)
    # A build that goes on writes the same names again; a storage would rename them.
    default_storage.delete(stored)
    with path.open("rb") as stream:
        default_storage.save(stored, File(stream))
