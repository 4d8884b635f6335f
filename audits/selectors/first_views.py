"""What readers of a blind queue saw in the image alone, against each other and against what they
said once they were shown the draft and the flags. Only submitted reads count.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Exists, OuterRef, QuerySet

from audits.models import BlindCommit, BlindStep, Decision, Queue, Read
from audits.selectors.reads import standing
from inference.boxes import iou
from inference.schema import Box
from inference.vocabulary import LABELS, FlagKind, State

STATES = tuple(state.value for state in State)


@dataclass(frozen=True, slots=True)
class Viewed:
    """One label of one image and the states that its readers gave it, each before any flag.

    ``overlap`` is the mean over pairs of readers who drew boxes of how well their boxes meet;
    None where no two did.
    """

    label: str
    patient: str
    states: tuple[str, ...]
    overlap: float | None


@dataclass(frozen=True, slots=True)
class Swayed:
    """A flag, a reader's own view of its label before it, and the finding's truth they gave after.

    ``sided`` says whether the first view was the flag's; None where it was uncertain.
    ``followed`` says whether the last one is; None where they left it open.
    """

    kind: str
    label: str
    patient: str
    sided: bool | None
    followed: bool | None


def viewed(queue: Queue) -> Iterable[Viewed]:
    """Every label of every image that at least two people read blind; two queries."""
    by_item: dict[uuid.UUID, list[BlindCommit]] = defaultdict(list)
    for commit in _commits(queue).select_related("item__audit__case"):
        by_item[commit.item_id].append(commit)
    for commits in by_item.values():
        if len(commits) > 1:
            patient = _patient(commits[0])
            for label in LABELS:
                states = tuple(commit.states[label.value] for commit in commits)
                yield Viewed(label.value, patient, states, _overlap(commits, label.value))


def swayed(queue: Queue) -> Iterable[Swayed]:
    """Every answered flag of a blind read, beside the reader's first view of its label."""
    first = {(c.item_id, c.reviewer_id): c.states for c in _commits(queue)}
    if not first:
        return
    live = Decision.objects.filter(
        standing("read__"), read__slot__queue=queue, retraction__isnull=True
    )
    rows = live.order_by("flag", "read", "number").values_list(
        "flag",
        "read",
        "read__slot__item",
        "read__reviewer",
        "flag__kind",
        "flag__label",
        "finding_true",
        "flag__audit__case",
        "flag__audit__case__patient_hash",
    )
    last = {(row[0], row[1]): row for row in rows.iterator()}  # the newest answer wins
    for _, _, item, reviewer, kind, label, true, case, patient in last.values():
        states = first.get((item, reviewer))
        if states is not None:
            there = kind != FlagKind.UNSUPPORTED
            own = {State.PRESENT: there, State.ABSENT: not there}.get(State(states[label]))
            followed = None if true is None else true is there
            yield Swayed(kind, label, patient or str(case), own, followed)


def _commits(queue: Queue) -> QuerySet[BlindCommit]:
    submitted = Read.objects.filter(
        standing(), slot__item=OuterRef("item"), reviewer=OuterRef("reviewer")
    )
    commits = BlindCommit.objects.filter(Exists(submitted), item__queue=queue)
    return commits.filter(step=BlindStep.IMAGE).order_by("item", "created_at", "id")


def _patient(commit: BlindCommit) -> str:
    case = commit.item.audit.case
    return case.patient_hash or str(case.pk)


def _overlap(commits: list[BlindCommit], label: str) -> float | None:
    drawn = [_boxes(commit, label) for commit in commits]
    pairs = [(a, b) for a, b in combinations(drawn, 2) if a and b]
    return sum(_met(a, b) for a, b in pairs) / len(pairs) if pairs else None


def _boxes(commit: BlindCommit, label: str) -> list[Box]:
    return [tuple(seen["box"]) for seen in commit.boxes if seen["label"] == label]


def _met(a: list[Box], b: list[Box]) -> float:
    """The mean over all boxes of both of the IoU with the other's box that it meets best."""
    best = [max(iou(one, other) for other in b) for one in a]
    best += [max(iou(one, other) for other in a) for one in b]
    return sum(best) / len(best)
