"""ChestX-Det: a JSON list of pictures with parallel lists of names and boxes.

Lian et al., IEEE TMI 40(8) (2021): ``{"file_name", "syms": [names], "boxes": [[x0, y0, x1, y1]],
"polygons"}``, boxes in pixels of 1024 x 1024, by three radiologists who looked for 13 categories
in every picture; the five labels are among them.
"""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from inference.boxes import BoxFormat
from inference.datasets.base import (
    Dataset,
    NativeFinding,
    NotThisDataset,
    Picture,
    Reading,
    Table,
    lost_label,
)
from inference.datasets.documents import load_json
from inference.mappings import NO_FINDING, Unmapped, to_label
from inference.schema import LedgerEntry
from inference.vocabulary import LABELS, LedgerReason

_FORM = BoxFormat(1024, "xyxy")
READER = "chestx-det radiologists"


def claims(head: bytes) -> bool:
    return head.lstrip().startswith(b"[") and b'"syms"' in head


def read(tables: Sequence[Table]) -> Mapping[str, Picture]:
    pictures: dict[str, Picture] = {}
    for table in tables:
        for at, entry in enumerate(load_json(table, list)):
            if not isinstance(entry, dict) or not isinstance(entry.get("file_name"), str):
                raise NotThisDataset(f"{table.name}, entry {at}: it names no file_name.")
            pictures[entry["file_name"]] = Picture((_reading(entry, f"{table.name}, entry {at}"),))
    return pictures


def _reading(entry: dict[str, object], where: str) -> Reading:
    names, boxes = entry.get("syms") or [], entry.get("boxes") or []
    if not isinstance(names, list) or not isinstance(boxes, list):
        raise NotThisDataset(f"{where}: syms and boxes are two lists.")
    findings: list[NativeFinding] = []
    lost: list[LedgerEntry] = []
    for name, box in zip_longest(names, boxes):
        label = to_label(name, "chestx_det") if isinstance(name, str) else None
        if label is None or label == NO_FINDING:
            lost.append(LedgerEntry(LedgerReason.UNKNOWN_LABEL, repr(name)[:200], "no name"))
        elif isinstance(label, Unmapped):
            lost.append(lost_label(label))
        else:
            findings.append(NativeFinding(label, box, _FORM))
    return Reading(
        "annotated",
        READER,
        tuple(findings),
        frozenset(LABELS),
        normal=not names,
        ledger=tuple(lost),
    )


CHESTXDET = Dataset("chestxdet", claims, read)
