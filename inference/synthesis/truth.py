"""The flags a case deserves, known from how it was made and not from the comparator.

Policy 1 of the comparator, said again for one corruption at a time: an auditor whose findings are
perfect raises exactly these flags.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from inference.vocabulary import LABELS, FlagKind, Label

URGENT: frozenset[Label] = frozenset({Label.PNEUMOTHORAX, Label.NODULE_MASS})
"""The urgency table of policy 1, said again so that the truth does not follow a mistake in it."""

Kind = Literal[
    "control",
    "drop",
    "add",
    "deny",
    "hedge",
    "swap_side",
    "change_severity",
    "change_location",
    "repeat",
    "contradict",
    "typo",
]


@dataclass(frozen=True, slots=True)
class ExpectedFlag:
    """One flag that is right. ``reason`` is set for MISSING, ``reported`` for URGENT only."""

    kind: FlagKind
    label: Label
    reason: Literal["omitted", "denied"] | None = None
    reported: bool | None = None


def expected_flags(
    kind: Kind, label: Label | None, present: Collection[Label]
) -> tuple[ExpectedFlag, ...]:
    """The right flags of a draft with one corruption, in label order, then kind.

    ``present`` are the labels of the image; ``label`` is the corrupted one. Hedging, repeating,
    misspelling or contradicting a finding leaves it said, and a wrong side, severity or place is
    no flag in policy 1: all of those deserve the flags of the faithful draft.
    """
    flags: list[ExpectedFlag] = []
    unsaid = label if kind in ("drop", "deny") else None
    for each in LABELS:
        if each == unsaid:
            reason: Literal["omitted", "denied"] = "omitted" if kind == "drop" else "denied"
            flags.append(ExpectedFlag(FlagKind.MISSING, each, reason=reason))
        if kind == "add" and each == label:
            flags.append(ExpectedFlag(FlagKind.UNSUPPORTED, each))
        if each in URGENT and each in present:
            flags.append(ExpectedFlag(FlagKind.URGENT, each, reported=each != unsaid))
    return tuple(flags)
