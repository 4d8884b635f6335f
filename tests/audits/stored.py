"""Audits that were really started, and steps worked off in this process, without a worker."""

from datetime import timedelta

from django.utils import timezone

from audits.models import Audit, AuditLogEntry, AuditStep, StepName, User
from audits.services import execution, grounding
from audits.services.cases import NewCase, case_submit
from inference.vocabulary import Label
from tests.audits.pictures import picture

WORK = {
    StepName.GROUNDING: grounding.ground_step,
    StepName.PARSING: execution.parse_step,
    StepName.COMPARING: execution.compare_step,
}


def started(
    *labels: Label,
    draft: str = "Heart size normal.",
    seed: int = 0,
    order: int = 0,
    actor: User | None = None,
) -> Audit:
    image = picture(*labels, seed=seed, order=order)
    return case_submit(new=NewCase(image=image, draft=draft), actor=actor)


def work(audit: Audit, *steps: StepName) -> Audit:
    """Do these steps (all of them by default) and look at the audit anew."""
    for step in steps or StepName:
        attempt = Audit.objects.get(pk=audit.pk).attempt
        WORK[step](audit_id=audit.pk, attempt=attempt)
    return Audit.objects.get(pk=audit.pk)


def step_of(audit: Audit, name: StepName) -> AuditStep:
    return AuditStep.objects.get(audit=audit, name=name.value)


def entries(audit: Audit, action: str) -> int:
    return AuditLogEntry.objects.filter(object_id=audit.pk, action=action).count()


def expire(audit: Audit, name: StepName) -> None:
    past = timezone.now() - timedelta(seconds=1)
    AuditStep.objects.filter(audit=audit, name=name).update(lease_expires_at=past)


def long_ago(audit: Audit) -> None:
    AuditStep.objects.filter(audit=audit, sent_at__isnull=False).update(
        sent_at=timezone.now() - timedelta(hours=1)
    )
