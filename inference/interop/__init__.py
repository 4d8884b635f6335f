"""One audit in the words of other systems: a FHIR R5 bundle, a DICOM structured report."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from inference.schema import BackendVersion, Box, Finding, Flag
from inference.vocabulary import Label


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """A done audit. ``findings`` are those above the threshold; ``width`` and ``height`` are the
    stored picture's, in pixels; ``draft`` is empty for an image-only audit. ``kept_back`` says in
    words what the terms of the source keep back; it is not in the other fields."""

    id: UUID
    case: UUID
    finished_at: datetime
    width: int
    height: int
    draft: str
    findings: tuple[Finding, ...]
    flags: tuple[Flag, ...]
    notes: tuple[str, ...]
    grounder: BackendVersion
    parser: BackendVersion
    policy: str
    kept_back: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """A concept of another vocabulary."""

    value: str
    meaning: str


SNOMED: Final[dict[Label, Code]] = {
    Label.PLEURAL_EFFUSION: Code("60046008", "Pleural effusion"),
    Label.PNEUMOTHORAX: Code("36118008", "Pneumothorax"),
    Label.CARDIOMEGALY: Code("8186001", "Cardiomegaly"),
}
"""Only labels that SNOMED CT has a concept of the same extent for: opacity or consolidation, and
nodule or mass, are wider than any one of its concepts, and go by our own code alone."""

CHEST_VIEWS: Final = Code("30745-4", "XR Chest Views")
"""LOINC."""


def in_pixels(box: Box, width: int, height: int) -> tuple[float, float, float, float]:
    """``(row0, column0, row1, column1)`` in pixels of the stored picture."""
    y0, x0, y1, x1 = box
    return y0 * height, x0 * width, y1 * height, x1 * width
