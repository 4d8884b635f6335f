"""Lists: the same number of queries for one row and for thirty, and pages that do not slip."""

import base64
import json
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from audits.models import Audit, User
from audits.selectors.stats import count_again
from audits.services import dispatch
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_queue, make_user

pytestmark = pytest.mark.django_db

LISTS = (
    "audits",
    "cases",
    "sources",
    "models",
    "queues",
    "releases",
    "audit-log",
    "webhooks",
    "me/tokens",
    "people",
    "sign-in-locks",
)


def queries(client: APIClient, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/api/v1/{path}").status_code == 200
    return len(captured)


def make_rows(count: int) -> list[Audit]:
    audits = [make_audit(flags=(("MISSING", "cardiomegaly"),)) for _ in range(count)]
    make_queue(*audits)
    return audits


def test_queries_do_not_grow_with_rows(administrator: User) -> None:
    client = client_of(administrator)
    make_rows(1)
    before = {name: queries(client, name) for name in LISTS}
    make_rows(29)
    assert {name: queries(client, name) for name in LISTS} == before
    most = max(before.values())
    assert most <= 12, before  # the models: one for each thing counted, and who is current


def pages(client: APIClient, url: str) -> list[list[dict[str, Any]]]:
    found = []
    following: str | None = url
    while following:
        body = client.get(following).json()
        found.append(body["results"])
        following = body["next"]
    return found


@pytest.mark.parametrize("order", ["newest", "oldest", "urgent"])
def test_pages_hold_every_row_once_in_order(api: APIClient, order: str) -> None:
    audits = {str(audit.pk) for audit in make_rows(7)}
    found = pages(api, f"/api/v1/audits?order={order}&limit=3")
    assert [len(page) for page in found] == [3, 3, 1]
    rows = [row for page in found for row in page]
    assert {row["id"] for row in rows} == audits
    times = [row["created_at"] for row in rows]
    assert times == sorted(times, reverse=order != "oldest")


def test_pages_stand_still_while_rows_come_in(api: APIClient) -> None:
    make_rows(4)
    first = api.get("/api/v1/audits?limit=2").json()
    newcomers = {str(audit.pk) for audit in make_rows(3)}
    second = api.get(first["next"]).json()
    shown = [row["id"] for row in (*first["results"], *second["results"])]
    assert len(set(shown)) == 4 and not newcomers & set(shown)
    assert second["next"] is None
    back = api.get(second["previous"]).json()
    assert back["results"] == first["results"]
    newest = api.get(back["previous"]).json()
    assert {row["id"] for row in newest["results"]} <= newcomers


def test_same_moment_does_not_hide_rows(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    audits = make_rows(5)
    rows = [row["id"] for page in pages(api, "/api/v1/audits?limit=2") for row in page]
    assert sorted(rows) == sorted(str(audit.pk) for audit in audits)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=1e3",
        "cursor=x",
        "cursor=WzFd",
        "cursor=%00",
        "cursor=bnVsbA",
        "state=finished",
        "label=atelectasis",
        "kind=ODD",
        "order=random",
        "q=%00",
    ],
)
def test_senseless_query_is_refused_by_name(api: APIClient, query: str) -> None:
    answer = api.get(f"/api/v1/audits?{query}")
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [query.partition("=")[0]]


def test_cursor_of_another_list_is_refused(api: APIClient) -> None:
    make_rows(3)
    following = api.get("/api/v1/audits?order=urgent&limit=1").json()["next"]
    assert api.get(following).status_code == 200
    assert api.get(following.replace("order=urgent", "order=newest")).status_code == 400


def test_filters(curator: User) -> None:
    api = client_of(curator)
    omitted = make_audit(flags=(("MISSING", "pneumothorax"),), draft="Clear lungs.")
    urgent = make_audit(flags=(("URGENT", "pneumothorax"), ("MISSING", "nodule_mass")))
    other = make_audit(flags=(), source="nih-cxr14")

    def found(query: str) -> set[uuid.UUID]:
        rows = api.get(f"/api/v1/audits?{query}").json()["results"]
        return {uuid.UUID(row["id"]) for row in rows}

    assert found("") == found("state=done") == {omitted.pk, urgent.pk, other.pk}
    assert found("state=failed") == set()
    assert found("label=pneumothorax") == {omitted.pk, urgent.pk}
    assert found("kind=MISSING") == {omitted.pk, urgent.pk}
    assert found("kind=MISSING&label=pneumothorax") == {omitted.pk}
    assert found("source=nih-cxr14") == {other.pk}
    assert found("q=clear%20LUNGS") == {omitted.pk}
    assert found(f"q={other.case.code}") == {other.pk}


