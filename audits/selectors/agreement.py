"""What a queue's submitted reads say of its readers together, and of the auditor.

Agreement is over flags that two or more people read under this queue, each without sight of the
others' reads; in a blind queue also over what they saw in the image before any flag. Precision is
over settled flags; recall weighs drawn items by what they stand for. Intervals are by patient
(`inference.metrics`). Nothing here names a reader.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from audits.models import Decision, Queue, Read
from audits.selectors.first_views import STATES, Swayed, Viewed, swayed, viewed
from audits.selectors.reads import standing
from audits.selectors.settled import standing_settlements
from inference.metrics.agreement import agreement
from inference.metrics.intervals import Bootstrap, Measure, ratio
from inference.vocabulary import FlagKind

CATEGORIES = ("confirmed", "dismissed", "indeterminate")


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Rated:
    """One flag and the live verdicts of its submitted reads."""

    kind: str
    label: str
    patient: str
    verdicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """One settled flag, or a finding that was added (``kind`` None), and if it was right."""

    kind: str | None
    label: str
    patient: str
    weight: float
    right: bool


def queue_agreement(*, queue: Queue) -> dict[str, Any]:
    """The whole report; see `docs/review.md`. The same few queries whatever the queue's size."""
    scored = list(_scored(queue))
    flags = [row for row in scored if row.kind is not None]
    twice = [row for row in _rated(queue) if len(row.verdicts) > 1]
    submitted = Read.objects.filter(standing(), slot__queue=queue)
    knowable = (
        queue.order == Queue.Order.INFORMATIVE
        or queue.unflagged_share > 0
        or (queue.takes_done_audits and not queue.filter)
    )
    return {
        "queue": queue.pk,
        "items": queue.items.count(),
        "reads": submitted.count(),
        "rows": [
            *[
                {"kind": None, "label": label, "blind": True, **_agreed_views(rows)}
                for (_, label), rows in _groups(list(viewed(queue)), lambda row: (None, row.label))
            ],
            *[
                {"kind": kind, "label": label, "blind": False, **_agreed(rows)}
                for (kind, label), rows in _groups(twice, lambda row: (row.kind, row.label))
            ],
        ],
        "automation": [
            {"kind": kind, "label": label, **_sway(rows)}
            for (kind, label), rows in _groups(
                list(swayed(queue)), lambda row: (row.kind, row.label)
            )
        ],
        "precision": [
            {"kind": kind, "label": label, **_share(rows).as_dict()}
            for (kind, label), rows in _groups(flags, lambda row: (row.kind, row.label))
        ],
        "recall": [
            {"label": label, **_share(rows).as_dict()}
            for (_, label), rows in _groups(_present(scored), lambda row: (None, row.label))
        ]
        if knowable
        else None,
    }


def _rated(queue: Queue) -> Iterable[Rated]:
    """Per flag of the queue the verdict of each submitted read, the newest not retracted."""
    live = Decision.objects.filter(
        standing("read__"), read__slot__queue=queue, retraction__isnull=True
    )
    rows = live.order_by("flag", "read", "number").values_list(
        "flag",
        "read",
        "verdict",
        "flag__kind",
        "flag__label",
        "flag__audit__case",
        "flag__audit__case__patient_hash",
    )
    verdicts: dict[Any, dict[Any, str]] = defaultdict(dict)
    about: dict[Any, tuple[str, str, str]] = {}
    for flag, read, verdict, kind, label, case, patient in rows.iterator():
        # The last one wins; a modified box is a confirmed finding.
        verdicts[flag][read] = verdict.removesuffix("_modified")
        about[flag] = (kind, label, patient or str(case))
    for flag, by_read in verdicts.items():
        yield Rated(*about[flag], verdicts=tuple(by_read.values()))


def _scored(queue: Queue) -> Iterable[Scored]:
    settled = standing_settlements().filter(item__queue=queue).exclude(basis="attested")
    rows = settled.order_by("id").values_list(
        "flag__kind",
        "label",
        "finding_true",
        "draft_read_right",
        "item__sampling_weight",
        "case",
        "case__patient_hash",
    )
    for kind, label, true, read_right, weight, case, patient in rows.iterator():
        right = true if kind is None else flag_right(FlagKind(kind), true, read_right)
        if right is not None:
            yield Scored(kind, label, patient or str(case), weight, right)


