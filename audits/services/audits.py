"""The audit's state machine: one function per transition, each with its log row and its event.

Locks are taken in one order: the audit's row, then its steps by name (`audit_lock`).
"""

from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audits.errors import Conflict
from audits.models import (
    LIVE_STATES,
    Audit,
    AuditState,
    AuditStep,
    BackendKind,
    Draft,
    ModelVersion,
    Priority,
    StepName,
    StepState,
    User,
)
from audits.services.backends import model_version_current
from audits.services.dispatch import steps_send
from audits.services.events import audit_event_emit
from audits.services.log import record
from audits.services.queues import enqueue_done_audit
from audits.services.tombstones import case_hold
from audits.services.webhooks import emit
from inference.policies import POLICY

Steps = dict[str, AuditStep]


class Auditors(NamedTuple):
    """Who judges a draft: with the draft, an audit's identity."""

    grounder: ModelVersion
    parser: ModelVersion
    policy: str


def audit_lock(*, audit_id: UUID) -> tuple[Audit, Steps]:
    """The audit and its steps, locked until the transaction ends."""
    audits = Audit.objects.select_related("grounder", "parser")
    audit = audits.select_for_update(of=("self",)).get(pk=audit_id)
    steps = AuditStep.objects.select_for_update().filter(audit=audit).order_by("name")
    return audit, {step.name: step for step in steps}


def audit_start(*, draft: Draft, actor: User | None, grounder: str = "", parser: str = "") -> Audit:
    """Queue the audit of a draft by these backends (by default the site's) and current policy.

    A person waits for it: one that a batch has in its queue comes forward. One that exists
    (whatever its outcome, unless it was cancelled) is returned as it is.
    """
    by = Auditors(
        model_version_current(kind=BackendKind.GROUNDER, name=grounder),
        model_version_current(kind=BackendKind.PARSER, name=parser),
        POLICY,
    )
    return audit_of(draft=draft, by=by, actor=actor, priority=Priority.PERSON)[0]


@transaction.atomic
def audit_of(
    *, draft: Draft, by: Auditors, actor: User | None, priority: Priority
) -> tuple[Audit, bool]:
    """The draft's audit by these auditors, queued if there is none, and whether it is new."""
    # The draft's row is the lock: two starts of one draft follow each other.
    Draft.objects.select_for_update().get(pk=draft.pk)
    case_hold(case_id=draft.case_id)
    identity = {"case_id": draft.case_id, "draft": draft, **by._asdict()}
    existing = Audit.objects.filter(**identity).exclude(state=AuditState.CANCELLED).first()
    if existing is not None:
        if priority == Priority.PERSON and existing.priority == Priority.BATCH:
            existing = _bring_forward(existing)
        return existing, False
    audit = Audit.objects.create(**identity, requested_by=actor, priority=priority.value)
    steps = [AuditStep.objects.create(audit=audit, name=name.value) for name in StepName]
    record(actor=actor, action="audit.queued", target=audit, data={"attempt": 1})
    steps_send(audit=audit, steps=[step for step in steps if step.name != StepName.COMPARING])
    audit_event_emit(audit=audit, steps=steps)
    return audit, True


def _bring_forward(audit: Audit) -> Audit:
    """A person now waits for what a batch had queued: its waiting steps are sent before it."""
    locked, steps = audit_lock(audit_id=audit.pk)
    if locked.state not in LIVE_STATES:
        return locked
    locked.priority = Priority.PERSON.value
    locked.save(update_fields=["priority"])
    waiting = [step for step in steps.values() if step.state == StepState.WAITING and step.sends]
    steps_send(audit=locked, steps=waiting)
    return locked


