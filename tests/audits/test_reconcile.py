"""What lost its message or its worker is found and sent again, and nothing else is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from kombu.exceptions import OperationalError
from rest_framework.test import APIClient

from audits.models import Audit, AuditStep, Priority, StepName
from audits.services import dispatch, reconcile
from audits.services.audits import audit_cancel
from audits.services.steps import step_claim
from tests.audits.pictures import picture
from tests.audits.stored import expire, long_ago, started, work

pytestmark = pytest.mark.django_db

GROUNDING, PARSING, COMPARING = StepName
Sent = list[tuple[str, int]]
NOTHING_WAITS = [(queue, priority.value) for queue in ("cpu", "gpu") for priority in Priority]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What is sent, once it is sent; nothing waits in any queue."""
    messages: Sent = []

    def publish(task: str, arguments: list[Any], options: object) -> None:
        messages.append((task.rpartition(".")[2], arguments[1]))

    monkeypatch.setattr(dispatch, "_publish", publish)
    monkeypatch.setattr(reconcile, "empty_queues", lambda: NOTHING_WAITS)
    return messages


@pytest.fixture
def look(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[[], int]:
    """One look of the reconciler, with what it sends on commit."""

    def once() -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return reconcile.audits_reconcile()

    return once


def test_fresh_messages_are_left_alone(sent: Sent, look: Callable[[], int]) -> None:
    started()
    assert look() == 0 and sent == []


def test_lost_message_is_sent_again(sent: Sent, look: Callable[[], int]) -> None:
    audit = started()
    long_ago(audit)
    assert look() == 2
    assert sorted(sent) == [("ground_audit", 1), ("parse_audit", 1)]
    assert look() == 0


def test_lost_comparison_is_sent_again(sent: Sent, look: Callable[[], int]) -> None:
    audit = work(started(), GROUNDING, PARSING)
    long_ago(audit)
    assert look() == 1
    assert sent == [("compare_audit", 1)]


def test_abandoned_step_is_sent_again_and_a_living_one_is_not(
    sent: Sent, look: Callable[[], int]
) -> None:
    audit = work(started(), PARSING)
    assert step_claim(audit_id=audit.pk, step=GROUNDING, attempt=1)
    long_ago(audit)
    assert look() == 0
    expire(audit, GROUNDING)
    assert look() == 1
    assert sent == [("ground_audit", 1)]


def test_ended_audits_are_left_alone(sent: Sent, look: Callable[[], int]) -> None:
    for audit in (work(started(seed=1)), audit_cancel(audit=started(seed=2), actor=None)):
        long_ago(audit)
    assert look() == 0


def test_long_queue_is_not_flooded(
    sent: Sent, look: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "empty_queues", list)
    audit = started()
    AuditStep.objects.filter(audit=audit).exclude(name="comparing").update(
        sent_at=timezone.now() - timedelta(minutes=1)
    )
    assert look() == 0
    long_ago(audit)
    assert look() == 2


def test_dead_broker_delays_an_audit_and_loses_nothing(
    api: APIClient,
    look: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    def hang_up(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr(dispatch.current_app, "send_task", hang_up)
        image = SimpleUploadedFile("image.png", picture(seed=40))
        answer = api.post("/api/v1/cases", {"image": image}, format="multipart")
    assert answer.status_code == 201
    audit = Audit.objects.get(pk=answer.json()["audit"]["id"])
    long_ago(audit)
    monkeypatch.setattr(reconcile, "empty_queues", lambda: NOTHING_WAITS)
    sent: list[str] = []
    monkeypatch.setattr(dispatch, "_publish", lambda task, *_: sent.append(task))
    assert look() == 2 and len(sent) == 2
