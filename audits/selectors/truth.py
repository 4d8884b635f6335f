"""What is settled of each case, whichever audit it was settled on."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from audits.models import Settlement, SettlingRule
from inference.metrics.records import Truth
from inference.schema import Box
from inference.vocabulary import LABELS, Label, State

_STRENGTH = {rule: at for at, rule in enumerate(SettlingRule.values)}


@dataclass(frozen=True, slots=True)
class SettledCase:
    """One case's truth; ``draft_id`` is the draft that was read with it, the newest of several."""

    truth: Truth
    code: str
    draft_id: uuid.UUID
    draft: str


def settled_cases(settlements: Iterable[Settlement]) -> list[SettledCase]:
    """The cases that these settlements are about, in the order of their ids.

    The settlements come with ``item.audit.draft``, ``case`` and ``flag``. Of one label the
    strongest rule holds (adjudicated, agreement, single read); where rows of that rule differ,
    as two queues may, the label is open and counts nowhere.
    """
    by_case: dict[uuid.UUID, list[Settlement]] = defaultdict(list)
    for row in settlements:
        by_case[row.case_id].append(row)
    return [_settled(by_case[key]) for key in sorted(by_case)]


@dataclass(frozen=True, slots=True)
class SettledLabel:
    """What is settled of one label; ``state`` is None where rows of the strongest rule differ."""

    label: Label
    state: State | None
    rule: SettlingRule


def settled_labels(settlements: Iterable[Settlement]) -> list[SettledLabel]:
    """Of one case, label by label; one that nothing was settled about is left out."""
    rows = list(settlements)
    strongest = {label: _strongest(rows, label) for label in LABELS}
    return [
        SettledLabel(label, _state(chosen), SettlingRule(chosen[0].rule))
        for label, chosen in strongest.items()
        if chosen
    ]


def _settled(rows: Sequence[Settlement]) -> SettledCase:
    newest = max(rows, key=lambda row: (row.created_at, row.pk))
    case, draft = newest.case, newest.item.audit.draft
    strongest = {label: _strongest(rows, label) for label in LABELS}
    states = {label: _state(chosen) for label, chosen in strongest.items()}
    boxes = {
        label: _boxes(chosen) if states[label] is State.PRESENT else ()
        for label, chosen in strongest.items()
    }
    patient = f"patient {case.patient_hash}" if case.patient_hash else f"case {case.pk}"
    truth = Truth(str(case.pk), patient, states, boxes)
    return SettledCase(truth, case.code, draft.pk, draft.text)


def _strongest(rows: Sequence[Settlement], label: Label) -> list[Settlement]:
    mine = [row for row in rows if row.label == label and row.finding_true is not None]
    best = max((_STRENGTH[row.rule] for row in mine), default=None)
    return [row for row in mine if _STRENGTH[row.rule] == best]


def _state(rows: Sequence[Settlement]) -> State | None:
    said = {row.finding_true for row in rows}
    if len(said) != 1:
        return None
    return State.PRESENT if said.pop() else State.ABSENT


def _boxes(rows: Sequence[Settlement]) -> tuple[Box, ...]:
    """The boxes that were drawn or called right, each once."""
    found = [
        _box(corners) for row in rows for corners in ([row.box] if row.box else _flags_own(row))
    ]
    return tuple(dict.fromkeys(found))


def _flags_own(row: Settlement) -> list[list[float]]:
    return list(row.flag.boxes) if row.flag is not None and row.box_right else []


def _box(corners: Sequence[float]) -> Box:
    y0, x0, y1, x1 = corners
    return (y0, x0, y1, x1)
