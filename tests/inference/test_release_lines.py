"""Rows leave as JSON lines column by column; `json.dumps` row by row says what they must be."""

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.release.lines import json_lines
from inference.release.tables import TABLES

_NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def by_row(rows: pa.RecordBatch) -> str:
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows.to_pylist())


def values(kind: pa.DataType) -> st.SearchStrategy[Any]:
    """Anything a column of the type may hold."""
    if pa.types.is_string(kind):
        some: st.SearchStrategy[Any] = st.text(max_size=9)
    elif pa.types.is_integer(kind):
        some = st.integers(-(2**63), 2**63 - 1)
    elif pa.types.is_floating(kind):
        some = _NUMBERS
    elif pa.types.is_boolean(kind):
        some = st.booleans()
    elif pa.types.is_list(kind):
        some = st.lists(values(kind.value_type), max_size=3)
    else:
        some = st.fixed_dictionaries({field.name: values(field.type) for field in kind})
    return st.none() | some


KINDS = {column.type: f"{table.name}.{column.name}" for table in TABLES for column in table.columns}


@pytest.mark.parametrize("kind", KINDS, ids=KINDS.values())
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_column_of_each_type_in_a_release_is_written_as_json_dumps_writes_it(
    kind: pa.DataType, data: st.DataObject
) -> None:
    held = data.draw(st.lists(values(kind), min_size=1, max_size=12))
    rows = pa.RecordBatch.from_arrays(
        [pa.array(held, kind), pa.array(range(len(held)))], ['a "name"', "n"]
    )
    assert json_lines(rows).to_pybytes().decode("ascii") == by_row(rows)
    part = rows.slice(len(held) // 2)
    assert json_lines(part).to_pybytes().decode("ascii") == by_row(part)


@pytest.mark.parametrize("number", [0.0, -0.0, 1.0, 0.1, 1e-05, 1e16, 1e22, 5e-324, 123456789.123])
def test_numbers_are_written_as_python_writes_them(number: float) -> None:
    rows = pa.RecordBatch.from_arrays([pa.array([number, None, number])], ["x"])
    assert json_lines(rows).to_pybytes().decode("ascii") == by_row(rows)


@pytest.mark.parametrize("text", ["", " ", '"', "\\", "\n", "\x00", "\x7f", "ä", "𝄞", "plain ~!"])
def test_texts_are_escaped_where_json_wants_it(text: str) -> None:
    rows = pa.RecordBatch.from_arrays([pa.array([text, None, "plain"])], ["x"])
    assert json_lines(rows).to_pybytes().decode("ascii") == by_row(rows)