def flag_right(
    kind: FlagKind, finding_true: bool | None, draft_read_right: bool | None
) -> bool | None:
    """Whether the flag was right to be raised; None while that is not known.

    A draft that was misread makes MISSING and UNSUPPORTED wrong whatever the image shows.
    """
    if kind is not FlagKind.URGENT and draft_read_right is False:
        return False
    if finding_true is None:
        return None
    return finding_true is (kind is not FlagKind.UNSUPPORTED)


def _present(scored: Iterable[Scored]) -> list[Scored]:
    """What a MISSING flag should have raised: ``right`` where one did, wrong where a reader did."""
    raised = [row for row in scored if row.kind == FlagKind.MISSING and row.right]
    added = [row for row in scored if row.kind is None and row.right]
    return raised + [Scored(None, row.label, row.patient, row.weight, False) for row in added]


def _groups(
    rows: list[Row], key: Callable[[Row], tuple[str | None, str]]
) -> list[tuple[tuple[str | None, str | None], list[Row]]]:
    """All rows together (None, None) first, then by kind and label; nothing of nothing."""
    groups: dict[tuple[str | None, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    ordered = sorted(groups.items(), key=lambda group: (group[0][0] or "", group[0][1]))
    together: list[tuple[tuple[str | None, str | None], list[Row]]] = []
    if rows:
        together.append(((None, None), rows))
    return [*together, *ordered]


def _agreed(rows: list[Rated]) -> dict[str, Any]:
    ratings = [row.verdicts for row in rows]
    return {**_agreement(ratings, [row.patient for row in rows], CATEGORIES), "box_iou": None}


def _agreed_views(rows: list[Viewed]) -> dict[str, Any]:
    drawn = [(row.overlap, row.patient) for row in rows if row.overlap is not None]
    overlaps = [overlap for overlap, _ in drawn]
    box_iou = None
    if drawn:
        bootstrap = Bootstrap([patient for _, patient in drawn])
        box_iou = bootstrap.measure(ratio(overlaps, [1.0] * len(drawn)), len(drawn)).as_dict()
    ratings = [row.states for row in rows]
    return {**_agreement(ratings, [row.patient for row in rows], STATES), "box_iou": box_iou}


def _agreement(
    ratings: list[tuple[str, ...]], patients: list[str], categories: tuple[str, ...]
) -> dict[str, Any]:
    most = max(len(given) for given in ratings)
    table = [[*given, *[None] * (most - len(given))] for given in ratings]
    said = agreement(table, patients, categories=categories)
    return {
        "n": len(ratings),
        "percent": said.percent.as_dict(),
        "gwet_ac1": said.gwet_ac1.as_dict(),
        "krippendorff_alpha": said.krippendorff_alpha.as_dict(),
    }


def _sway(rows: list[Swayed]) -> dict[str, Any]:
    """How often a reader who saw it otherwise followed the flag, and one who saw it so did not."""
    against = [row for row in rows if row.sided is False]
    with_it = [row for row in rows if row.sided is True]
    return {
        "n": len(rows),
        "unsure": len(rows) - len(against) - len(with_it),
        "followed": _of([row.followed is True for row in against], against),
        "left": _of([row.followed is False for row in with_it], with_it),
    }


def _of(hits: list[bool], rows: list[Swayed]) -> dict[str, Any]:
    bootstrap = Bootstrap([row.patient for row in rows])
    return bootstrap.measure(ratio(hits, [1.0] * len(rows)), len(rows)).as_dict()


def _share(rows: list[Scored]) -> Measure:
    """The weighted share that is right; ``n`` counts rows, not weights."""
    weights = [row.weight for row in rows]
    right = [row.weight * row.right for row in rows]
    bootstrap = Bootstrap([row.patient for row in rows])
    return bootstrap.measure(ratio(right, weights), len(rows))
