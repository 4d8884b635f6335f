"""One step of an audit: leased by one worker at a time, and its result taken once.

A worker that dies stops renewing its lease; the step is then claimed by the next one. Every
result is checked against lease, attempt and state under the audit's lock, so a worker that was
only slow, or two with the same message, can't write twice.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audits.models import LIVE_STATES, Audit, AuditStep, FailedStep, StepName, StepState
from audits.services.audits import (
    Steps,
    audit_fail,
    audit_finish,
    audit_lock,
    audit_run,
    both_ended,
    steps_advance,
)
from audits.services.events import audit_event_emit
from audits.services.log import record

logger = logging.getLogger(__name__)

WORKER_LOST = "worker_lost"


@dataclass(frozen=True, slots=True)
class StepLease:
    """A worker's right to one step, until it expires unrenewed."""

    audit_id: UUID
    step: StepName
    attempt: int
    token: UUID


@dataclass(frozen=True, slots=True)
class StepFailure:
    """Why a step failed: a stable code, a sentence for people, the traceback for operators."""

    code: str
    message: str
    traceback: str = ""


@transaction.atomic
def step_claim(*, audit_id: UUID, step: StepName, attempt: int) -> StepLease | None:
    """Take the step, or None when there is nothing to do: ended, held, or of an old attempt."""
    try:
        audit, steps = audit_lock(audit_id=audit_id)
    except Audit.DoesNotExist:
        logger.warning("a message asks for audit %s, which is not in this database", audit_id)
        return None
    row = steps[step]
    now = timezone.now()
    if audit.attempt != attempt or audit.state not in LIVE_STATES or not _is_free(row, now):
        return None
    if step == StepName.COMPARING and not both_ended(steps=steps):
        return None
    audit_run(audit=audit)
    if row.claims >= settings.STEP_MAX_CLAIMS:
        _give_up(audit, steps, row)
        return None
    lease = StepLease(audit_id=audit.id, step=step, attempt=attempt, token=uuid4())
    row.state = StepState.RUNNING.value
    row.attempt = attempt
    row.claims += 1
    row.lease = lease.token
    row.lease_expires_at = now + _lease_time()
    row.started_at = now
    row.save()
    audit_event_emit(audit=audit, steps=steps.values())
    return lease


def _is_free(row: AuditStep, now: datetime) -> bool:
    if row.state == StepState.RUNNING:
        return row.lease_expires_at is not None and row.lease_expires_at <= now
    return row.state == StepState.WAITING


def _lease_time() -> timedelta:
    return timedelta(seconds=settings.STEP_LEASE_SECONDS)


def _give_up(audit: Audit, steps: Steps, row: AuditStep) -> None:
    """A step that outlives worker after worker kills them: it fails instead of going round."""
    message = f"The worker died {row.claims} times while {row.name}."
    _end(row, StepState.FAILED, failure=StepFailure(WORKER_LOST, message))
    _after(audit, steps, row)


def mates_of(*, lease: StepLease, at_most: int) -> list[tuple[UUID, int]]:
    """Audits (and their attempts) whose same step waits for the same model, persons first.

    Their own messages find the steps taken, or take them if this worker dies.
    """
    audit = Audit.objects.get(pk=lease.audit_id)
    waiting = AuditStep.objects.filter(
        name=lease.step.value,
        state=StepState.WAITING.value,
        sent_at__isnull=False,
        audit__state__in=LIVE_STATES,
        audit__grounder_id=audit.grounder_id,
    )
    persons_first = waiting.exclude(audit_id=audit.pk).order_by("-audit__priority", "sent_at")
    return list(persons_first.values_list("audit_id", "audit__attempt")[:at_most])


def steps_renew(*, leases: Iterable[StepLease]) -> int:
    """Prolong the leases that are still this worker's; returns how many those are."""
    tokens = [lease.token for lease in leases]
    # The state is implied, and lets the index of open steps serve.
    held = AuditStep.objects.filter(state=StepState.RUNNING.value, lease__in=tokens)
    return held.update(lease_expires_at=timezone.now() + _lease_time())


def step_renew(*, lease: StepLease) -> bool:
    """Prolong the lease; False when it is no longer this worker's."""
    return steps_renew(leases=[lease]) == 1


def step_lock(*, lease: StepLease) -> tuple[Audit, Steps] | None:
    """Audit and steps, locked, if the lease still holds in the current attempt; else None.

    An expired lease that nobody took still holds: the work is done and no one else has it.
    """
    audit, steps = audit_lock(audit_id=lease.audit_id)
    row = steps[lease.step]
    if audit.attempt != lease.attempt or audit.state not in LIVE_STATES:
        logger.info("%s of audit %s came too late: %s", lease.step, audit.id, audit.state)
        return None
    if row.lease != lease.token:
        logger.info("%s of audit %s was taken over by another worker", lease.step, audit.id)
        return None
    return audit, steps


def step_done(*, audit: Audit, steps: Steps, step: StepName, result: Any, ms: int) -> None:
    """Store the step's one result. Audit and steps must be locked by `step_lock`."""
    row = steps[step]
    row.result = result
    row.ms = ms
    _end(row, StepState.DONE)
    _after(audit, steps, row)


def step_fail(
    *, audit: Audit, steps: Steps, step: StepName, failure: StepFailure, result: Any = None
) -> None:
    """Store why the step failed. Audit and steps must be locked by `step_lock`."""
    row = steps[step]
    row.result = result
    _end(row, StepState.FAILED, failure=failure)
    _after(audit, steps, row)


def _end(row: AuditStep, state: StepState, failure: StepFailure | None = None) -> None:
    row.state = state.value
    row.lease = row.lease_expires_at = None
    row.ended_at = timezone.now()
    if failure is not None:
        row.failure_code = failure.code
        row.failure_message = failure.message
        row.traceback = failure.traceback
    row.save()
    if failure is not None:
        FailedStep.objects.create(
            audit_id=row.audit_id,
            step=row.name,
            attempt=row.attempt,
            claims=row.claims,
            code=failure.code,
            message=failure.message,
            traceback=failure.traceback,
        )


def _after(audit: Audit, steps: Steps, row: AuditStep) -> None:
    data = {"step": row.name, "attempt": row.attempt, "claims": row.claims}
    if row.failure_code:
        data["code"] = row.failure_code
    record(actor=None, action=f"step.{row.state}", target=audit, data=data)
    if row.name != StepName.COMPARING:
        steps_advance(audit=audit, steps=steps)
    elif row.state == StepState.FAILED:
        audit_fail(audit=audit, step=row)
    else:
        audit_finish(audit=audit)
    audit_event_emit(audit=audit, steps=steps.values())
