"""What a reader may answer to a flag, and what each answer says about its three layers.

A flag rests on three claims: the finding is true, its box is right, the draft was read right.
A verdict with its reason settles some of them; this table says which, so that a dismissed flag
trains the part that failed and no other. A reader may override a layer by hand.
"""

from dataclasses import dataclass
from enum import StrEnum

from inference.vocabulary import FlagKind


class Verdict(StrEnum):
    """A reader's answer to one flag."""

    CONFIRMED = "confirmed"
    CONFIRMED_MODIFIED = "confirmed_modified"
    DISMISSED = "dismissed"
    INDETERMINATE = "indeterminate"


class Reason(StrEnum):
    """Why a flag was not confirmed."""

    NOT_ON_IMAGE = "not_on_image"
    ON_IMAGE = "on_image"
    WRONG_LABEL = "wrong_label"
    WRONG_PLACE = "wrong_place"
    DEVICE_OR_ARTEFACT = "device_or_artefact"
    NORMAL_VARIANT = "normal_variant"
    KNOWN_OR_STABLE = "known_or_stable"
    DRAFT_SAYS_IT = "draft_says_it"
    DRAFT_MISREAD = "draft_misread"
    DRAFT_DOES_NOT_SAY_IT = "draft_does_not_say_it"
    TRUE_BUT_NOT_RELEVANT = "true_but_not_relevant"
    DUPLICATE = "duplicate"
    IMAGE_QUALITY = "image_quality"
    NEEDS_OTHER_VIEW = "needs_other_view"


class Significance(StrEnum):
    """How much a confirmed flag would have mattered."""

    NONE = "none"
    MINOR = "minor"
    SIGNIFICANT = "significant"


@dataclass(frozen=True, slots=True)
class Layers:
    """``None`` where the answer says nothing about a layer."""

    finding_true: bool | None = None
    box_right: bool | None = None
    draft_read_right: bool | None = None


_UNKNOWN = Layers()
_SEEN = (FlagKind.MISSING, FlagKind.URGENT)

_CONFIRMED = {
    FlagKind.MISSING: Layers(finding_true=True, box_right=True, draft_read_right=True),
    FlagKind.UNSUPPORTED: Layers(finding_true=False, draft_read_right=True),
    FlagKind.URGENT: Layers(finding_true=True, box_right=True),
}
_MODIFIED = {
    FlagKind.MISSING: Layers(finding_true=True, box_right=False, draft_read_right=True),
    FlagKind.URGENT: Layers(finding_true=True, box_right=False),
}

_FALSE_FINDING = Layers(finding_true=False, box_right=False)
_TRUE_FINDING = Layers(finding_true=True, box_right=True)

# (kinds the reason fits, what a dismissal for it says). ON_IMAGE is this project's addition: an
# UNSUPPORTED flag is wrong exactly when the finding is on the image after all.
_DISMISSED: dict[Reason, dict[FlagKind, Layers]] = {
    Reason.NOT_ON_IMAGE: dict.fromkeys(_SEEN, _FALSE_FINDING),
    Reason.ON_IMAGE: {FlagKind.UNSUPPORTED: Layers(finding_true=True, draft_read_right=True)},
    Reason.WRONG_LABEL: dict.fromkeys(_SEEN, _FALSE_FINDING),
    Reason.WRONG_PLACE: dict.fromkeys(_SEEN, Layers(box_right=False)),
    Reason.DEVICE_OR_ARTEFACT: dict.fromkeys(_SEEN, _FALSE_FINDING),
    Reason.NORMAL_VARIANT: dict.fromkeys(_SEEN, _FALSE_FINDING),
    Reason.KNOWN_OR_STABLE: {
        **dict.fromkeys(_SEEN, _TRUE_FINDING),
        FlagKind.UNSUPPORTED: _UNKNOWN,
    },
    Reason.DRAFT_SAYS_IT: {
        FlagKind.MISSING: Layers(finding_true=True, box_right=True, draft_read_right=False)
    },
    Reason.DRAFT_MISREAD: {
        FlagKind.MISSING: Layers(finding_true=True, box_right=True, draft_read_right=False),
        FlagKind.UNSUPPORTED: Layers(draft_read_right=False),
    },
    Reason.DRAFT_DOES_NOT_SAY_IT: {FlagKind.UNSUPPORTED: Layers(draft_read_right=False)},
    Reason.TRUE_BUT_NOT_RELEVANT: {
        **dict.fromkeys(_SEEN, _TRUE_FINDING),
        FlagKind.UNSUPPORTED: Layers(finding_true=False, draft_read_right=True),
    },
    Reason.DUPLICATE: dict.fromkeys(FlagKind, _UNKNOWN),
    Reason.IMAGE_QUALITY: dict.fromkeys(FlagKind, _UNKNOWN),
    Reason.NEEDS_OTHER_VIEW: dict.fromkeys(FlagKind, _UNKNOWN),
}


class AnswerRefused(ValueError):
    """The verdict, reason or significance do not fit together; says which and what would."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def reasons_for(kind: FlagKind) -> tuple[Reason, ...]:
    """Reasons that may stand behind a dismissed or indeterminate flag of this kind."""
    return tuple(reason for reason, kinds in _DISMISSED.items() if kind in kinds)


def check_answer(kind: FlagKind, verdict: Verdict, reason: Reason | None, *, has_box: bool) -> None:
    """Raise :class:`AnswerRefused` unless the parts of an answer fit the kind of flag."""
    confirmed = verdict in (Verdict.CONFIRMED, Verdict.CONFIRMED_MODIFIED)
    if confirmed and reason is not None:
        raise AnswerRefused("reason", "A confirmed flag takes no reason; leave it out.")
    if verdict is Verdict.CONFIRMED_MODIFIED and kind not in _MODIFIED:
        raise AnswerRefused("verdict", f"A {kind} flag has no box to modify; use confirmed.")
    if verdict is Verdict.CONFIRMED_MODIFIED and not has_box:
        raise AnswerRefused("box", "confirmed_modified needs the corrected box.")
    if verdict is Verdict.DISMISSED and reason is None:
        raise AnswerRefused("reason", "A dismissed flag needs a reason.")
    if reason is not None and kind not in _DISMISSED[reason]:
        fitting = ", ".join(reasons_for(kind))
        raise AnswerRefused("reason", f"{reason} does not fit a {kind} flag; one of: {fitting}.")


def layers(kind: FlagKind, verdict: Verdict, reason: Reason | None) -> Layers:
    """What an answer that passed :func:`check_answer` says of each layer."""
    if verdict is Verdict.CONFIRMED:
        return _CONFIRMED[kind]
    if verdict is Verdict.CONFIRMED_MODIFIED:
        return _MODIFIED[kind]
    if verdict is Verdict.INDETERMINATE or reason is None:
        return _UNKNOWN
    return _DISMISSED[reason][kind]
