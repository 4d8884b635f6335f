"""The tables by which an audit is judged, in one place: policy, alignment, urgency, wording.

A policy is never edited once an audit has used it: a new one is added under a new name.
"""

from typing import Final, Literal, NamedTuple

from inference.schema import Alignment
from inference.vocabulary import FlagKind, Label, State

POLICY: Final = "1"
"""The policy in force; recorded with every audit."""

Reason = Literal["omitted", "denied"]


class Cell(NamedTuple):
    """What one meeting of image and draft gives.

    ``flag`` (and its ``reason``) is for the label; ``alignment`` and ``cause`` are for a claim
    about it, ``{}`` standing for the label in words. ``alignment`` is ``None`` only where the
    draft says nothing, so that there is no claim.
    """

    flag: FlagKind | None = None
    reason: Reason | None = None
    alignment: Alignment | None = None
    cause: str = ""


_LEFT_OPEN: Final = Cell(alignment="uncertain", cause="The image leaves {} open.")
_NOT_ASSESSED: Final = Cell(alignment="uncertain", cause="The image was not assessed for {}.")

# Policy 1: POLICY_TABLE[state on the image][state in the draft]. On the image None is not
# assessed; in the draft None is silent. Flags follow the draft's state of the label; a claim is
# aligned by the state of its own mention (inference.claims.align states the one exception).
POLICY_TABLE: Final[dict[State | None, dict[State | None, Cell]]] = {
    State.PRESENT: {
        State.PRESENT: Cell(alignment="supported", cause="The image shows {} too."),
        State.UNCERTAIN: Cell(alignment="supported", cause="The image shows {}."),
        State.ABSENT: Cell(
            FlagKind.MISSING, "denied", "needs_review", "The image shows {}; the draft denies it."
        ),
        None: Cell(FlagKind.MISSING, "omitted"),
    },
    State.UNCERTAIN: {
        State.PRESENT: _LEFT_OPEN,
        State.UNCERTAIN: _LEFT_OPEN,
        State.ABSENT: _LEFT_OPEN,
        None: Cell(),
    },
    State.ABSENT: {
        State.PRESENT: Cell(
            FlagKind.UNSUPPORTED,
            alignment="needs_review",
            cause="The image shows no {}; the draft asserts it.",
        ),
        State.UNCERTAIN: Cell(
            alignment="uncertain", cause="The image shows no {}; the draft leaves it open."
        ),
        State.ABSENT: Cell(alignment="supported", cause="The image shows no {} either."),
        None: Cell(),
    },
    None: {
        State.PRESENT: _NOT_ASSESSED,
        State.UNCERTAIN: _NOT_ASSESSED,
        State.ABSENT: _NOT_ASSESSED,
        None: Cell(),
    },
}

ELSEWHERE: Final = Cell(
    alignment="uncertain",
    cause="The draft denies {} here and names it elsewhere; this policy does not judge places.",
)
"""A denial beside an assertion of the same label ("Right effusion. No left effusion."): it is
about a part, raises no flag, and so its claim needs no review."""

PENALTIES: Final[dict[Alignment, int]] = {"supported": 0, "uncertain": 8, "needs_review": 25}
"""What a claim of each alignment takes off the draft score."""


class Urgency(NamedTuple):
    """How soon a finding wants eyes: tier 1 before tier 2, with the sentence shown beside it."""

    tier: int
    wording: str


URGENCY: Final[dict[Label, Urgency]] = {
    Label.PNEUMOTHORAX: Urgency(1, "Possible pneumothorax: look at this image first."),
    Label.NODULE_MASS: Urgency(2, "Possible nodule or mass: make sure that follow-up is arranged."),
}

SPECIFICITY: Final[tuple[Label, ...]] = (
    Label.PNEUMOTHORAX,
    Label.NODULE_MASS,
    Label.PLEURAL_EFFUSION,
    Label.CARDIOMEGALY,
    Label.LUNG_OPACITY_CONSOLIDATION,
)
"""Most specific first: of two labels on one place, the earlier one stays."""

PLAIN: Final[dict[Label, str]] = {
    Label.PLEURAL_EFFUSION: "pleural effusion",
    Label.PNEUMOTHORAX: "pneumothorax",
    Label.LUNG_OPACITY_CONSOLIDATION: "lung opacity or consolidation",
    Label.NODULE_MASS: "nodule or mass",
    Label.CARDIOMEGALY: "cardiomegaly",
}
"""Labels as words of a sentence."""

SIDED: Final[frozenset[Label]] = frozenset(set(Label) - {Label.CARDIOMEGALY})
"""Labels that lie on a side. The heart does not."""
