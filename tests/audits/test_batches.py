"""Batches: a selection audited in the background, once, whatever happens in between."""

import asyncio
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import AsyncClient
from django.utils import timezone
from rest_framework.test import APIClient

from audits.errors import Conflict, ServiceError
from audits.models import Audit, Batch, BatchItem, Draft, User
from audits.selectors.batches import batch_progress, batch_state
from audits.services import batches
from audits.services.audits import audit_start
from audits.services.batches import (
    Selection,
    batch_cancel,
    batch_create,
    batch_go_on,
    batches_reconcile,
)
from audits.services.cases import NewCase, case_submit
from tests.audits.conftest import client_of
from tests.audits.pictures import BREAK, picture
from tests.audits.stored import entries, work
from tests.audits.test_races import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_else")]


def store(count: int, *, first: int = 0, order: int = 0) -> list[Draft]:
    """So many cases, each with a draft that has no audit."""
    audits = []
    for seed in range(first, first + count):
        new = NewCase(image=picture(seed=seed, order=order), draft=f"Draft {seed}.")
        audits.append(case_submit(new=new, actor=None))
    drafts = [audit.draft for audit in audits]
    Audit.objects.filter(pk__in=[audit.pk for audit in audits]).delete()
    return drafts


def everything(**how: Any) -> Batch:
    return batch_create(selection=Selection(), actor=None, **how)


def progress(batch: Batch) -> dict[str, Any]:
    return batch_progress([batch])[batch.pk]


def work_all() -> None:
    for audit in Audit.objects.filter(state="queued"):
        work(audit)


@pytest.fixture
def staff(administrator: User) -> APIClient:
    return client_of(administrator)


def test_selection_becomes_audits(staff: APIClient) -> None:
    store(3)
    answer = staff.post("/api/v1/batches", {"source": "upload"})
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["state"] == "starting" and body["progress"]["unstarted"] == 3
    assert body["selection"] == {"source": "upload", "latest_draft_only": True}
    batch_go_on(batch_id=body["id"])
    body = staff.get(body["url"]).json()
    assert (body["state"], body["progress"]["queued"], body["progress"]["left"]) == (
        "running",
        3,
        3,
    )
    assert set(Audit.objects.values_list("priority", flat=True)) == {"batch"}
    work(Audit.objects.all()[0])
    counts = staff.get(body["url"]).json()["progress"]
    assert (counts["done"], counts["left"]) == (1, 2)
    assert counts["eta_seconds"] is not None and counts["rate_per_minute"] > 0
    work_all()
    (listed,) = staff.get("/api/v1/batches").json()["results"]
    assert listed["state"] == "done" and listed["progress"]["done"] == 3
    assert listed["progress"]["eta_seconds"] is None and listed["requested_by"] == "root"
    (draft, *_) = Draft.objects.order_by("created_at")
    (item, *_) = staff.get(f"{body['url']}/items?state=done").json()["results"]
    assert item["draft"] == str(draft.pk) and item["code"] == ""


def test_parts_of_a_selection() -> None:
    drafts = store(4)
    newer = Draft.objects.create(case=drafts[0].case, text="Newer.", sha256="1" * 64)
    source = drafts[0].case.source.slug

    def chosen(**parts: Any) -> set[Any]:
        batch = batch_create(selection=Selection(**parts), actor=None)
        return set(batch.items.values_list("draft_id", flat=True))

    newest = {newer.pk, *(draft.pk for draft in drafts[1:])}
    assert chosen() == chosen(source=source) == newest
    assert chosen(latest_draft_only=False) == newest | {drafts[0].pk}
    assert chosen(drafts=(drafts[0].pk,)) == {drafts[0].pk}
    assert chosen(cases=(drafts[2].case_id,)) == {drafts[2].pk}
    assert len(chosen(limit=2)) == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"source": "nowhere"}, "selection"),
        ({"grounder": "nobody"}, "grounder"),
        ({"parser": "nobody"}, "parser"),
        ({"cases": ["x"]}, "cases.0"),
        ({"limit": -1}, "limit"),
    ],
)
def test_senseless_batch_is_refused_by_name(
    staff: APIClient, body: dict[str, Any], field: str
) -> None:
    store(1)
    answer = staff.post("/api/v1/batches", body)
    assert answer.status_code == 400 and list(answer.json()["error"]["fields"]) == [field]
    assert not Batch.objects.exists()


