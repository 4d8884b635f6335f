"""Sends steps to the workers: noted in the row first, sent once that is committed.

If the broker is away the note stays, and the reconciler sends the step again.
"""

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from audits.models import Audit, AuditStep, BackendKind, Priority, StepName
from auditsite.delivery import PRIORITIES

logger = logging.getLogger(__name__)

TASKS = {
    StepName.GROUNDING: "audits.tasks.ground_audit",
    StepName.PARSING: "audits.tasks.parse_audit",
    StepName.COMPARING: "audits.tasks.compare_audit",
}
CPU, GPU = "cpu", "gpu"


def backend_queue(*, kind: BackendKind, name: str) -> str:
    """Where a backend works: as its setting says, else grounders with the GPU workers."""
    usual = GPU if kind == BackendKind.GROUNDER else CPU
    return str(settings.BACKEND_QUEUES.get(name, usual))


def queue_of(*, audit: Audit, step: StepName) -> str:
    if step == StepName.GROUNDING:
        return backend_queue(kind=BackendKind.GROUNDER, name=audit.grounder.name)
    if step == StepName.PARSING:
        return backend_queue(kind=BackendKind.PARSER, name=audit.parser.name)
    return CPU


def step_send(*, audit: Audit, step: AuditStep) -> None:
    """Send one waiting step of its audit's current attempt; needs a transaction."""
    name = StepName(step.name)
    step.sends += 1
    step.sent_at = timezone.now()
    step.queue = queue_of(audit=audit, step=name)
    step.save(update_fields=["sends", "sent_at", "queue"])
    options = {"queue": step.queue, "priority": PRIORITIES[Priority(audit.priority)]}
    arguments = [str(audit.pk), step.attempt]
    transaction.on_commit(partial(_publish, TASKS[name], arguments, options), robust=True)


def steps_send(*, audit: Audit, steps: Iterable[AuditStep]) -> None:
    for step in steps:
        step_send(audit=audit, step=step)


def task_send(*, task: str, arguments: list[Any], priority: Priority = Priority.PERSON) -> None:
    """Send another task once the transaction is committed; its reconciler sends it again."""
    options = {"priority": PRIORITIES[priority]}
    transaction.on_commit(partial(_publish, task, arguments, options), robust=True)


def _publish(task: str, arguments: list[Any], options: dict[str, Any]) -> None:
    try:
        current_app.send_task(task, args=arguments, **options)
    except (OperationalError, OSError) as error:
        logger.warning("%s of %s not sent, to be sent again: %s", task, arguments[0], error)