@transaction.atomic
def audit_retry(*, audit: Audit, actor: User | None) -> Audit:
    """A new attempt of a failed audit: steps that were done keep their result.

    Raises ``Conflict`` (``not_failed``) for an audit in any other state.
    """
    locked, steps = audit_lock(audit_id=audit.pk)
    if locked.state != AuditState.FAILED:
        raise Conflict("not_failed", f"Only a failed audit can be retried; it is {locked.state}.")
    case_hold(case_id=locked.case_id)
    locked.state = AuditState.QUEUED.value
    locked.attempt += 1
    locked.finished_at = None
    locked.image_state = None
    locked.failure_code = locked.failure_message = locked.failure_step = ""
    locked.save()
    again = [step for step in steps.values() if step.state != StepState.DONE]
    for step in again:
        _reset(step, locked.attempt)
    data = {"attempt": locked.attempt}
    record(actor=actor, action="audit.retried", target=locked, data=data)
    steps_send(audit=locked, steps=[step for step in again if step.name != StepName.COMPARING])
    steps_advance(audit=locked, steps=steps)
    audit_event_emit(audit=locked, steps=steps.values())
    return locked


def _reset(step: AuditStep, attempt: int) -> None:
    step.state = StepState.WAITING.value
    step.attempt = attempt
    step.claims = step.sends = 0
    step.started_at = step.ended_at = step.ms = step.result = None
    step.failure_code = step.failure_message = step.traceback = ""
    step.save()


@transaction.atomic
def audit_cancel(*, audit: Audit, actor: User | None) -> Audit:
    """Stop a live audit; what its workers still bring is not taken.

    Raises ``Conflict`` (``already_ended``) for an audit that has ended.
    """
    locked, steps = audit_lock(audit_id=audit.pk)
    if locked.state not in LIVE_STATES:
        raise Conflict("already_ended", f"This audit has ended: it is {locked.state}.")
    for step in steps.values():
        if step.state == StepState.RUNNING:
            step.state = StepState.WAITING.value
            step.lease = step.lease_expires_at = None
            step.save(update_fields=["state", "lease", "lease_expires_at"])
    _end(locked, AuditState.CANCELLED)
    record(actor=actor, action="audit.cancelled", target=locked)
    audit_event_emit(audit=locked, steps=steps.values())
    return locked


def audit_run(*, audit: Audit) -> None:
    """queued -> running, when its first step is claimed. The audit must be locked."""
    if audit.state == AuditState.QUEUED:
        audit.state = AuditState.RUNNING.value
        audit.save(update_fields=["state"])
        record(actor=None, action="audit.started", target=audit, data={"attempt": audit.attempt})


def audit_fail(*, audit: Audit, step: AuditStep) -> None:
    """running -> failed, for the reason of its failed step. The audit must be locked."""
    audit.failure_code = step.failure_code
    audit.failure_message = step.failure_message
    audit.failure_step = step.name
    _end(audit, AuditState.FAILED)
    data: dict[str, Any] = {"attempt": audit.attempt, "code": step.failure_code, "step": step.name}
    record(actor=None, action="audit.failed", target=audit, data=data)
    emit(event="audit.failed", target=audit, data=data)


def audit_finish(*, audit: Audit) -> None:
    """running -> done, with its results set. The audit must be locked; it enters review."""
    _end(audit, AuditState.DONE)
    record(actor=None, action="audit.done", target=audit, data={"attempt": audit.attempt})
    emit(event="audit.done", target=audit, data={"attempt": audit.attempt})
    enqueue_done_audit(audit=audit)


def _end(audit: Audit, state: AuditState) -> None:
    audit.state = state.value
    audit.finished_at = timezone.now()
    audit.save()


def both_ended(*, steps: Steps) -> bool:
    """Whether image and draft have both been looked at, for better or worse."""
    ended = (StepState.DONE, StepState.FAILED)
    return all(steps[name].state in ended for name in (StepName.GROUNDING, StepName.PARSING))


def steps_advance(*, audit: Audit, steps: Steps) -> None:
    """Once image and draft have both ended: compare them, or fail for want of an image.

    The audit must be locked, so the later of the two sees both ended, and only that one.
    """
    if not both_ended(steps=steps):
        return
    grounding = steps[StepName.GROUNDING]
    if grounding.state == StepState.FAILED:
        audit_fail(audit=audit, step=grounding)
    elif steps[StepName.COMPARING].state == StepState.WAITING:
        steps_send(audit=audit, steps=[steps[StepName.COMPARING]])
