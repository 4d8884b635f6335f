"""The alert rule: a week whose rate lies apart from the weeks before leaves a note, once."""

from datetime import date, timedelta

from django.db import transaction

from audits.models import ModelAlert, ModelVersion
from audits.selectors.watching import Week, weeks_of
from audits.services.log import record
from inference.metrics.drift import Rate

WORDS = {
    "flagged": "audits with a flag",
    "dismissed": "settled flags that were dismissed",
    "schema_valid": "answers used as they came",
    "dropped": "statements that could not be used",
    "failed": "audits that failed",
}


def models_watch(*, today: date) -> int:
    """Write the notes that are due for the last whole week and this one; how many were new.

    Run as often as you like, by several at once too: a week's measure has one note.
    """
    made = 0
    since = today - timedelta(days=today.weekday() + 7)
    for version in ModelVersion.objects.order_by("created_at"):
        for week in weeks_of(version, weeks=2, today=today):
            if week.starts >= since:
                made += sum(_note(version, week, name, then) for name, then in week.moved.items())
    return made


@transaction.atomic
def _note(version: ModelVersion, week: Week, measure: str, before: Rate) -> bool:
    now = week.rate(measure)
    alert, created = ModelAlert.objects.get_or_create(
        model=version,
        week=week.starts,
        measure=measure,
        defaults={
            "now": now.as_dict(),
            "before": before.as_dict(),
            "text": _sentence(version, week, measure, before),
        },
    )
    if created:
        data = {"measure": measure, "week": week.name, "model": str(version.pk)}
        record(actor=None, action="model_alert.written", target=alert, data=data)
    return created


def _sentence(version: ModelVersion, week: Week, measure: str, before: Rate) -> str:
    return (
        f"{version}, {week.name}: {WORDS[measure]} are {_told(week.rate(measure))}, "
        f"in the weeks before {_told(before)}. Look at what changed: the images, their source, "
        "or the model."
    )


def _told(rate: Rate) -> str:
    if rate.value is None or rate.low is None or rate.high is None:
        return "unknown"
    return f"{rate.value:.0%} ({rate.low:.0%} to {rate.high:.0%}, n = {rate.n})"
