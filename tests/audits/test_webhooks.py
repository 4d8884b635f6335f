"""Webhooks from the change to the receiver: an outbox, signatures, retries, replay."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.models import AuditLogEntry, User, Webhook, WebhookAttempt, WebhookDelivery
from audits.services import outbound
from audits.services.deliveries import PAUSES, deliver_to, deliveries_reconcile
from audits.services.leases import claim_slot
from audits.services.reads import save_decision, submit_read
from audits.services.webhooks import emit, secret_of
from tests.audits.conftest import client_of
from tests.audits.receiver import Receiver
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue
from tests.audits.test_races import together

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private(settings: Settings) -> None:
    """The receivers of these tests are on this machine."""
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as one:
        yield one


@pytest.fixture
def root(administrator: User) -> APIClient:
    return client_of(administrator)


def subscribe(root: APIClient, url: str, *events: str) -> dict[str, Any]:
    given = {"url": url, "events": list(events) or ["audit.done"]}
    answer = root.post("/api/v1/webhooks", given)
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def tell(root: APIClient, url: str, count: int = 1) -> Webhook:
    """A webhook with something to be told, due now."""
    webhook = Webhook.objects.get(pk=subscribe(root, url)["id"])
    with transaction.atomic():
        for _ in range(count):
            assert emit(event="audit.done", target=webhook, data={"attempt": 1}) == 1
    return webhook


def make_due() -> None:
    past = timezone.now() - timedelta(seconds=1)
    WebhookDelivery.objects.filter(state="waiting").update(next_at=past)


def deliveries(root: APIClient, webhook: Webhook, **asked: str) -> list[dict[str, Any]]:
    answer = root.get(f"/api/v1/webhooks/{webhook.pk}/deliveries", asked)
    assert answer.status_code == 200, answer.content
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_message_names_what_happened_to_what(root: APIClient, receiver: Receiver) -> None:
    webhook = tell(root, receiver.url)
    assert deliver_to(webhook_id=webhook.pk) == 1
    (message,) = receiver.got
    said = json.loads(message.body)
    assert said["event"] == message.headers["Overread-Event"] == "audit.done"
    assert said["id"] == message.headers["Overread-Delivery"]
    assert said["target"] == {"type": "webhook", "id": str(webhook.pk)}
    assert said["data"] == {"attempt": 1}


def test_signature_covers_the_moment_and_the_body(root: APIClient, receiver: Receiver) -> None:
    made = subscribe(root, receiver.url)
    with transaction.atomic():
        emit(event="audit.done", target=make_audit())
    deliver_to(webhook_id=uuid.UUID(made["id"]))
    (message,) = receiver.got
    moment = message.headers["Overread-Timestamp"]
    signed = f"{moment}.".encode() + message.body
    digest = hmac.new(made["secret"].encode(), signed, hashlib.sha256).hexdigest()
    assert message.headers["Overread-Signature"] == f"sha256={digest}"
    assert abs(timezone.now().timestamp() - int(moment)) < 3600


def test_secret_is_shown_once_kept_nowhere_and_renewed(root: APIClient) -> None:
    made = subscribe(root, "https://hook.example/")
    path = f"/api/v1/webhooks/{made['id']}"
    for shown in (root.get(path), root.get("/api/v1/webhooks"), root.patch(path, {})):
        assert made["secret"] not in shown.content.decode() and b"secret" not in shown.content
    webhook = Webhook.objects.get()
    assert made["secret"] == secret_of(webhook)
    assert made["secret"].removeprefix("whsec_") not in str(vars(webhook))
    renewed = root.post(f"{path}/secret").json()["secret"]
    webhook.refresh_from_db()
    assert renewed == secret_of(webhook) != made["secret"]
    told = AuditLogEntry.objects.filter(object_id=webhook.pk).values_list("action", "data")
    assert {action for action, _ in told} >= {"webhook.created", "webhook.secret_renewed"}
    assert made["secret"] not in str(list(told)) and "hook.example" not in str(list(told))


def test_submitted_read_is_told_with_ids_alone(root: APIClient, receiver: Receiver) -> None:
    made = subscribe(root, receiver.url, "read.submitted")
    reader = User.objects.create_user("rita")
    audit = make_audit(draft="A patient's own words.")
    claimed = claim_slot(queue=make_queue(audit), reviewer=reader)
    lease = lease_of(claimed, reader)
    save_decision(lease=lease, answer=answer_to(audit.flags.get()))
    read = submit_read(lease=lease, nothing_else_missed=True)
    submit_read(lease=lease, nothing_else_missed=True)
    assert deliver_to(webhook_id=uuid.UUID(made["id"])) == 1
    said = json.loads(receiver.got[0].body)
    assert said["target"] == {"type": "read", "id": str(read.pk)}
    assert said["data"] == {"audit": str(audit.pk)}


def test_what_is_rolled_back_is_told_to_nobody(root: APIClient, receiver: Receiver) -> None:
    made = subscribe(root, receiver.url)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert emit(event="audit.done", target=make_audit()) == 1
        raise ZeroDivisionError
    assert deliver_to(webhook_id=uuid.UUID(made["id"])) == 0 and receiver.got == []


@pytest.mark.django_db(transaction=True)
def test_emitting_needs_the_transaction_of_the_change() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        emit(event="audit.done", target=User.objects.create_user("ada"))


def test_only_those_who_asked_and_are_active(root: APIClient) -> None:
    subscribe(root, "https://a.example/", "audit.failed")
    off = subscribe(root, "https://b.example/")
    assert root.patch(f"/api/v1/webhooks/{off['id']}", {"active": False}).status_code == 200
    with transaction.atomic():
        assert emit(event="audit.done", target=make_audit()) == 0


def test_failures_are_logged_retried_and_given_up_in_sight(root: APIClient) -> None:
    tries = len(PAUSES) + 1
    with Receiver(statuses=[500] * tries) as receiver:
        webhook = tell(root, receiver.url)
        for tried in range(tries):
            before = timezone.now()
            assert deliver_to(webhook_id=webhook.pk) == 0
            row = WebhookDelivery.objects.get()
            if tried < len(PAUSES):
                assert row.next_at is not None and row.next_at >= before + PAUSES[tried]
                assert deliver_to(webhook_id=webhook.pk) == 0, "not due yet"
            make_due()
        assert len(receiver.got) == tries
        assert len({message.body for message in receiver.got}) == 1
    (shown,) = deliveries(root, webhook, state="gave_up")
    assert shown["attempts"] == tries and shown["next_at"] is None
    assert [(each["status"], each["error"]) for each in shown["history"]] == [
        (500, "answered 500")
    ] * tries
    assert root.get(f"/api/v1/webhooks/{webhook.pk}").json()["gave_up"] == 1
    assert AuditLogEntry.objects.filter(action="webhook_delivery.gave_up").count() == 1
    assert deliveries_reconcile() == 0


def test_given_up_delivery_is_replayed(root: APIClient, receiver: Receiver) -> None:
    webhook = tell(root, receiver.url)
    WebhookDelivery.objects.update(state="gave_up", next_at=None, attempts=8)
    row = WebhookDelivery.objects.get()
    answer = root.post(f"/api/v1/deliveries/{row.pk}/replay")
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["attempts"]) == ("waiting", 0)
    assert deliver_to(webhook_id=webhook.pk) == 1
    (shown,) = deliveries(root, webhook)
    assert shown["state"] == "delivered" and [each["status"] for each in shown["history"]] == [200]
    assert json.loads(receiver.got[0].body)["id"] == str(row.pk)


def test_delivery_being_sent_is_not_replayed(root: APIClient) -> None:
    tell(root, "https://hook.example/")
    soon = timezone.now() + timedelta(minutes=1)
    WebhookDelivery.objects.update(lease=uuid.uuid4(), leased_until=soon)
    row = WebhookDelivery.objects.get()
    answer = root.post(f"/api/v1/deliveries/{row.pk}/replay")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "in_progress")


def test_nobody_there_is_an_attempt_with_its_reason(root: APIClient) -> None:
    with Receiver() as gone:
        webhook = tell(root, gone.url)
    deliver_to(webhook_id=webhook.pk)
    (attempt,) = WebhookAttempt.objects.all()
    assert attempt.status is None and "ConnectError" in attempt.error and attempt.ms is not None


def test_private_address_is_refused_and_the_attempt_says_so(
    root: APIClient, receiver: Receiver, settings: Settings
) -> None:
    webhook = tell(root, receiver.url)
    settings.WEBHOOK_ALLOW_PRIVATE = False
    deliver_to(webhook_id=webhook.pk)
    assert "private address" in WebhookAttempt.objects.get().error and receiver.got == []


def test_redirect_is_refused_and_the_attempt_says_so(root: APIClient) -> None:
    with Receiver() as other, Receiver(statuses=[307], location=other.url) as receiver:
        deliver_to(webhook_id=tell(root, receiver.url).pk)
        assert other.got == []
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, attempt.error) == (307, "redirects are not followed")


@pytest.mark.parametrize(
    "url",
    [
        *("", "hook.example", "ftp://hook.example/", "http://hook.example/", "https://"),
        *("https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "https://[::1"),
        *("https://localhost/", "https://db.internal/", "https://a:b@hook.example/"),
        *("https://hook.example/#x", "https://hook.example:99999/", "https://hook .example/"),
        *("https://hook\u00e9.example/", "https://hook.example/" + "x" * 2000),
    ],
)
def test_address_that_can_not_be_told_is_named(
    root: APIClient, settings: Settings, url: str
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    answer = root.post("/api/v1/webhooks", {"url": url, "events": ["audit.done"]})
    assert answer.status_code == 400 and answer.json()["error"]["fields"]["url"]
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("events", [[], ["audit.dreamt"], "audit.done", None])
def test_events_are_known_ones(root: APIClient, events: object) -> None:
    answer = root.post("/api/v1/webhooks", {"url": "https://h.example/", "events": events})
    assert answer.status_code == 400
    assert any(name.startswith("events") for name in answer.json()["error"]["fields"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Webhook.objects.create(url="https://h.example/", events=["audit.dreamt"], salt="x")


def test_deleted_webhook_is_told_nothing_more(
    root: APIClient, administrator: User, receiver: Receiver
) -> None:
    webhook = tell(root, receiver.url)
    assert root.delete(f"/api/v1/webhooks/{webhook.pk}").status_code == 204
    with transaction.atomic():
        assert emit(event="audit.done", target=administrator) == 0
    assert deliver_to(webhook_id=webhook.pk) == 0 and receiver.got == []
    assert root.get(f"/api/v1/webhooks/{webhook.pk}").status_code == 404
    assert root.get("/api/v1/webhooks").json()["results"] == []
    assert AuditLogEntry.objects.get(action="webhook.deleted").data == {"waiting": 1}


def test_killed_worker_leaves_a_lease_that_runs_out(root: APIClient, receiver: Receiver) -> None:
    webhook = tell(root, receiver.url)

    def killed(**_: object) -> int:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(outbound, "post", killed)
        deliver_to(webhook_id=webhook.pk)
    assert deliver_to(webhook_id=webhook.pk) == 0 and deliveries_reconcile() == 0
    WebhookDelivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert deliveries_reconcile() == 1
    assert deliver_to(webhook_id=webhook.pk) == 1
    (shown,) = deliveries(root, webhook)
    assert shown["attempts"] == 2 and "worker was lost" in shown["history"][0]["error"]


def test_answer_that_comes_after_the_lease_decides_nothing(
    root: APIClient, receiver: Receiver
) -> None:
    """The rival works in the gap: our answer comes when somebody else has sent it again."""
    webhook = tell(root, receiver.url)
    real: Callable[..., int] = outbound.post

    def slow(**given: Any) -> int:
        patch.undo()
        WebhookDelivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        assert deliver_to(webhook_id=webhook.pk) == 1
        real(**given)
        return 500

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbound, "post", slow)
        deliver_to(webhook_id=webhook.pk)
    row = WebhookDelivery.objects.get()
    assert row.state == "delivered" and row.attempts == 2
    assert sorted(row.history.values_list("status", flat=True)) == [200, 500]


@pytest.mark.usefixtures("nobody_else")
@pytest.mark.django_db(transaction=True)
def test_workers_at_once_tell_each_thing_once(root: APIClient, receiver: Receiver) -> None:
    webhook = tell(root, receiver.url, count=12)
    jobs = [lambda: deliver_to(webhook_id=webhook.pk)] * 4
    while WebhookDelivery.objects.filter(state="waiting").exists():
        assert together(*jobs) == []
    ids = [message.headers["Overread-Delivery"] for message in receiver.got]
    assert len(ids) == len(set(ids)) == 12


def test_one_that_fails_does_not_hold_up_the_next(root: APIClient) -> None:
    with Receiver(statuses=[400]) as receiver:
        webhook = tell(root, receiver.url, count=3)
        assert [deliver_to(webhook_id=webhook.pk) for _ in range(3)] == [0, 2, 0]
    assert len(deliveries(root, webhook, state="waiting")) == 1


def test_list_takes_as_many_queries_for_many(
    root: APIClient, receiver: Receiver, django_assert_num_queries: Any
) -> None:
    webhook = tell(root, receiver.url, count=5)
    deliver_to(webhook_id=webhook.pk)
    with django_assert_num_queries(5):
        assert len(deliveries(root, webhook)) == 5


@pytest.mark.usefixtures("nobody_else")
def test_lost_messages_are_found(root: APIClient, receiver: Receiver) -> None:
    """Only those with something due, that are on, and that nobody is at work for."""
    webhook = tell(root, receiver.url)
    assert deliveries_reconcile() == 1
    WebhookDelivery.objects.update(next_at=timezone.now() + timedelta(minutes=1))
    assert deliveries_reconcile() == 0
    make_due()
    Webhook.objects.update(active=False)
    assert deliveries_reconcile() == 0
    Webhook.objects.update(active=True)
    assert deliver_to(webhook_id=webhook.pk) == 1 and deliveries_reconcile() == 0
