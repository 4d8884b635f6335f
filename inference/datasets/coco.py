"""COCO detection files: images, categories, annotations with boxes x, y, w, h in pixels.

Lin et al., ECCV 2014. What its categories name was assessed in every image, as the format means
it; a label without a category was not. Annotations with a ``score`` are a model's, and make a
`recorded` reading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inference.boxes import BoxFormat
from inference.datasets.base import (
    Dataset,
    Kind,
    NativeFinding,
    NotThisDataset,
    Picture,
    Reading,
    Table,
)
from inference.datasets.documents import load_json
from inference.mappings import NO_FINDING, label_of
from inference.schema import LedgerEntry
from inference.vocabulary import Label, LedgerReason

_FORM = BoxFormat("pixels", "xywh")


@dataclass(slots=True)
class _Marks:
    findings: dict[Kind, list[NativeFinding]] = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)


def claims(head: bytes) -> bool:
    opened = head.lstrip().startswith(b"{")
    return opened and any(key in head for key in (b'"images"', b'"annotations"', b'"categories"'))


def read(tables: Sequence[Table]) -> Mapping[str, Picture]:
    pictures: dict[str, Picture] = {}
    for table in tables:
        pictures |= _read_one(table)
    return pictures


def _read_one(table: Table) -> dict[str, Picture]:
    document = load_json(table, dict)
    try:
        names = {each["id"]: str(each["name"]) for each in document["categories"]}
        images = {each["id"]: each for each in document["images"]}
        marks: dict[Any, _Marks] = {key: _Marks() for key in images}
        for each in document["annotations"]:
            _mark(marks[each["image_id"]], each, names, images[each["image_id"]])
        labels = frozenset(
            label for name in names.values() if isinstance(label := label_of(name), Label)
        )
        return {
            str(image["file_name"]): Picture(_readings(marks[key], labels))
            for key, image in images.items()
        }
    except (KeyError, TypeError, AttributeError) as error:
        # The kind of the error alone: its words quote the file.
        raise NotThisDataset(
            f"{table.name} is no COCO file: {type(error).__name__} over its images, categories "
            "or annotations."
        ) from error


def _mark(marks: _Marks, entry: dict[str, Any], names: dict[Any, str], image: Any) -> None:
    native = names.get(entry["category_id"], repr(entry["category_id"]))
    label = label_of(native)
    score = entry.get("score")
    if label is None or label == NO_FINDING:
        marks.ledger.append(LedgerEntry(LedgerReason.UNKNOWN_LABEL, native[:200], "no label"))
        return
    kind: Kind = "annotated" if score is None else "recorded"
    finding = NativeFinding(label, entry.get("bbox"), _FORM, _size(image), score=_score(score))
    marks.findings.setdefault(kind, []).append(finding)


def _score(value: object) -> float | None:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return float(value) if fits and isinstance(value, int | float) else None


def _size(image: Any) -> tuple[int, int] | None:
    size = image.get("height"), image.get("width")
    return size if all(isinstance(side, int) and side > 0 for side in size) else None


def _readings(marks: _Marks, assessed: frozenset[Label]) -> tuple[Reading, ...]:
    """One of each kind that has findings; an image without any was looked at by people."""
    kinds: list[Kind] = [*marks.findings] or ["annotated"]
    return tuple(
        Reading(
            kind,
            "coco",
            tuple(marks.findings.get(kind, ())),
            assessed,
            normal=not marks.findings and not marks.ledger,
            ledger=tuple(marks.ledger) if at == 0 else (),
        )
        for at, kind in enumerate(kinds)
    )


COCO = Dataset("coco", claims, read)
