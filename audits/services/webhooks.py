"""Webhooks: what is told to whom. `audits.services.deliveries` does the telling."""

import secrets
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from audits.errors import Conflict, InvalidInput
from audits.models import DeliveryState, Priority, User, Webhook, WebhookDelivery
from audits.selectors.statements import prepared
from audits.services.dispatch import task_send
from audits.services.identity import keyed_hash
from audits.services.log import record
from audits.services.outbound import is_public

TASK = "audits.tasks.deliver_to_webhook"
LONGEST_URL = 2000


def emit(*, event: str, target: models.Model, data: dict[str, Any] | None = None) -> int:
    """Note for every webhook that asked for ``event`` that it is to be told; how many.

    In the change's own transaction: what is rolled back is told to nobody. ``data`` holds ids and
    states, never text of a draft, names or pixels.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("emit() needs the change's transaction")
    keys = _asking_for(event)
    now = timezone.now()
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            webhook_id=key,
            event=event,
            target_type=target._meta.model_name or "",
            target_id=target.pk,
            data=data or {},
            next_at=now,
        )
        for key in keys
    )
    for key in keys:
        wake(key)
    return len(keys)


@prepared
def _asking_for(event: str) -> QuerySet[Webhook, uuid.UUID]:
    return Webhook.objects.filter(active=True, events__contains=[event]).values_list(
        "pk", flat=True
    )


def wake(webhook_id: uuid.UUID) -> None:
    """Send the task once this is committed. If the message is lost, the reconciler finds it."""
    task_send(task=TASK, arguments=[str(webhook_id)], priority=Priority.BATCH)


def secret_of(webhook: Webhook) -> str:
    """What signs its messages: derived from the platform's key, so that no table holds it."""
    return "whsec_" + keyed_hash(kind="webhook", value=webhook.salt)


@transaction.atomic
def webhook_create(*, actor: User, url: str, events: Sequence[str]) -> Webhook:
    """Raises ``InvalidInput`` for an address that is plainly not on the public internet."""
    webhook = Webhook.objects.create(
        url=_checked(url), events=_once(events), salt=secrets.token_hex(32)
    )
    record(actor=actor, action="webhook.created", target=webhook, data={"events": webhook.events})
    return webhook


@transaction.atomic
def webhook_change(
    *,
    webhook_id: uuid.UUID,
    actor: User,
    url: str | None = None,
    events: Sequence[str] | None = None,
    active: bool | None = None,
) -> Webhook:
    """What is given. Switched on again, it is told what waited meanwhile."""
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=webhook_id)
    if url is not None:
        webhook.url = _checked(url)
    if events is not None:
        webhook.events = _once(events)
    if active is not None:
        webhook.active = active
    webhook.save()
    data = {"events": webhook.events, "active": webhook.active, "url": url is not None}
    record(actor=actor, action="webhook.changed", target=webhook, data=data)
    wake(webhook.pk)
    return webhook


@transaction.atomic
def webhook_secret_renew(*, webhook_id: uuid.UUID, actor: User) -> Webhook:
    """From here on messages are signed with another secret, those sent again too."""
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=webhook_id)
    webhook.salt = secrets.token_hex(32)
    webhook.save(update_fields=["salt"])
    record(actor=actor, action="webhook.secret_renewed", target=webhook)
    return webhook


@transaction.atomic
def webhook_delete(*, webhook_id: uuid.UUID, actor: User) -> None:
    """Told nothing more, and listed no more. Its rows stay, for changes that emit meanwhile."""
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=webhook_id)
    webhook.active = False
    webhook.deleted_at = timezone.now()
    webhook.save(update_fields=["active", "deleted_at"])
    waiting = webhook.deliveries.filter(state=DeliveryState.WAITING).count()
    record(actor=actor, action="webhook.deleted", target=webhook, data={"waiting": waiting})


@transaction.atomic
def delivery_replay(*, delivery_id: uuid.UUID, actor: User) -> WebhookDelivery:
    """Tell it again, with all its tries anew. Raises ``Conflict`` while it is being sent."""
    delivery = WebhookDelivery.objects.select_for_update().get(pk=delivery_id)
    now = timezone.now()
    if delivery.leased_until is not None and delivery.leased_until > now:
        raise Conflict("in_progress", "It is being sent right now; look again in a minute.")
    delivery.state = DeliveryState.WAITING
    delivery.attempts = 0
    delivery.next_at = now
    delivery.lease = delivery.leased_until = None
    delivery.save()
    record(actor=actor, action="webhook_delivery.replayed", target=delivery)
    wake(delivery.webhook_id)
    return delivery


def _once(events: Sequence[str]) -> list[str]:
    return sorted(set(events))


def _checked(url: str) -> str:
    """What can be told without asking a name server; the rest is looked at with each attempt."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidInput("url", "This is not an address of the web.") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOK_ALLOW_PRIVATE):
        raise InvalidInput("url", "The address must begin with https://.")
    if not host or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidInput("url", "Write the whole address in ASCII, without spaces.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidInput("url", "The address may hold no user, password or fragment.")
    if not settings.WEBHOOK_ALLOW_PRIVATE and _is_plainly_private(host):
        raise InvalidInput("url", "This address is private; only public ones are told.")
    return url


def _is_plainly_private(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:  # A name.
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
