"""What each version did week by week (ISO weeks, UTC), counted for intervals."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, StdDev
from django.db.models.functions import TruncWeek

from audits.models import (
    Audit,
    AuditState,
    BackendKind,
    Finding,
    Flag,
    Generation,
    LedgerRow,
    Mention,
    ModelAlert,
    ModelVersion,
    StepName,
    User,
)
from audits.selectors.settled import standing_settlements
from inference.metrics.drift import Mean, Rate, has_moved, mean, pooled, pooled_means, rate

MEASURES = ("flagged", "dismissed", "schema_valid", "dropped", "failed")
IMAGE_MEANS = ("megapixels", "brightness")
BEFORE = 8
"""A week is held against so many weeks before it, pooled."""

Counts = dict[str, int]


@dataclass(slots=True)
class Week:
    """One ISO week of one version. ``starts`` is its Monday; ``counts`` are what rates divide.

    ``moved`` names the rates and means whose interval lies apart from that of the weeks before.
    """

    starts: date
    counts: Counts = field(default_factory=lambda: defaultdict(int))
    reasons: Counts = field(default_factory=lambda: defaultdict(int))
    views: Counts = field(default_factory=lambda: defaultdict(int))
    sources: Counts = field(default_factory=lambda: defaultdict(int))
    means: dict[str, Mean | None] = field(default_factory=dict)
    moved: dict[str, Rate | Mean] = field(default_factory=dict)

    @property
    def name(self) -> str:
        year, number, _ = self.starts.isocalendar()
        return f"{year}-W{number:02}"

    def rate(self, measure: str) -> Rate:
        counts = self.counts
        ended = counts["done"] + counts["failed"]
        parts = {
            "flagged": (counts["flagged"], counts["done"]),
            "dismissed": (counts["dismissed"], counts["settled"]),
            "schema_valid": (counts["used"], counts["generations"]),
            "dropped": (counts["ledger"], counts["ledger"] + counts["taken"]),
            "failed": (counts["failed"], ended),
        }
        return rate(*parts[measure])

    def figure(self, measure: str) -> Rate | Mean | None:
        """A rate, or a mean of the images, which is None where none was measured."""
        return self.means.get(measure) if measure in IMAGE_MEANS else self.rate(measure)


def visible_alerts(user: User) -> QuerySet[ModelAlert]:
    if not user.curates:
        return ModelAlert.objects.none()
    return ModelAlert.objects.select_related("model")


def weeks_of(version: ModelVersion, *, weeks: int, today: date) -> list[Week]:
    """The last ``weeks`` weeks in which it did anything, oldest first, each against those before.

    Seven queries, whatever the number of audits.
    """
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=weeks + BEFORE - 1)
    found = _counted(version, datetime(first.year, first.month, first.day, tzinfo=UTC))
    ordered = [found[key] for key in sorted(found)]
    for at, week in enumerate(ordered):
        earliest = week.starts - timedelta(weeks=BEFORE)
        before = [each for each in ordered[:at] if each.starts >= earliest]
        for measure in MEASURES:
            then = pooled([each.rate(measure) for each in before])
            if has_moved(then, week.rate(measure)):
                week.moved[measure] = then
        for measure in IMAGE_MEANS:
            now, earlier = (
                week.means.get(measure),
                pooled_means([each.means.get(measure) for each in before]),
            )
            if now and earlier and has_moved(earlier, now):
                week.moved[measure] = earlier
    shown_from = monday - timedelta(weeks=weeks - 1)
    return [week for week in ordered if week.starts >= shown_from]


def _counted(version: ModelVersion, since: datetime) -> dict[date, Week]:
    weeks: dict[date, Week] = {}

    def week(row: dict[str, Any]) -> Week:
        starts = row["week"].date()
        return weeks.setdefault(starts, Week(starts))

    for row in _audits(version, since):
        week(row).counts.update({name: row[name] for name in ("done", "failed", "flagged")})
        week(row).means = _means(row)
    for row in _images(version, since):
        week(row).views[row["case__view"] or "unknown"] += row["n"]
        week(row).sources[row["case__source__slug"]] += row["n"]
    for row in _settlements(version, since):
        week(row).counts["settled"] += row["n"]
        if row["verdict"] == "dismissed":
            week(row).counts["dismissed"] += row["n"]
            week(row).reasons[row["reason"]] += row["n"]
    for row in _generations(version, since):
        week(row).counts["generations"] += row["n"]
        if row["outcome"] == "used":
            week(row).counts["used"] += row["n"]
    for row in _ledger(version, since):
        week(row).counts["ledger"] += row["n"]
    for row in _taken(version, since):
        week(row).counts["taken"] += row["n"]
    return weeks


def _means(row: dict[str, Any]) -> dict[str, Mean | None]:
    of = {"megapixels": (row["images"], 1e6), "brightness": (row["lit"], 1)}
    return {
        name: mean(row[f"{name}_mean"], row[f"{name}_deviation"], n, per=per)
        for name, (n, per) in of.items()
    }


def _mine(version: ModelVersion, prefix: str = "") -> Q:
    return Q(**{f"{prefix}{version.kind}": version})


def _by_week(rows: QuerySet[Any], column: str, *others: str) -> Iterable[dict[str, Any]]:
    grouped = rows.annotate(week=TruncWeek(column, tzinfo=UTC)).values("week", *others)
    counted: Iterable[dict[str, Any]] = grouped.order_by("week").annotate(n=Count("pk"))
    return counted


def _audits(version: ModelVersion, since: datetime) -> Iterable[dict[str, Any]]:
    rows: QuerySet[Any] = Audit.objects.filter(_mine(version), finished_at__gte=since)
    area = F("case__width") * F("case__height")
    done = Q(state=AuditState.DONE)
    flagged = Exists(Flag.objects.filter(audit=OuterRef("pk")))
    grouped = rows.annotate(week=TruncWeek("finished_at", tzinfo=UTC), is_flagged=flagged)
    counted: Any = grouped.values("week").order_by("week").annotate(
        done=Count("pk", filter=done),
        failed=Count("pk", filter=Q(state=AuditState.FAILED)),
        flagged=Count("pk", filter=done & Q(is_flagged=True)),
        images=Count("pk"),
        megapixels_mean=Avg(area),
        megapixels_deviation=StdDev(area, sample=True),
        lit=Count("case__brightness"),
        brightness_mean=Avg("case__brightness"),
        brightness_deviation=StdDev("case__brightness", sample=True),
    )  # fmt: skip
    yield from counted


def _images(version: ModelVersion, since: datetime) -> Iterable[dict[str, Any]]:
    rows = Audit.objects.filter(_mine(version), finished_at__gte=since)
    return _by_week(rows, "finished_at", "case__view", "case__source__slug")


def _settlements(version: ModelVersion, since: datetime) -> Iterable[dict[str, Any]]:
    """Flags that were settled, by the week in which the version raised them."""
    rows = (
        standing_settlements()
        .filter(_mine(version, "flag__audit__"), flag__audit__finished_at__gte=since)
        .exclude(verdict="indeterminate")
    )
    return _by_week(rows, "flag__audit__finished_at", "verdict", "reason")


def _generations(version: ModelVersion, since: datetime) -> Iterable[dict[str, Any]]:
    rows = Generation.objects.filter(model=version, created_at__gte=since)
    return _by_week(rows, "created_at", "outcome")


def _ledger(version: ModelVersion, since: datetime) -> Iterable[dict[str, Any]]:
    rows = LedgerRow.objects.filter(
        _mine(version, "audit__"), step=_STEP[version.kind], audit__finished_at__gte=since
    )
    return _by_week(rows, "audit__finished_at")


def _taken(version: ModelVersion, since: datetime) -> Iterable[dict[str, Any]]:
    """What it said and could be used: findings of a grounder, mentions of a parser."""
    rows: QuerySet[Any] = Mention.objects.all()
    if version.kind == BackendKind.GROUNDER:
        rows = Finding.objects.filter(below=False)
    rows = rows.filter(_mine(version, "audit__"), audit__finished_at__gte=since)
    return _by_week(rows, "audit__finished_at")


_STEP = {
    BackendKind.GROUNDER.value: StepName.GROUNDING.value,
    BackendKind.PARSER.value: StepName.PARSING.value,
}
