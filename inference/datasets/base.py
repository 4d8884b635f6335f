"""What every adapter gives: pictures, each with the readings that its dataset has of it.

Boxes stay in the dataset's own frame until the picture's size is known; `Reading.placed` converts
them. What can't be used is kept as ledger entries, never dropped.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from inference.boxes import BoxFormat, to_box
from inference.mappings import Unmapped
from inference.schema import Finding, LedgerEntry
from inference.vocabulary import Label, LedgerReason, State

OURS = BoxFormat()
"""[y0, x0, y1, x1] in 0..1 of the picture."""

Kind = Literal["annotated", "recorded"]
"""Read by people, or by a program."""


class NotThisDataset(ValueError):
    """The files are not, or not rightly, of this dataset; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Table:
    """One annotation file: its name in the upload, and its bytes."""

    name: str
    data: bytes

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of a CSV with their line; raises ``NotThisDataset`` for another encoding."""
        try:
            text = self.data.decode("utf-8-sig")
            table = csv.DictReader(io.StringIO(text, newline=""), restval="", restkey="")
            for row in table:
                yield table.line_num, row
        except (UnicodeDecodeError, csv.Error) as error:
            raise NotThisDataset(f"{self.name} is no CSV in UTF-8: {error}.") from error

    def where(self, line: int) -> str:
        return f"{self.name}, line {line}"


@dataclass(frozen=True, slots=True)
class NativeFinding:
    """A finding in its dataset's frame: ``size`` is (height, width) where the dataset gives it,
    else the stored picture's own size is meant. ``box`` is whatever stood there, or None."""

    label: Label
    box: object = None
    form: BoxFormat = OURS
    size: tuple[int, int] | None = None
    state: State = State.PRESENT
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Findings with boxes of the stored picture, their states, and what was lost."""

    findings: tuple[tuple[Finding, State], ...]
    ledger: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's findings. A label in ``assessed`` without a finding is absent; any other
    without one was not looked for. ``normal``: the reader saw nothing at all."""

    kind: Kind
    reader: str
    findings: tuple[NativeFinding, ...]
    assessed: frozenset[Label]
    normal: bool = False
    ledger: tuple[LedgerEntry, ...] = ()

    def placed(self, height: int, width: int) -> Placed:
        """Convert for a picture of height x width pixels. A lost box is never a lost finding."""
        found: list[tuple[Finding, State]] = []
        lost = list(self.ledger)
        for each in self.findings:
            box = None
            if each.box is not None:
                box, reason = to_box(each.box, each.form, *(each.size or (height, width)))
                if box is None:
                    lost.append(LedgerEntry(LedgerReason.BAD_BOX, repr(each.box)[:200], reason))
            found.append((Finding(each.label, box, each.score), each.state))
        return Placed(tuple(found), tuple(lost))


@dataclass(frozen=True, slots=True)
class Picture:
    """What a dataset says of one image; empty and None mean that it does not say.

    ``pixel_spacing`` is millimetres from row to row and from column to column, of a picture of
    ``pixel_frame`` (height and width) before the dataset resized it.
    """

    readings: tuple[Reading, ...] = ()
    patient: str = ""
    view: str = ""
    age: str = ""
    sex: str = ""
    study: str = ""
    split: str = ""
    pixel_spacing: str = ""
    pixel_frame: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """An adapter. ``claims`` tells its annotation files by their first bytes; ``read`` gives
    pictures by image name, which is a file name with or without its ending."""

    name: str
    claims: Callable[[bytes], bool]
    read: Callable[[Sequence[Table]], Mapping[str, Picture]]


def has_columns(head: bytes, *columns: str) -> bool:
    """Whether the first line of a file names all these columns of a CSV."""
    line = head.decode("utf-8-sig", errors="replace").splitlines()[:1]
    named = {cell.strip().strip('"').casefold() for cell in "".join(line).split(",")}
    return {column.casefold() for column in columns} <= named


def lost_label(unmapped: Unmapped) -> LedgerEntry:
    return LedgerEntry(LedgerReason.UNKNOWN_LABEL, unmapped.native[:200], unmapped.why)


def numbers(cells: Sequence[str]) -> object:
    """The cells as floats, or the cells themselves for the box converter to refuse."""
    try:
        return [float(cell) for cell in cells]
    except ValueError:
        return list(cells)