def test_what_is_there_is_kept_and_counted() -> None:
    first, _ = store(2)
    done = work(audit_start(draft=first, actor=None))
    batch = everything()
    for _ in range(2):
        batch_go_on(batch_id=batch.pk)
    items = list(batch.items.values_list("audit_id", "is_new"))
    assert items[0] == (done.pk, False) and items[1][1] is True
    assert Audit.objects.count() == 2 and progress(batch)["done"] == 1
    assert everything().pk != batch.pk


def test_dies_in_the_middle_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    store(5)
    batch = everything()
    monkeypatch.setattr(batches, "AT_A_TIME", 2)
    batch_go_on(batch_id=batch.pk)
    assert progress(batch)["unstarted"] == 3 and batches_reconcile() == 0
    Batch.objects.update(sent_at=timezone.now() - 2 * batches.LOST_AFTER)
    assert batches_reconcile() == 1 and batches_reconcile() == 0
    for _ in range(3):
        batch_go_on(batch_id=batch.pk)
    assert progress(batch)["queued"] == Audit.objects.count() == 5
    Batch.objects.update(sent_at=timezone.now() - 2 * batches.LOST_AFTER)
    assert batches_reconcile() == 0


@pytest.mark.django_db(transaction=True)
def test_started_by_many_at_once() -> None:
    store(6)
    one, other = everything(), everything()
    jobs = [lambda key=key: batch_go_on(batch_id=key) for key in (one.pk, other.pk) * 2]  # type: ignore[misc]
    assert together(*jobs) == []
    assert Audit.objects.count() == 6
    assert BatchItem.objects.filter(audit__isnull=False).count() == 12
    assert BatchItem.objects.filter(is_new=True).count() == 6


@pytest.mark.django_db(transaction=True)
def test_cancelled_while_it_starts() -> None:
    store(6)
    batch = everything()
    together(lambda: batch_go_on(batch_id=batch.pk), lambda: batch_cancel(batch=batch, actor=None))
    batch_go_on(batch_id=batch.pk)
    counts = progress(batch)
    assert (counts["cancelled"], counts["left"]) == (6, 0)


def test_cancel_stops_what_nobody_else_wants() -> None:
    shared, asked, own, finished = store(4)
    batch = everything()
    batch_go_on(batch_id=batch.pk)
    other = batch_create(selection=Selection(drafts=(shared.pk,)), actor=None)
    batch_go_on(batch_id=other.pk)
    audit_start(draft=asked, actor=None)
    work(Audit.objects.get(draft=finished))
    batch_cancel(batch=batch, actor=None)
    with pytest.raises(Conflict):
        batch_cancel(batch=batch, actor=None)
    batch_go_on(batch_id=batch.pk)
    states = {audit.draft_id: audit.state for audit in Audit.objects.all()}
    assert states == {
        shared.pk: "queued", asked.pk: "queued", own.pk: "cancelled", finished.pk: "done",
    }  # fmt: skip
    batch.refresh_from_db()
    assert batch_state(batch, progress(batch)) == "cancelled"
    assert entries(Audit.objects.get(draft=own), "audit.cancelled") == 1


