"""JSON lines in, JSON lines out: one output line for each input line, in order, in flat memory.

A bad line becomes ``{"id": id or null, "error": sentence}``; the run goes on and ends with exit
code 1. Bad are: a blank line, what is not one JSON object, a field given twice (one of the two
would be lost), bytes that are not UTF-8, half a surrogate pair, and whatever the command itself
refuses. ``NaN`` and ``Infinity`` are read, as many programs write them, for the command to refuse
or to lose alone, and are never written. ``-`` or nothing means standard input or output.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError

Record = dict[str, Any]

_SHOWN = 5
"""How many of a line's errors are spelled out."""


def write_line(out: TextIO, record: Record) -> None:
    """Write one record, ASCII-escaped, so that any terminal or tool can carry it.

    Raises ValueError for a number that JSON does not have.
    """
    out.write(_written(record))


def _written(record: Record) -> str:
    return json.dumps(record, ensure_ascii=True, allow_nan=False, separators=(",", ":")) + "\n"


@contextmanager
def open_in(path: str | None) -> Iterator[TextIO]:
    """Open lines to read: UTF-8, a byte-order mark skipped, a bad byte kept for its own line."""
    if path in (None, "-"):
        sys.stdin.reconfigure(  # type: ignore[union-attr]
            encoding="utf-8-sig", errors="surrogateescape", newline="\n"
        )
        yield sys.stdin
    else:
        with Path(str(path)).open(
            encoding="utf-8-sig", errors="surrogateescape", newline="\n"
        ) as stream:
            yield stream


@contextmanager
def open_out(path: str | None) -> Iterator[TextIO]:
    """Open lines to write, the same bytes on every system."""
    if path in (None, "-"):
        yield sys.stdout
        sys.stdout.flush()
    else:
        with Path(str(path)).open("w", encoding="ascii", newline="\n") as stream:
            yield stream


def run_lines(answer: Callable[[Record], Record], source: str | None, out: str | None) -> int:
    """Map a file or pipe through ``answer``: exit code 0, 1 after a bad line, 2 if not opened."""
    try:
        if _same_file(source, out):
            raise OSError(f"{out} is the input too, and writing it would empty it: name another")
        with open_in(source) as lines, open_out(out) as stream:
            return map_lines(answer, lines, stream)
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _same_file(source: str | None, out: str | None) -> bool:
    if source in (None, "-") or out in (None, "-") or not Path(str(out)).is_file():
        return False
    return Path(str(source)).samefile(str(out))


def map_lines(answer: Callable[[Record], Record], source: Iterable[str], out: TextIO) -> int:
    """Write ``answer(record)`` for each line of ``source``; return 1 if any line was bad."""
    bad = 0
    for line in source:
        record: Any = None
        try:
            record = _object(line)
            _refuse_half_pairs(line, record)
            written = _written(answer(record))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            bad = 1
            written = _written({"id": _id_of(record), "error": _sentence(error)})
        out.write(written)
    return bad


def _object(line: str) -> Record:
    if not line.strip():
        raise ValueError("the line is blank: every line holds one JSON object")
    _refuse_bad_bytes(line)
    record = json.loads(line, object_pairs_hook=_once_each)
    if not isinstance(record, dict):
        raise ValueError("a line must be a JSON object")
    return record


def _refuse_bad_bytes(line: str) -> None:
    if line.isascii():
        return
    try:
        line.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"the line is not UTF-8 from character {error.start} on") from error


def _refuse_half_pairs(line: str, record: Record) -> None:
    if "\\ud" not in line and "\\uD" not in line:
        return
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            "the line holds half a surrogate pair (such as \\ud800), which no UTF-8 file can"
            " keep: send whole characters"
        ) from error


def _once_each(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {json.dumps(twice)} is given twice in one object")
    return record


def _id_of(record: Any) -> str | int | None:
    found = record.get("id") if isinstance(record, dict) else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return _field_sentences(error)
    if isinstance(error, KeyError):
        return f"missing field {error}"
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error}"
    if isinstance(error, RecursionError):
        return "nested too deeply to be read"
    return str(error) or type(error).__name__


def _field_sentences(error: ValidationError) -> str:
    details = error.errors(include_url=False, include_context=False, include_input=False)
    sentences = [
        f"{'.'.join(map(str, e['loc'])) or 'line'}: {e['msg'].removeprefix('Value error, ')}"
        for e in details[:_SHOWN]
    ]
    if len(details) > _SHOWN:
        sentences.append(f"and {len(details) - _SHOWN} more")
    return "; ".join(sentences)
