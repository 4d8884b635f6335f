"""Sends steps to the workers: noted in the row first, sent once that is committed.

If the broker is away the note stays, and the reconciler sends the step again.
"""

import logging
from collections.abc import Iterable
from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from audits.models import AuditStep, StepName

logger = logging.getLogger(__name__)

TASKS = {
    StepName.GROUNDING: "audits.tasks.ground_audit",
    StepName.PARSING: "audits.tasks.parse_audit",
    StepName.COMPARING: "audits.tasks.compare_audit",
}


def step_send(*, step: AuditStep) -> None:
    """Send one waiting step of its audit's current attempt; needs a transaction."""
    step.sends += 1
    step.sent_at = timezone.now()
    step.save(update_fields=["sends", "sent_at"])
    task = TASKS[StepName(step.name)]
    transaction.on_commit(partial(_publish, task, step.audit_id, step.attempt), robust=True)


def steps_send(*, steps: Iterable[AuditStep]) -> None:
    for step in steps:
        step_send(step=step)


def _publish(task: str, audit_id: UUID, attempt: int) -> None:
    try:
        current_app.send_task(task, args=[str(audit_id), attempt])
    except (OperationalError, OSError) as error:
        logger.warning("%s of audit %s not sent, to be sent again: %s", task, audit_id, error)
