"""The alert rule: a week of which a figure lies apart from the weeks before leaves a note, once."""

from datetime import date, timedelta

from django.db import transaction

from audits.models import ModelAlert, ModelVersion
from audits.selectors.watching import IMAGE_MEANS, Week, weeks_of
from audits.services.log import record
from inference.metrics.drift import Mean, Rate

Figure = Rate | Mean

WORDS = {
    "flagged": "audits with a flag",
    "dismissed": "settled flags that were dismissed",
    "schema_valid": "answers used as they came",
    "dropped": "statements that could not be used",
    "failed": "audits that failed",
    "megapixels": "the mean size of an image in megapixels",
    "brightness": "the brightness of an image (0 to 1)",
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
def _note(version: ModelVersion, week: Week, measure: str, before: Figure) -> bool:
    now = week.figure(measure)
    assert now is not None, "a figure that moved is there"
    alert, created = ModelAlert.objects.get_or_create(
        model=version,
        week=week.starts,
        measure=measure,
        defaults={
            "now": now.as_dict(),
            "before": before.as_dict(),
            "text": _sentence(version, week, measure, now, before),
        },
    )
    if created:
        data = {"measure": measure, "week": week.name, "model": str(version.pk)}
        record(actor=None, action="model_alert.written", target=alert, data=data)
    return created


def _sentence(version: ModelVersion, week: Week, measure: str, now: Figure, before: Figure) -> str:
    of_images = measure in IMAGE_MEANS
    told = _told if of_images else _told_in_percent
    return (
        f"{version}, {week.name}: {WORDS[measure]} {'is' if of_images else 'are'} {told(now)}, "
        f"in the weeks before {told(before)}. Look at what changed: the images, their source, "
        "or the model."
    )


def _told_in_percent(figure: Figure) -> str:
    return _in_words(figure, ".0%")


def _told(figure: Figure) -> str:
    return _in_words(figure, ".2f")


def _in_words(figure: Figure, digits: str) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "unknown"
    value, low, high = (format(each, digits) for each in (figure.value, figure.low, figure.high))
    return f"{value} ({low} to {high}, n = {figure.n})"
