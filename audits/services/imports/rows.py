"""What every layout gives: rows in order, each with its number and what it says of one case."""

from dataclasses import dataclass, field

from audits.errors import InvalidInput
from audits.models import Source
from audits.services.cases import NewCase
from audits.services.imports.containers import Container
from inference.ages import whole_years
from inference.datasets import Picture, Reading
from inference.geometry import LEAST_MM, MOST_MM, SENDER, orientation_of, spacing_of, written_pair


@dataclass(frozen=True, slots=True)
class Row:
    """One row, nothing of its image read yet.

    ``cells`` are the words of the manifest's columns; ``draft_file`` names a text file instead of
    a ``draft`` cell. ``problem`` is (field, sentence) of a row that can't be imported, ``skip``
    the sentence of an entry that is none.
    """

    number: int
    image: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    draft_file: str = ""
    readings: tuple[Reading, ...] = ()
    problem: tuple[str, str] | None = None
    skip: str = ""


_SPLITS = {"val": "validation", "dev": "validation"}
"""Other words for a split."""


class ImportRefused(Exception):
    """The whole import can't be done; nothing of it was stored. The message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


_OF_PICTURE = ("patient", "view", "age", "sex", "study", "split", "pixel_spacing", "pixel_frame")


def row_of_picture(number: int, image: str, picture: Picture) -> Row:
    cells = {name: getattr(picture, name) for name in _OF_PICTURE if getattr(picture, name)}
    return Row(number, image, cells, readings=picture.readings)


def case_of_row(*, row: Row, container: Container, source: Source) -> NewCase:
    """The case a row describes, its image read; raises ``InvalidInput`` naming the column."""
    if row.problem:
        raise InvalidInput(*row.problem)
    cells = row.cells
    row_mm, column_mm = _spacing(cells.get("pixel_spacing", ""))
    return NewCase(
        image=container.read_image(row.image),
        draft=container.read_text(row.draft_file) if row.draft_file else cells.get("draft", ""),
        source=cells.get("source") or source.slug,
        patient=cells.get("patient", ""),
        view=cells.get("view", ""),
        age=_age(cells.get("age", "")),
        sex=cells.get("sex", ""),
        origin=cells.get("origin") or "human",
        file_name=row.image.rpartition("/")[2],
        split=_SPLITS.get(cells.get("split", ""), cells.get("split", "")),
        pixel_row_mm=row_mm,
        pixel_column_mm=column_mm,
        pixel_spacing_source=SENDER if row_mm else "",
        pixel_frame=_frame(cells.get("pixel_frame", "")),
        laterality=cells.get("laterality", ""),
        patient_orientation=_orientation(cells.get("patient_orientation", "")),
        study_order=_whole(
            cells, "study", 2_000_000_000, "A study is a whole number: the order of studies."
        ),
    )


def _age(text: str) -> int | None:
    if not text:
        return None
    try:
        return whole_years(text)
    except ValueError as error:
        raise InvalidInput("age", str(error)) from error


def _spacing(text: str) -> tuple[float, float] | tuple[None, None]:
    if not text:
        return None, None
    spacing = spacing_of(written_pair(text))
    if spacing is None:
        raise InvalidInput(
            "pixel_spacing",
            "Two numbers, the millimetres from row to row and from column to column, "
            f"each {LEAST_MM} to {MOST_MM:g} and about the same, such as 0.143\\0.143; "
            "or leave it empty.",
        )
    return spacing


def _frame(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    sides = written_pair(text)
    if len(sides) != 2 or not all(each.isascii() and each.isdigit() for each in sides):
        raise InvalidInput("pixel_frame", "Two whole numbers: height and width in pixels.")
    height, width = (int(each[:9]) for each in sides)
    return height, width


def _orientation(text: str) -> str:
    if not text:
        return ""
    if not (directions := orientation_of(written_pair(text))):
        raise InvalidInput(
            "patient_orientation",
            "Where the right and the lower edge point in the patient (A, P, L, R, H, F), "
            "such as L\\F for a frontal picture; or leave it empty.",
        )
    return directions


def _whole(cells: dict[str, str], name: str, most: int, sentence: str) -> int | None:
    text = cells.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text) <= most):
        raise InvalidInput(name, sentence)
    return int(text)
