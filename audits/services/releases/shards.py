"""Writes a table in shards, each whole or not there: Parquet and JSON lines side by side."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from django.core.files import File
from django.core.files.storage import default_storage

from audits.models import Release, ReleaseShard
from audits.services.releases.scratch import scratch_folder
from audits.services.releases.stream import stream_batches
from audits.services.releases.tables import TableQuery
from audits.services.releases.words import without_names
from inference.release.lines import json_lines
from inference.release.tables import Table, shard_names, splits_of

SHARD_ROWS = 50_000
ROW_GROUP_ROWS = 10_000
_SLICE = 2_000


def file_path(release: Release, name: str) -> str:
    return f"releases/{release.pk}/{name}"


def write_table(release: Release, query: TableQuery) -> int:
    """Write what is missing of one table; the number of its rows. Whole shards stay as they are."""
    rows = query.counts(release)
    for split in splits_of(query.table):
        _write_split(release, query, split, rows[split])
    return rows.total()


def _write_split(release: Release, query: TableQuery, split: str, rows: int) -> None:
    # A table without any row still has a file that shows its columns.
    total = max(-(-rows // SHARD_ROWS), 1 if split == "train" else 0)
    done = ReleaseShard.objects.filter(release=release, table=query.table.name, split=split)
    last = done.order_by("-number").first()
    number = last.number + 1 if last else 0
    if number >= total:
        return
    wanted = query.of_split(release, split)
    if last:
        wanted = wanted.filter(pk__gt=last.last_id)
    written = 0
    # Closed here, whatever happens: a COPY that is left open holds its connection.
    with closing(stream_batches(wanted, query.table)) as batches:
        for pieces in by_shard(row_groups(batches, query.table)):
            shard = ReleaseShard(
                release=release, table=query.table.name, split=split, number=number, total=total
            )
            _store_shard(shard, query, pieces)
            number, written = number + 1, written + shard.rows
    if number != total or (last is None and written != rows):
        raise RuntimeError(f"{query.table.name} changed while it was being written.")


def row_groups(batches: Iterator[pa.RecordBatch], table: Table) -> Iterator[tuple[int, pa.Table]]:
    """Where each starts, and at most ``ROW_GROUP_ROWS`` rows that are all of one shard.

    One without rows if there are none. No more than a group and a batch are in memory.
    """
    held: list[pa.RecordBatch] = []
    rows = start = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        while rows >= (wanted := min(ROW_GROUP_ROWS, SHARD_ROWS - start % SHARD_ROWS)):
            whole = pa.Table.from_batches(held, schema=table.schema)
            yield start, whole.slice(0, wanted).combine_chunks()
            held = whole.slice(wanted).to_batches()
            start, rows = start + wanted, rows - wanted
    if rows or not start:
        yield start, pa.Table.from_batches(held, schema=table.schema).combine_chunks()


def by_shard(pieces: Iterator[tuple[int, pa.Table]]) -> Iterator[Iterator[pa.Table]]:
    """The row groups of each shard in turn; take all of one before the next."""
    for _, group in groupby(pieces, key=lambda piece: piece[0] // SHARD_ROWS):
        yield (rows for _, rows in group)


def _store_shard(shard: ReleaseShard, query: TableQuery, pieces: Iterator[pa.Table]) -> None:
    """Store both files, then the row that says they are whole."""
    marked: Counter[str] = Counter()
    pieces = without_names(pieces, query.spoken, marked)
    with scratch_folder(shard.release) as folder:
        parquet, lines = folder / "parquet", folder / "jsonl"
        with lines.open("wb") as out:
            written = write_parquet(parquet, query.table, _also_lines(pieces, out))
        shard.rows, shard.last_id = written
        shard.marked = dict(marked)
        names = shard_names(shard.table, shard.split, shard.number, shard.total)
        for path in (parquet, lines):
            store_file(shard.release, names[path.name], path)
    shard.save()


def write_parquet(path: Path, table: Table, pieces: Iterator[pa.Table]) -> tuple[int, str | None]:
    """A row group per piece; how many rows, and the id of the last one."""
    count, last = 0, None
    with pq.ParquetWriter(path, table.schema, compression="zstd", store_schema=False) as writer:
        for rows in pieces:
            writer.write_table(rows, row_group_size=ROW_GROUP_ROWS)
            count += rows.num_rows
            last = rows["id"][-1].as_py() if rows.num_rows else last
    return count, last


def _also_lines(pieces: Iterator[pa.Table], out: BinaryIO) -> Iterator[pa.Table]:
    """The same pieces, each written on its way as JSON lines."""
    for rows in pieces:
        for some in rows.to_batches(_SLICE):
            out.write(json_lines(some))
        yield rows


def store_file(release: Release, name: str, path: Path) -> None:
    stored = file_path(release, name)
    # A build that goes on writes the same names again; a storage would rename them.
    default_storage.delete(stored)
    with path.open("rb") as stream:
        default_storage.save(stored, File(stream))
