"""NIH ChestX-ray14: BBox_List_2017 (radiologists' boxes) and Data_Entry_2017 (mined labels).

Wang et al., CVPR 2017. The boxes are x, y, w, h in pixels of 1024 x 1024 and NOT exhaustive:
usually one finding of several is boxed. So a reading of boxes assessed only what it boxed. The
labels of Data_Entry were mined from reports by a program, which looked for all of them: they are a
`recorded` reading of its own, noisy, without boxes.
"""

from collections.abc import Mapping, Sequence

from inference.ages import whole_years
from inference.boxes import BoxFormat
from inference.datasets.base import (
    Dataset,
    NativeFinding,
    NotThisDataset,
    Picture,
    Reading,
    Table,
    has_columns,
    lost_label,
    numbers,
)
from inference.mappings import NO_FINDING, Unmapped, to_label
from inference.schema import LedgerEntry
from inference.vocabulary import LABELS

SIDE = 1024
_FORM = BoxFormat(SIDE, "xywh")
_CORNERS = 4
MINED = "report text mining"
BOXER = "nih radiologist"


def claims(head: bytes) -> bool:
    return _is_boxes(head) or _is_entries(head)


def _is_boxes(head: bytes) -> bool:
    return has_columns(head, "Image Index", "Finding Label")


def _is_entries(head: bytes) -> bool:
    return has_columns(head, "Image Index", "Finding Labels")


def read(tables: Sequence[Table]) -> Mapping[str, Picture]:
    boxed: dict[str, list[NativeFinding]] = {}
    lost: dict[str, list[LedgerEntry]] = {}
    entries: dict[str, Picture] = {}
    for table in tables:
        if _is_boxes(table.data[:1000]):
            _read_boxes(table, boxed, lost)
        else:
            entries |= {row["Image Index"]: _entry(row) for _, row in table.rows()}
    if not (boxed or lost or entries):
        raise NotThisDataset("Neither BBox_List_2017 nor Data_Entry_2017 has a row.")
    return {
        image: _with_boxes(entries.get(image, Picture()), boxed.get(image), lost.get(image, []))
        for image in {**entries, **boxed, **lost}
    }


def _read_boxes(
    table: Table, boxed: dict[str, list[NativeFinding]], lost: dict[str, list[LedgerEntry]]
) -> None:
    for _, row in table.rows():
        # The header names "Bbox [x", "y", "w", "h]": four columns after the label.
        image, native, *cells = row.values()
        label = to_label(native, "nih_boxes")
        if isinstance(label, Unmapped):
            lost.setdefault(image, []).append(lost_label(label))
        elif label != NO_FINDING:
            finding = NativeFinding(label, numbers(cells[:_CORNERS]), _FORM)
            boxed.setdefault(image, []).append(finding)


def _with_boxes(
    entry: Picture, findings: list[NativeFinding] | None, lost: list[LedgerEntry]
) -> Picture:
    if not findings and not lost:
        return entry
    found = tuple(findings or ())
    boxes = Reading(
        "annotated", BOXER, found, frozenset(each.label for each in found), ledger=tuple(lost)
    )
    return Picture(
        (boxes, *entry.readings), entry.patient, entry.view, entry.age, entry.sex, entry.study
    )


def _entry(row: dict[str, str]) -> Picture:
    labels = [to_label(name, "nih") for name in row["Finding Labels"].split("|")]
    found = dict.fromkeys(x for x in labels if not isinstance(x, Unmapped) and x != NO_FINDING)
    lost = tuple(lost_label(each) for each in labels if isinstance(each, Unmapped))
    mined = Reading(
        "recorded",
        MINED,
        tuple(NativeFinding(label) for label in LABELS if label in found),
        frozenset(LABELS),
        normal=labels == [NO_FINDING],
        ledger=lost,
    )
    return Picture(
        (mined,),
        patient=row.get("Patient ID", ""),
        view=row.get("View Position", ""),
        age=_age(row.get("Patient Age", "")),
        sex=row.get("Patient Gender") or row.get("Patient Sex") or "",
        study=row.get("Follow-up #", ""),
    )


def _age(text: str) -> str:
    """The first release writes "058Y", "011M" (months) and a few impossible ones (over 400)."""
    try:
        return str(whole_years(text))
    except ValueError:
        return ""


NIH = Dataset("nih", claims, read)
