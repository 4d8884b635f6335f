"""What a version does week by week, and the note that a moved rate leaves."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.models import (
    Audit,
    AuditLogEntry,
    Generation,
    LedgerRow,
    ModelAlert,
    ModelVersion,
    ReviewItem,
    Settlement,
    User,
)
from audits.selectors.watching import Week, weeks_of
from audits.services.watching import models_watch
from inference.metrics.drift import has_moved, mean, pooled_means, rate
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_queue

pytestmark = pytest.mark.django_db

API = "/api/v1"
TODAY = datetime.now(UTC).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
"""Of this week: what is settled bears the time of the test."""
WEEK = MONDAY.strftime("%G-W%V")
FLAG = (("MISSING", "pleural_effusion"),)


def audits_of(week: int, *, flagged: int, clear: int) -> list[Audit]:
    """Audits that ended so many weeks before `MONDAY`, with one flag or none."""
    ended = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC) - timedelta(weeks=week)
    kinds: list[tuple[tuple[str, str], ...]] = [FLAG] * flagged + [()] * clear
    return [make_audit(flags=flags, finished_at=ended) for flags in kinds]


def dismiss(audit: Audit, reason: str | None) -> None:
    item = ReviewItem.objects.get(queue=make_queue(audit), audit=audit)
    Settlement.objects.create(
        item=item,
        case=audit.case,
        label="pleural_effusion",
        flag=audit.flags.get(),
        basis="flag",
        rule="single_read",
        verdict="dismissed" if reason else "confirmed",
        reason=reason,
        finding_true=reason is None,
    )


@pytest.fixture
def model() -> ModelVersion:
    """Four weeks of a flag in one of four audits; this week in all but two."""
    for week in range(1, 5):
        audits_of(week, flagged=2, clear=6)
    audits_of(0, flagged=20, clear=2)
    return ModelVersion.objects.get(kind="grounder")


def test_weeks_count_what_a_version_did(curator: User, model: ModelVersion) -> None:
    now = Audit.objects.filter(finished_at__date__gte=MONDAY, flags__isnull=False)
    for audit, reason in zip(now[:4], ("not_on_image", "not_on_image", "wrong_label", None),
                             strict=True):  # fmt: skip
        dismiss(audit, reason)
    audit = now[0]
    for position, outcome in enumerate(("failed", "used")):
        Generation.objects.create(
            audit=audit, model=model, step="grounding", attempt=1, position=position,
            outcome=outcome, ms=1,
        )  # fmt: skip
    LedgerRow.objects.create(
        audit=audit, position=0, step="grounding", attempt=1, reason="unknown_label", raw="x"
    )
    assert Week(date(2026, 11, 23)).name == "2026-W48"
    this, *_ = reversed(weeks_of(model, weeks=12, today=MONDAY))
    assert (this.name, this.starts) == (WEEK, MONDAY)
    assert (this.counts["done"], this.counts["flagged"]) == (22, 20)
    assert this.rate("flagged").value == pytest.approx(20 / 22)
    assert this.rate("dismissed").value == 0.75
    assert this.reasons == {"not_on_image": 2, "wrong_label": 1}
    assert this.rate("dropped").value == 1.0
    assert this.sources == {"phantom": 22}
    size, light = this.means["megapixels"], this.means["brightness"]
    assert size is not None and size.n == 22 and light is None
    answer = client_of(curator).get(f"{API}/models/{model.pk}/weeks").json()["results"]
    assert [row["week"] for row in answer][-1] == WEEK
    assert answer[-1]["rates"]["flagged"]["n"] == 22
    assert answer[-1]["dismissed_by_reason"]["not_on_image"]["value"] == 0.5
    assert client_of(curator).get(f"{API}/models/{model.pk}/weeks?weeks=0").status_code == 400


def test_a_moved_rate_leaves_one_note(curator: User, model: ModelVersion) -> None:
    assert models_watch(today=MONDAY) == 2  # the grounder's, and the parser's of the same audits
    assert models_watch(today=MONDAY + timedelta(days=2)) == 0
    alert = ModelAlert.objects.get(model=model)
    assert (alert.measure, alert.week, alert.before["n"]) == ("flagged", MONDAY, 32)
    assert "91% (72% to 97%, n = 22)" in alert.text
    (row,) = client_of(curator).get(f"{API}/alerts?model={model.pk}").json()["results"]
    assert row["text"] == alert.text
    assert client_of(curator).get(f"{API}/alerts?model=x").status_code == 400
    assert AuditLogEntry.objects.filter(action="model_alert.written").count() == 2


def test_images_that_are_brighter_than_before_leave_a_note() -> None:
    for week, light in ((2, 0.40), (1, 0.41), (0, 0.65)):
        for number, audit in enumerate(audits_of(week, flagged=0, clear=22)):
            audit.case.brightness = light + 0.02 * (number % 6)
            audit.case.save()
    assert models_watch(today=MONDAY) == 2
    alert = ModelAlert.objects.filter(model__kind="grounder").get()
    assert (alert.measure, alert.before["n"]) == ("brightness", 44)
    assert "the brightness of an image (0 to 1) is 0.7" in alert.text


def test_means_pool_as_if_all_were_counted_together() -> None:
    values = np.array([3.0, 4.0, 9.0, 1.0, 1.5, 7.0, 2.0])
    parts = [values[:3], values[3:4], values[4:]]
    single = [mean(p.mean(), p.std(ddof=1) if len(p) > 1 else None, len(p)) for p in parts]
    both, whole = pooled_means([None, *single]), mean(values.mean(), values.std(ddof=1), 7)
    assert both is not None and whole is not None
    assert both.as_dict() == pytest.approx(whole.as_dict())
    assert pooled_means([None]) is None and mean(None, None, 0) is None


def test_a_rate_that_stays_leaves_none() -> None:
    for week in range(5):
        audits_of(week, flagged=5, clear=15)
    assert models_watch(today=MONDAY) == 0


def test_few_audits_say_nothing_however_far_apart() -> None:
    audits_of(1, flagged=0, clear=19)
    audits_of(0, flagged=19, clear=0)
    assert models_watch(today=MONDAY) == 0


@given(st.integers(0, 400), st.integers(0, 400))
def test_an_interval_holds_its_value_and_narrows(count: int, others: int) -> None:
    n = count + others
    if n == 0:
        assert rate(0, 0).value is None
        return
    one, ten = rate(count, n), rate(10 * count, 10 * n)
    assert one.low is not None and one.high is not None and one.value is not None
    assert ten.low is not None and ten.high is not None
    assert 0 <= one.low <= one.value <= one.high <= 1
    assert ten.high - ten.low < one.high - one.low
    assert not has_moved(one, one)
