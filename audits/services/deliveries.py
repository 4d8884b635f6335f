"""Telling webhooks what waits in the outbox: signed, one at a time for each webhook.

At least once: a worker that dies after sending leaves a lease that runs out, and the same message
goes again under the same id. A webhook that does not answer holds up one worker for one attempt.
"""

import hashlib
import hmac
import json
import logging
import time
import uuid
from datetime import datetime, timedelta

import httpcore
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from audits.models import DeliveryState, Webhook, WebhookAttempt, WebhookDelivery
from audits.services import outbound
from audits.services.log import record
from audits.services.webhooks import secret_of, wake

logger = logging.getLogger(__name__)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 21_600, 43_200))
"""After each failed attempt; one more failure after the last and it is given up (21 hours)."""
LEASE = timedelta(seconds=60)
IN_ONE_GO = 20
LOST = "the worker was lost; whether it arrived is unknown"


def deliver_to(*, webhook_id: uuid.UUID) -> int:
    """Tell the webhook what is due, oldest first, until one fails; how many arrived."""
    for arrived in range(IN_ONE_GO):
        claimed = _claim(webhook_id)
        if claimed is None:
            return arrived
        attempt, delivery = claimed
        if not _settle(attempt, *_send(delivery)):
            return arrived
    with transaction.atomic():
        wake(webhook_id)
    return IN_ONE_GO


def deliveries_reconcile() -> int:
    """Wake webhooks with something due and nobody at work: lost messages, and all retries."""
    now = timezone.now()
    due = WebhookDelivery.objects.filter(
        webhook=OuterRef("pk"), state=DeliveryState.WAITING, next_at__lte=now
    )
    at_work = WebhookDelivery.objects.filter(webhook=OuterRef("pk"), leased_until__gt=now)
    keys = list(
        Webhook.objects.filter(Exists(due), ~Exists(at_work), active=True).values_list(
            "pk", flat=True
        )
    )
    with transaction.atomic():
        for key in keys:
            wake(key)
    return len(keys)


@transaction.atomic
def _claim(webhook_id: uuid.UUID) -> tuple[WebhookAttempt, WebhookDelivery] | None:
    """The oldest due delivery and the row of this attempt; None if another worker is at it.

    The webhook's row is the lock that keeps it to one worker.
    """
    now = timezone.now()
    webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=webhook_id).first()
    waiting = WebhookDelivery.objects.filter(webhook=webhook_id, state=DeliveryState.WAITING)
    if webhook is None or not webhook.active or waiting.filter(leased_until__gt=now).exists():
        return None
    due = waiting.select_for_update().filter(next_at__lte=now)
    delivery = due.order_by("next_at", "created_at", "id").first()
    if delivery is None:
        return None
    if delivery.lease is not None:
        WebhookAttempt.objects.filter(pk=delivery.lease, ms=None).update(error=LOST)
    attempt = WebhookAttempt.objects.create(delivery=delivery)
    delivery.lease, delivery.leased_until = attempt.pk, now + LEASE
    delivery.attempts += 1
    delivery.save()
    delivery.webhook = webhook
    return attempt, delivery


def _send(delivery: WebhookDelivery) -> tuple[int | None, int, str]:
    """The status, the milliseconds it took, and what went wrong, or ""."""
    body = message(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Overread",
        "Overread-Event": delivery.event,
        "Overread-Delivery": str(delivery.pk),
        **signed(secret_of(delivery.webhook), body, timezone.now()),
    }
    started = time.perf_counter()
    status, error = None, ""
    try:
        status = outbound.post(url=delivery.webhook.url, body=body, headers=headers)
    except outbound.AddressRefused as refused:
        error = f"address refused: {refused}"
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as failed:
        error = f"{type(failed).__name__}: {failed}"
    if status is not None and not 200 <= status < 300:
        error = "redirects are not followed" if 300 <= status < 400 else f"answered {status}"
    return status, round((time.perf_counter() - started) * 1000), error[:300]


def message(delivery: WebhookDelivery) -> bytes:
    """The same bytes at every attempt."""
    said = {
        "id": str(delivery.pk),
        "event": delivery.event,
        "at": delivery.created_at.isoformat(),
        "target": {"type": delivery.target_type, "id": str(delivery.target_id)},
        "data": delivery.data,
    }
    return json.dumps(said, sort_keys=True).encode()


def signed(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    """HMAC-SHA256 in hex over ``<seconds since 1970>.<body>``: an old message can be told."""
    moment = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256)
    return {"Overread-Timestamp": moment, "Overread-Signature": f"sha256={digest.hexdigest()}"}


@transaction.atomic
def _settle(attempt: WebhookAttempt, status: int | None, ms: int, error: str) -> bool:
    """Write down how the attempt ended, and what follows while the lease is still ours."""
    delivery = WebhookDelivery.objects.select_for_update().get(pk=attempt.delivery_id)
    WebhookAttempt.objects.filter(pk=attempt.pk).update(status=status, ms=ms, error=error)
    if delivery.lease != attempt.pk:
        return False
    delivery.lease = delivery.leased_until = None
    if not error:
        delivery.state, delivery.next_at = DeliveryState.DELIVERED, None
    elif delivery.attempts > len(PAUSES):
        delivery.state, delivery.next_at = DeliveryState.GAVE_UP, None
        data = {"attempts": delivery.attempts, "webhook": str(delivery.webhook_id)}
        record(actor=None, action="webhook_delivery.gave_up", target=delivery, data=data)
    else:
        delivery.next_at = timezone.now() + PAUSES[delivery.attempts - 1]
    delivery.save()
    return not error
