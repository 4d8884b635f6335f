"""Rows as ASCII JSON lines, as `json.dumps` would write them, in a fifth of its time.

No row becomes a Python object on the way: each column is turned into the texts of its values by
Arrow, and the texts are joined row by row.
"""

from json.encoder import encode_basestring_ascii
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_PLAIN = bytes(range(ord(" "), ord("~") + 1)).translate(None, b'"\\')
"""The characters that JSON in ASCII writes as themselves."""


def json_lines(rows: pa.RecordBatch, *, end: str = "\n") -> pa.Buffer:
    """One object a row with the columns in their order, without spaces; ``end`` after each."""
    lines = _object(rows.schema.names, rows.columns, "}" + end)
    # The values of a fresh array lie one behind another: that is the whole text.
    return lines.buffers()[2]


def _object(names: list[str], columns: list[Any], end: str) -> Any:
    parts: list[Any] = []
    for name, column in zip(names, columns, strict=True):
        start = "," if parts else "{"
        parts += [f"{start}{encode_basestring_ascii(name)}:", _texts(column)]
    return pc.binary_join_element_wise(*parts, end, "")


def _texts(values: Any) -> Any:
    """The JSON of each value."""
    kind = values.type
    if pa.types.is_null(kind):
        return pa.array(["null"] * len(values))
    if pa.types.is_string(kind):
        return pc.fill_null(_strings(values), "null")
    if pa.types.is_floating(kind):
        return pc.fill_null(_floats(values), "null")
    if pa.types.is_list(kind):
        return pc.if_else(values.is_null(), "null", _lists(values))
    if pa.types.is_struct(kind):
        names = [field.name for field in kind]
        return pc.if_else(values.is_null(), "null", _object(names, values.flatten(), "}"))
    return pc.fill_null(values.cast(pa.string()), "null")


def _strings(values: Any) -> Any:
    if _are_plain(values):
        return pc.binary_join_element_wise('"', values, '"', "")
    return pa.array(
        [None if text is None else encode_basestring_ascii(text) for text in values.to_pylist()],
        pa.string(),
    )


def _are_plain(values: Any) -> bool:
    """Whether no character of them is to be escaped."""
    _, offsets, text = values.buffers()
    if text is None:
        return True
    bounds = np.frombuffer(offsets, np.int32)
    first, last = bounds[values.offset], bounds[values.offset + len(values)]
    return not text[first:last].to_pybytes().translate(None, _PLAIN)


def _floats(values: Any) -> Any:
    """As Python writes them, each different one once."""
    known = values.dictionary_encode()
    texts = pa.array(map(float.__repr__, known.dictionary.to_pylist()), pa.string())
    return texts.take(known.indices)


def _lists(values: Any) -> Any:
    lengths = pc.fill_null(pc.list_value_length(values), 0)
    ends = pc.cumulative_sum(lengths)
    starts = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    texts = pa.ListArray.from_arrays(starts, _texts(values.flatten()))
    return pc.binary_join_element_wise("[", pc.binary_join(texts, ","), "]", "")
