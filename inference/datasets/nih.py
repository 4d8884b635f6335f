"""NIH ChestX-ray14: BBox_List_2017 (radiologists' boxes) and Data_Entry_2017 (mined labels).

Wang et al., CVPR 2017. The boxes are x, y, w, h in pixels of 1024 x 1024 and NOT exhaustive:
usually one finding of several is boxed. So a reading of boxes assessed only what it boxed. The
labels of Data_Entry were mined from reports by a program, which looked for all of them: they are a
`recorded` reading of its own, noisy, without boxes.

Read as well is the shape that `inference train-detector` takes: ``images.csv`` (image, nih_labels,
and split, patient, view, age, sex) and ``boxes.csv`` (image, label, native_label, y0, x0, y1, x1
in 0..1 of the picture).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from inference.ages import whole_years
from inference.boxes import BoxFormat
from inference.datasets.base import (
    OURS,
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
from inference.geometry import spacing_of
from inference.mappings import NO_FINDING, NoFinding, Unmapped, to_label
from inference.schema import LedgerEntry
from inference.vocabulary import LABELS, Label

SIDE = 1024
_FORM = BoxFormat(SIDE, "xywh")
_CORNERS = 4
MINED = "report text mining"
BOXER = "nih radiologist"


_KINDS: dict[str, tuple[str, ...]] = {
    "boxes": ("Image Index", "Finding Label"),
    "entries": ("Image Index", "Finding Labels"),
    "our boxes": ("image", "label", "native_label", "y0", "x0", "y1", "x1"),
    "our entries": ("image", "nih_labels"),
}
"""The columns by which each of the tables is known."""


def _kind(head: bytes) -> str | None:
    return next((kind for kind, columns in _KINDS.items() if has_columns(head, *columns)), None)


def claims(head: bytes) -> bool:
    # What `inference curate` writes holds settled truth under the same name, and a column more.
    return _kind(head) is not None and not has_columns(head, "known")


def read(tables: Sequence[Table]) -> Mapping[str, Picture]:
    boxed: dict[str, list[NativeFinding]] = {}
    lost: dict[str, list[LedgerEntry]] = {}
    entries: dict[str, Picture] = {}
    for table in tables:
        match _kind(table.data[:1000]):
            case "boxes":
                _keep(map(_box, (row for _, row in table.rows())), boxed, lost)
            case "our boxes":
                _keep(map(_our_box, (row for _, row in table.rows())), boxed, lost)
            case "our entries":
                entries |= {row["image"]: _our_entry(row) for _, row in table.rows()}
            case _:
                entries |= {row["Image Index"]: _entry(row) for _, row in table.rows()}
    if not (boxed or lost or entries):
        raise NotThisDataset("No table of boxes and none of labels has a row.")
    return {
        image: _with_boxes(entries.get(image, Picture()), boxed.get(image), lost.get(image, []))
        for image in {**entries, **boxed, **lost}
    }


_Boxed = tuple[str, Label | NoFinding | Unmapped, NativeFinding | None]


def _keep(
    rows: Iterable[_Boxed],
    boxed: dict[str, list[NativeFinding]],
    lost: dict[str, list[LedgerEntry]],
) -> None:
    for image, label, finding in rows:
        if isinstance(label, Unmapped):
            lost.setdefault(image, []).append(lost_label(label))
        elif finding is not None:
            boxed.setdefault(image, []).append(finding)


def _box(row: dict[str, str]) -> _Boxed:
    # The header names "Bbox [x", "y", "w", "h]": four columns after the label.
    image, native, *cells = row.values()
    return _found(image, native, numbers(cells[:_CORNERS]), _FORM)


def _our_box(row: dict[str, str]) -> _Boxed:
    corners = numbers([row[name] for name in ("y0", "x0", "y1", "x1")])
    return _found(row["image"], row["native_label"], corners, OURS)


def _found(image: str, native: str, corners: object, form: BoxFormat) -> _Boxed:
    label = to_label(native, "nih_boxes")
    if isinstance(label, Unmapped) or label == NO_FINDING:
        return image, label, None
    return image, label, NativeFinding(label, corners, form)


def _with_boxes(
    entry: Picture, findings: list[NativeFinding] | None, lost: list[LedgerEntry]
) -> Picture:
    if not findings and not lost:
        return entry
    found = tuple(findings or ())
    boxes = Reading(
        "annotated", BOXER, found, frozenset(each.label for each in found), ledger=tuple(lost)
    )
    return replace(entry, readings=(boxes, *entry.readings))


def _entry(row: dict[str, str]) -> Picture:
    return Picture(
        (_mined(row["Finding Labels"]),),
        patient=row.get("Patient ID", ""),
        view=row.get("View Position", ""),
        age=_age(row.get("Patient Age", "")),
        sex=row.get("Patient Gender") or row.get("Patient Sex") or "",
        study=row.get("Follow-up #", ""),
        **_measured(row),
    )


def _measured(row: dict[str, str]) -> dict[str, str]:
    """The size of a pixel before the pictures were resized to 1024 x 1024, each side on its own.

    The header names "OriginalImage[Width", "Height]", "OriginalImagePixelSpacing[x", "y]".
    """
    frame = row.get("Height]", ""), row.get("OriginalImage[Width", "")
    spacing = row.get("y]", ""), row.get("OriginalImagePixelSpacing[x", "")
    if spacing_of(spacing) is None or not all(side.isascii() and side.isdigit() for side in frame):
        return {}
    return {"pixel_spacing": " ".join(spacing), "pixel_frame": " ".join(frame)}


def _our_entry(row: dict[str, str]) -> Picture:
    facts = {name: row.get(name, "") for name in ("patient", "view", "sex", "split")}
    return Picture((_mined(row["nih_labels"]),), age=_age(row.get("age", "")), **facts)


def _mined(names: str) -> Reading:
    labels = [to_label(name, "nih") for name in names.split("|")]
    found = {x for x in labels if not isinstance(x, Unmapped) and x != NO_FINDING}
    return Reading(
        "recorded",
        MINED,
        tuple(NativeFinding(label) for label in LABELS if label in found),
        frozenset(LABELS),
        normal=labels == [NO_FINDING],
        ledger=tuple(lost_label(each) for each in labels if isinstance(each, Unmapped)),
    )


def _age(text: str) -> str:
    """The first release writes "058Y", "011M" (months) and a few impossible ones (over 400)."""
    try:
        return str(whole_years(text))
    except ValueError:
        return ""


NIH = Dataset("nih", claims, read)
