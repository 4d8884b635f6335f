"""A query as Arrow batches, by way of Postgres' COPY: no row becomes a Python object on the way.

Lists and objects arrive as JSON text and are parsed column by column, by Arrow too.
"""

import io
from collections.abc import Generator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.json
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from audits.services.releases.memory import give_memory_back
from inference.release import tables as shape
from inference.release.tables import Table

# A row must fit into a block; a draft is 200,000 characters at the most. Of all other tables a
# block is smaller, as several of them are in memory at a time.
_BLOCK, _LONG_BLOCK = 2**20, 4 * 2**20
_LONG = (shape.DRAFTS, shape.MENTIONS, shape.CLAIMS, shape.LEDGER)
_SLICE = 2_000  # Rows whose lists and objects are parsed at one time.
_IN_CSV = (pa.types.is_string, pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean)


class _CopyBytes(io.RawIOBase):
    """What a running COPY writes, as a file that can be read once."""

    def __init__(self, copy: Any) -> None:
        self._copy, self._rest = copy, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = bytes(self._copy.read())
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)


def stream_batches(rows: QuerySet[Any], table: Table) -> Generator[pa.RecordBatch, None, None]:
    """``rows`` as batches of ``table.schema``, in the order of the query."""
    give_memory_back()
    block = _LONG_BLOCK if table in _LONG else _BLOCK
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return
    # A connection of its own: nothing else can be asked on it while a COPY runs, and whoever takes
    # the batches writes rows between two of them.
    own = connections.create_connection(rows.db)
    try:
        with own.cursor() as cursor:
            statement = cursor.cursor.mogrify(f"COPY ({sql}) TO STDOUT (FORMAT csv)", params)
            with cursor.cursor.copy(statement) as copy:
                yield from _read(io.BufferedReader(_CopyBytes(copy), block), table, block)
    finally:
        own.close()


def _read(
    stream: io.BufferedReader, table: Table, block_size: int
) -> Generator[pa.RecordBatch, None, None]:
    if not stream.peek(1):
        return
    types = {
        name: _csv_type(type_) for name, type_ in zip(table.names, table.schema.types, strict=True)
    }
    reader = pa.csv.open_csv(
        pa.PythonFile(stream, mode="r"),
        read_options=pa.csv.ReadOptions(
            column_names=list(table.names), block_size=block_size, use_threads=False
        ),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    for block in reader:
        for start in range(0, block.num_rows, _SLICE):
            batch = block.slice(start, _SLICE)
            columns = [
                column if _is_flat(type_) else _parsed(column, type_)
                for column, type_ in zip(batch.columns, table.schema.types, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=table.schema)


def _is_flat(type_: pa.DataType) -> bool:
    return any(check(type_) for check in _IN_CSV)


def _csv_type(type_: pa.DataType) -> pa.DataType:
    return type_ if _is_flat(type_) else pa.string()


def _parsed(column: pa.Array, type_: pa.DataType) -> pa.Array:
    """The JSON of each row as Arrow reads it: no Python object a row."""
    rows = pc.binary_join_element_wise('{"v":', pc.fill_null(column, "null"), "}\n", "")
    # The values of a fresh array lie one behind another: that is the whole file.
    lines = rows.buffers()[2]
    found = pa.json.read_json(
        pa.BufferReader(lines),
        read_options=pa.json.ReadOptions(use_threads=False, block_size=lines.size),
        parse_options=pa.json.ParseOptions(
            explicit_schema=pa.schema([("v", type_)]), unexpected_field_behavior="ignore"
        ),
    )
    return found["v"].combine_chunks()