def test_row_of_the_worklist(api: APIClient) -> None:
    audit = make_audit(
        flags=(("MISSING", "cardiomegaly"), ("URGENT", "pneumothorax")), draft="x" * 500
    )
    make_queue(audit, reads_per_item=2)
    (row,) = api.get("/api/v1/audits").json()["results"]
    assert row["flag_counts"] == {"URGENT": 1, "MISSING": 1, "UNSUPPORTED": 0}
    assert row["top_flag"]["kind"] == "URGENT" and row["top_flag"]["reported"] is False
    assert row["reads"] == {"needed": 2, "submitted": 0, "reading": 0}
    assert len(row["draft_excerpt"]) == 160 and row["step"] is None and row["failure"] is None
    assert row["case"]["code"] == audit.case.code


def test_stats_count_what_is_there(api: APIClient) -> None:
    make_queue(make_audit(flags=(("MISSING", "pneumothorax"), ("URGENT", "pneumothorax"))))
    stats = api.get("/api/v1/stats").json()
    assert stats["cases"] == 1 and stats["audits"]["done"] == 1
    assert stats["flags"] == {"MISSING": 1, "UNSUPPORTED": 0, "URGENT": 1}
    assert stats["labels"]["pneumothorax"] == 2
    (grounder, parser) = sorted(
        api.get("/api/v1/models").json()["results"], key=lambda model: model["kind"]
    )
    assert grounder["kind"] == "grounder" and grounder["counts"] == {"done": 1, "failed": 0}
    assert parser["counts"]["done"] == 1


def test_old_counts_are_shown_and_renewed_by_a_worker(
    api: APIClient,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    sent: list[tuple[str, list[Any]]] = []
    monkeypatch.setattr("audits.selectors.kept.MUCH", -2)
    monkeypatch.setattr(
        dispatch.current_app, "send_task", lambda name, args, **_: sent.append((name, args))
    )
    cache.clear()
    make_queue(make_audit())

    def ask() -> list[Any]:
        with django_capture_on_commit_callbacks(execute=True):
            models = api.get("/api/v1/models").json()["results"]
            return [api.get("/api/v1/stats").json(), models]

    first = ask()
    assert not sent, "what was never counted is counted at once"
    monkeypatch.setattr("audits.selectors.kept.FRESH", timedelta())  # what is kept is old now
    make_queue(make_audit())
    assert ask() == first and ask() == first
    assert len(sent) == 2, "one renewal of each, however many ask"
    for name, arguments in sent:
        current_app.tasks[name](*arguments)
    stats, models = ask()
    assert stats["cases"] == first[0]["cases"] + 1
    assert stats["counted_at"] > first[0]["counted_at"]
    assert [one["counts"]["done"] for one in models] == [2, 2]
    assert len(sent) == 4, "and that is renewed in its turn"


def test_counts_are_of_the_role_that_asks(
    api: APIClient, curator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audits.selectors.kept.MUCH", -2)
    cache.clear()
    make_audit()
    assert client_of(curator).get("/api/v1/stats").json()["cases"] == 1
    User.objects.filter(pk=curator.pk).update(is_curator=False)
    curator.refresh_from_db()
    assert client_of(curator).get("/api/v1/stats").json()["cases"] == 0
    count_again("platform", [str(curator.pk), "curator"])
    curator.is_curator = True
    curator.save()
    assert client_of(curator).get("/api/v1/stats").json()["cases"] == 1


def test_a_large_site_keeps_its_counts_for_a_minute_for_each_person(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_queue(make_audit())
    before = api.get("/api/v1/stats").json()
    monkeypatch.setattr("audits.selectors.kept.MUCH", -2)
    cache.clear()
    first = api.get("/api/v1/stats").json()
    models = api.get("/api/v1/models").json()["results"]
    assert first["cases"] == before["cases"] and first["counted_at"] > before["counted_at"]
    make_queue(make_audit())
    assert api.get("/api/v1/stats").json() == first
    assert api.get("/api/v1/models").json()["results"] == models
    # What was counted for one person is shown to nobody else.
    other = client_of(make_user("other")).get("/api/v1/stats").json()
    assert other["cases"] == first["cases"] + 1 and other["counted_at"] > first["counted_at"]
    cache.clear()
    assert api.get("/api/v1/stats").json()["cases"] == first["cases"] + 1


@pytest.mark.parametrize("slug", ["a\0b", "\ud800", 5, None, ["x"], "x" * 10_000])
def test_forged_cursor_breaks_nothing(api: APIClient, slug: Any) -> None:
    packed = base64.urlsafe_b64encode(json.dumps([0, slug]).encode()).decode()
    assert api.get("/api/v1/sources", {"cursor": packed}).status_code in (200, 400)
