"""From upload to flags through a real worker: happily, with a broken model, and over a kill -9."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.models import AuditLogEntry, AuditStep, Flag, ReviewSlot, User
from audits.services.webhooks import webhook_create
from inference.regions import place_of
from inference.vocabulary import Label
from tests.audits.pictures import (
    BREAK,
    GIVE_UP,
    WAIT,
    WAITING_ROOM,
    picture,
)
from tests.audits.receiver import Receiver
from tests.audits.waiting import until
from tests.audits.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)

DRAFT = "No pneumothorax. Heart size normal. Small left pleural effusion."


def upload(api: APIClient, image: bytes, draft: str = DRAFT) -> str:
    """Post a case; the id of its audit."""
    file = SimpleUploadedFile("JOHN_DOE_1.png", image, "image/png")
    answer = api.post("/api/v1/cases", {"image": file, "draft": draft}, format="multipart")
    assert answer.status_code == 201, answer.content
    return str(answer.json()["audit"]["id"])


def ended(api: APIClient, audit: str, worker: Worker) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        body: dict[str, Any] = api.get(f"/api/v1/audits/{audit}").json()
        return body if body["state"] in ("done", "failed", "cancelled") else None

    return until(look, "the audit's end", or_say=worker.log)


def log_of(audit: str) -> list[str]:
    entries = AuditLogEntry.objects.filter(object_id=audit).order_by("at", "id")
    return [entry.action for entry in entries]


@contextmanager
def waiting_room() -> Iterator[None]:
    """Holds up every grounder that was ordered to wait."""
    made = connection.get_connection_params()
    with psycopg.connect(
        host=made["host"],
        port=made["port"],
        user=made["user"],
        password=made.get("password"),
        dbname=made["dbname"],
        autocommit=True,
    ) as database:
        database.execute("SELECT pg_advisory_lock(%s)", [WAITING_ROOM])
        yield


def test_upload_becomes_flags(api: APIClient, worker: Worker) -> None:
    audit = upload(api, picture(Label.PNEUMOTHORAX, Label.CARDIOMEGALY))
    body = ended(api, audit, worker)

    assert body["state"] == "done", body["failure"]
    flags = [(flag["kind"], flag["label"], flag["reason"]) for flag in body["flags"]]
    assert flags == [
        ("UNSUPPORTED", "pleural_effusion", None),
        ("MISSING", "pneumothorax", "denied"),
        ("URGENT", "pneumothorax", None),
        ("MISSING", "cardiomegaly", "denied"),
    ]
    urgent = body["flags"][2]
    assert urgent["reported"] is False and urgent["urgency"]["tier"] == 1
    assert [finding["label"] for finding in body["findings"]] == ["pneumothorax", "cardiomegaly"]
    assert list(body["scores"]) == ["pneumothorax", "cardiomegaly"]
    assert urgent["boxes"] == [body["findings"][0]["box"]]
    assert all(
        finding["region"] == place_of(tuple(finding["box"]), body["measurements"])
        and finding["region"] is not None
        for finding in body["findings"]
    )
    for mention in body["mentions"]:
        assert DRAFT[mention["start"] : mention["end"]] == mention["text"]
    assert body["claims"] and body["score"] is not None
    assert body["grounder"]["name"] == "squares" and body["parser"]["name"] == "rules"
    assert all(ms is not None for ms in body["ms"].values())
    assert ReviewSlot.objects.filter(item__audit_id=audit).exists()
    assert log_of(audit).count("audit.done") == 1


def test_broken_model_is_a_failed_audit_with_the_mentions(api: APIClient, worker: Worker) -> None:
    audits = [upload(api, picture(order=order, seed=order)) for order in (BREAK, GIVE_UP)]
    for audit, reason in zip(audits, ("out of memory", "uniform"), strict=True):
        body = ended(api, audit, worker)
        assert body["state"] == "failed"
        assert body["failure"]["step"] == "grounding" and reason in body["failure"]["message"]
        assert body["flags"] == body["findings"] == body["claims"] == []
        assert body["score"] is None and body["image_labels"] is None
        assert len(body["mentions"]) == 3

    retried = api.post(f"/api/v1/audits/{audits[1]}/retry")
    assert (retried.status_code, retried.json()["state"]) == (200, "queued")
    again = ended(api, audits[1], worker)
    assert (again["state"], again["attempt"]) == ("failed", 2)
    assert [row["attempt"] for row in again["ledger"]] == [1, 2]
    assert len(again["mentions"]) == 3


def test_worker_tells_webhooks_of_both_ends(
    api: APIClient, worker: Worker, settings: Settings, administrator: User
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True
    with Receiver(statuses=[]) as receiver:
        webhook_create(actor=administrator, url=receiver.url, events=["audit.done", "audit.failed"])
        audits = [upload(api, picture(order=order, seed=order)) for order in (0, BREAK)]
        until(lambda: len(receiver.got) == 2, "both messages", or_say=worker.log)
        told = [json.loads(message.body) for message in receiver.got]
    assert {(each["event"], each["target"]["id"]) for each in told} == {
        ("audit.done", audits[0]),
        ("audit.failed", audits[1]),
    }
    assert [each["data"].get("code") for each in told if each["event"] == "audit.failed"] == [
        "grounding_failed"
    ]


def test_killed_worker_leaves_an_audit_that_is_finished_once(
    api: APIClient, worker: Worker, hire: Callable[[], Worker]
) -> None:
    with waiting_room():
        audit = upload(api, picture(Label.PNEUMOTHORAX, order=WAIT))
        step = AuditStep.objects.filter(audit=audit, name="grounding", state="running")
        until(step.first, "grounding to begin", or_say=worker.log)
        worker.kill()
    body = ended(api, audit, hire())

    assert body["state"] == "done"
    assert log_of(audit).count("audit.done") == 1
    assert Flag.objects.filter(audit_id=audit, kind="URGENT").count() == 1
    assert len(body["findings"]) == 1
    assert AuditStep.objects.get(audit=audit, name="grounding").claims == 2


def test_cancelled_audit_takes_no_late_result(api: APIClient, worker: Worker) -> None:
    with waiting_room():
        audit = upload(api, picture(Label.PNEUMOTHORAX, order=WAIT))
        step = AuditStep.objects.filter(audit=audit, name="grounding", state="running")
        until(step.first, "grounding to begin", or_say=worker.log)
        assert api.post(f"/api/v1/audits/{audit}/cancel").json()["state"] == "cancelled"
    until(lambda: "came too late" in worker.log(), "the late result", or_say=worker.log)
    body = api.get(f"/api/v1/audits/{audit}").json()
    assert (body["state"], body["findings"], body["flags"]) == ("cancelled", [], [])

    once_more = api.post(f"/api/v1/cases/{body['case']['id']}/audits", {"draft": DRAFT})
    assert once_more.status_code == 201
    assert once_more.json()["id"] != audit
    assert ended(api, once_more.json()["id"], worker)["state"] == "done"
