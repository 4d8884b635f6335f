"""What models really said, attempt by attempt, and every failure of a step with its traceback."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import Q

from audits.models.audits import Audit, StepName
from audits.models.backends import ModelVersion
from audits.models.choices import choices, one_of


class GenerationOutcome(StrEnum):
    """Every generation has exactly one: generations = used + recovered + failed, always."""

    USED = "used"
    RECOVERED = "recovered"
    FAILED = "failed"


class Generation(models.Model):
    """One answer of one model to one step: raw, with the settings that made it.

    ``member`` names the grounder of an ensemble; of each member's answers in one attempt of a
    step at most one is not failed. Written in the transaction that ends the step.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="generations")
    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="generations")
    step = models.CharField(max_length=10, choices=choices(StepName))
    attempt = models.PositiveSmallIntegerField()
    member = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=choices(GenerationOutcome))
    raw = models.TextField(blank=True)
    settings = models.JSONField(default=dict)
    tokens_in = models.PositiveIntegerField(null=True)
    tokens_out = models.PositiveIntegerField(null=True)
    ms = models.PositiveIntegerField()
    detail = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "step", "attempt", "position"], name="generation_once"
            ),
            models.UniqueConstraint(
                fields=["audit", "step", "attempt", "member"],
                condition=~Q(outcome="failed"),
                name="generation_taken_once",
            ),
            models.CheckConstraint(
                condition=one_of("step", StepName), name="generation_step_known"
            ),
            models.CheckConstraint(
                condition=one_of("outcome", GenerationOutcome), name="generation_outcome_known"
            ),
        ]
        indexes = [models.Index(fields=["model", "outcome"], name="generation_of_model")]

    def __str__(self) -> str:
        return f"{self.outcome} generation {self.position} of {self.audit_id}"


class FailedStep(models.Model):
    """One failure of a step: kept when the audit is retried."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="failures")
    step = models.CharField(max_length=10, choices=choices(StepName))
    attempt = models.PositiveSmallIntegerField()
    claims = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    message = models.TextField()
    traceback = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "step", "attempt"], name="failed_step_once"),
            models.CheckConstraint(condition=one_of("step", StepName), name="failed_step_known"),
            models.CheckConstraint(condition=~Q(code=""), name="failed_step_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.audit_id} failed: {self.code}"