def test_refused_item_is_told_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, staff: APIClient
) -> None:
    bad, odd, _ = store(3)
    audit_of = batches.audit_of

    def refuse(*, draft: Draft, **how: Any) -> tuple[Audit, bool]:
        if draft == bad:
            raise ServiceError("withdrawn", "This case was withdrawn.")
        if draft == odd:
            raise ZeroDivisionError
        return audit_of(draft=draft, **how)

    monkeypatch.setattr(batches, "audit_of", refuse)
    batch = everything()
    batch_go_on(batch_id=batch.pk)
    assert (progress(batch)["refused"], progress(batch)["queued"]) == (2, 1)
    Batch.objects.update(requested_by=User.objects.get(username="root"))
    rows = staff.get(f"/api/v1/batches/{batch.pk}/items?state=refused").json()["results"]
    assert [row["code"] for row in rows] == ["withdrawn", "internal_error"]
    assert rows[0]["message"] == "This case was withdrawn."


def test_failed_audits_are_retried(staff: APIClient) -> None:
    store(2, order=BREAK)
    batch = everything()
    batch_go_on(batch_id=batch.pk)
    work_all()
    assert progress(batch)["failed"] == 2
    body = staff.post(f"/api/v1/batches/{batch.pk}/retry").json()
    assert (body["progress"]["failed"], body["progress"]["queued"]) == (0, 2)
    work_all()
    again = everything(retry_failed=True)
    batch_go_on(batch_id=again.pk)
    assert progress(again)["queued"] == 2
    assert set(Audit.objects.values_list("attempt", flat=True)) == {3}


def test_readers_have_no_part_in_it(api: APIClient) -> None:
    store(1)
    batch = everything()
    assert api.post("/api/v1/batches", {}).status_code == 403
    assert api.get(f"/api/v1/batches/{batch.pk}").status_code == 403
    assert api.post(f"/api/v1/batches/{batch.pk}/cancel").status_code == 403
    assert Batch.objects.get().cancelled_at is None


@pytest.mark.django_db(transaction=True)
def test_stream_tells_the_way_to_the_end(administrator: User, reader: User) -> None:
    store(2)
    batch = everything()
    batch_go_on(batch_id=batch.pk)
    path = f"/api/v1/batches/{batch.pk}/events"

    async def heard() -> list[dict[str, Any]]:
        browser = AsyncClient()
        await browser.aforce_login(administrator)
        answer = await browser.get(path)
        assert isinstance(answer, StreamingHttpResponse), answer.content
        found = []
        async for piece in aiter(answer):
            if "event: batch" in (text := piece.decode()):
                found.append(json.loads(text.split("data: ")[1]))
                await asyncio.to_thread(work_one)
        return found

    def work_one() -> None:
        audit = Audit.objects.filter(state="queued").first()
        if audit:
            work(audit)
        connection.close()

    states = [(event["state"], event["progress"]["done"]) for event in asyncio.run(heard())]
    assert states == [("running", 0), ("running", 1), ("done", 2)]
    assert client_of(reader).get(path).status_code == 404


class TestCommand:
    def run(self, **options: Any) -> str:
        out = StringIO()
        call_command("run_audits", stdout=out, stderr=StringIO(), **options)
        return out.getvalue()

    def test_watches_to_the_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        store(1)
        store(1, first=9, order=BREAK)
        out = self.run(no_wait=True)
        batch = Batch.objects.get()
        assert out.strip() == f"2 audits are in batch {batch.pk}."
        batch_go_on(batch_id=batch.pk)
        work_all()
        with pytest.raises(CommandError, match="--retry-failed"):
            self.run(resume=batch.pk)

    def test_cancel_and_what_is_not_there(self) -> None:
        store(1)
        self.run(no_wait=True)
        batch = Batch.objects.get()
        assert self.run(cancel=batch.pk).strip() == "Cancelled."
        assert self.run(resume=batch.pk).strip() == "1 cancelled"
        for wrong in ({"cancel": batch.pk}, {"resume": "0" * 32}, {"grounder": "nobody"}):
            with pytest.raises(CommandError):
                self.run(**wrong)


def test_nothing_of_it_grows_with_its_items(
    staff: APIClient, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    store(4)
    for _ in range(3):
        everything()
    with django_assert_max_num_queries(8):
        assert len(staff.get("/api/v1/batches").json()["results"]) == 3
