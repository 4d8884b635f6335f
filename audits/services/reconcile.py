"""Finds steps whose message or worker is gone and sends them again.

Postgres knows what is due; Redis only carried the message. Sending too often is harmless (a claim
that finds nothing to do returns at once), so the only care taken is not to flood a long queue.
"""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import redis
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from audits.models import LIVE_STATES, AuditStep, Priority, Release, StepState
from audits.services.dispatch import CPU, GPU, step_send
from auditsite.delivery import PRIORITIES

logger = logging.getLogger(__name__)

Waiting = tuple[str, str]
"""A queue and a priority in it."""

BATCH = 500
LOST_AFTER = timedelta(seconds=5)
"""With nothing left in its queue, a step sent this long ago has lost its message."""
QUEUED_FOR = timedelta(minutes=10)
"""Behind a long queue a message may wait; after this long it is sent again all the same."""


def audits_reconcile() -> int:
    """Send every due step again; returns how many were sent."""
    empty = empty_queues()
    sent = 0
    for pk in due_steps(empty).values_list("pk", flat=True)[:BATCH]:
        sent += _resend(pk, empty)
    if sent:
        logger.warning("%s steps had lost their message or worker and were sent again", sent)
    return sent


def due_steps(empty: list[Waiting]) -> QuerySet[AuditStep]:
    """Steps that nobody works on and, as far as can be known, no message asks for.

    A comparing step waits unsent for the two others; once it was sent it is due like them.
    """
    now = timezone.now()
    lost = Q(state=StepState.WAITING.value) & (
        Q(sent_at__lt=now - QUEUED_FOR) | (Q(sent_at__lt=now - LOST_AFTER) & _sent_to(empty))
    )
    abandoned = Q(state=StepState.RUNNING.value, lease_expires_at__lt=now) & (
        # Just sent again: give a worker the time to take it.
        Q(sent_at__lt=now - LOST_AFTER) | Q(sent_at__lt=F("lease_expires_at"))
    )
    steps = AuditStep.objects.select_related("audit__grounder", "audit__parser")
    return steps.filter(lost | abandoned, audit__state__in=LIVE_STATES).order_by("sent_at")


def _sent_to(waiting: list[Waiting]) -> Q:
    """Steps whose last message went into one of these."""
    sent = Q(pk__in=[])
    for queue, priority in waiting:
        sent |= Q(queue=queue, audit__priority=priority)
    return sent


@transaction.atomic
def _resend(pk: UUID, empty: list[Waiting]) -> int:
    """Check again under the row's lock: another reconciler or a worker may have been faster."""
    step = due_steps(empty).select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if step is None:
        return 0
    step_send(audit=step.audit, step=step)
    return 1


def empty_queues() -> list[Waiting]:
    """The queues in use where no message of a priority waits; unknown counts as not empty."""
    queues = {CPU, GPU, *settings.BACKEND_QUEUES.values()}
    pairs = [(queue, priority.value) for queue in sorted(queues) for priority in Priority]
    try:
        with current_app.connection_for_read() as connection:
            channel = connection.default_channel
            lengths = [_length(channel, queue, priority) for queue, priority in pairs]
    except (OperationalError, redis.RedisError, OSError) as error:
        logger.warning("the broker does not answer: %s", error)
        return []
    return [pair for pair, length in zip(pairs, lengths, strict=True) if length == 0]


def _length(channel: Any, queue: str, priority: str) -> int:
    """Kombu keeps each priority of a queue in a list of its own."""
    return int(channel.client.llen(channel._q_for_pri(queue, PRIORITIES[priority])))


RELEASE_LOST_AFTER = timedelta(seconds=60)


def releases_reconcile() -> int:
    """Send releases whose builder is gone again; an advisory lock makes doubles harmless."""
    since = timezone.now() - RELEASE_LOST_AFTER
    lost = Release.objects.filter(state=Release.State.BUILDING, attempted_at__lt=since)
    keys = list(lost.values_list("pk", flat=True)[:BATCH])
    for pk in keys:
        current_app.send_task("audits.tasks.build_release", args=[str(pk)])
    return len(keys)
