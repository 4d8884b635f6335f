"""Reads a release's tables from its folder, shard by shard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from inference.release.tables import Row, Table, splits_of

_BATCH = 2_000


def shard_paths(root: Path, table: Table, split: str) -> list[Path]:
    return sorted((root / "data" / table.name).glob(f"{split}-*.parquet"))


def rows_of(
    root: Path, table: Table, split: str = "", columns: list[str] | None = None
) -> Iterator[Row]:
    """Rows as dictionaries, in the order of ids within each split."""
    for wanted in (split,) if split else splits_of(table):
        for path in shard_paths(root, table, wanted):
            with pq.ParquetFile(path) as shard:
                for batch in shard.iter_batches(_BATCH, columns=columns):
                    yield from batch.to_pylist()


def column_of(root: Path, table: Table, column: str, split: str = "") -> dict[str, Any]:
    """One column by id; for tables small enough to hold two columns of."""
    return {row["id"]: row[column] for row in rows_of(root, table, split, ["id", column])}
