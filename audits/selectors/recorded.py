"""Reading recorded findings."""

from django.db.models import QuerySet

from audits.models import Case, ReadingKind, RecordedReading, User
from audits.selectors.cases import visible_cases


def visible_readings(user: User) -> QuerySet[RecordedReading]:
    return RecordedReading.objects.filter(case__in=visible_cases(user))


def readings_of(*, case: Case, kind: ReadingKind | None = None) -> list[RecordedReading]:
    """What counts of a case: the newest reading of each reader and kind, in order of reader."""
    found = RecordedReading.objects.filter(case=case)
    if kind is not None:
        found = found.filter(kind=kind.value)
    newest = found.order_by("kind", "reader_hash", "-created_at", "-id")
    return list(newest.distinct("kind", "reader_hash"))
