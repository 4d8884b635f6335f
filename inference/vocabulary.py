"""The closed vocabulary: five labels, three states, and the words for what went wrong.

Every other module, the API, the database and the dataset spell these words the same way.
"""

from enum import StrEnum


class Label(StrEnum):
    """A finding the auditor can judge. Declaration order is the order used everywhere."""

    PLEURAL_EFFUSION = "pleural_effusion"
    PNEUMOTHORAX = "pneumothorax"
    LUNG_OPACITY_CONSOLIDATION = "lung_opacity_consolidation"
    NODULE_MASS = "nodule_mass"
    CARDIOMEGALY = "cardiomegaly"


class State(StrEnum):
    """What an image or a draft says of one label; ``None`` stands for not assessed / silent."""

    PRESENT = "present"
    UNCERTAIN = "uncertain"
    ABSENT = "absent"


class ImageState(StrEnum):
    """How much of the grounder's output could be used."""

    GROUNDED = "grounded"
    PARTIAL = "partial"
    FAILED = "failed"


class DraftState(StrEnum):
    """How much of the draft could be read."""

    PARSED = "parsed"
    EMPTY = "empty"
    UNPARSED = "unparsed"


class FlagKind(StrEnum):
    """Kinds of disagreement; declaration order breaks ties within one label."""

    MISSING = "MISSING"
    UNSUPPORTED = "UNSUPPORTED"
    URGENT = "URGENT"


class LedgerReason(StrEnum):
    """Why something a model said could not be used."""

    UNKNOWN_LABEL = "unknown_label"
    BAD_BOX = "bad_box"
    DUPLICATE = "duplicate"
    TRUNCATED = "truncated"
    UNPARSABLE = "unparsable"
    SPAN_NOT_IN_DRAFT = "span_not_in_draft"
    NO_FINDING_CONFLICT = "no_finding_conflict"


LABELS: tuple[Label, ...] = tuple(Label)
