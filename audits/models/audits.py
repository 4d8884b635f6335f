"""An audit and its steps: the state machine, and who may move it.

    queued -> running -> done | failed | cancelled        failed -> queued (a new attempt)

`audits.services.audits` holds one function per transition. The checks below and the trigger of
migration 0003 refuse every other move, and any change of an audit that is done or cancelled.
"""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from audits.models.backends import ModelVersion
from audits.models.cases import Case, Draft
from audits.models.choices import choices, one_of
from audits.models.people import User
from inference.vocabulary import DraftState, ImageState


class AuditState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepName(StrEnum):
    GROUNDING = "grounding"
    PARSING = "parsing"
    COMPARING = "comparing"


class StepState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Priority(StrEnum):
    """Who waits: a person in front of a page goes before a batch."""

    PERSON = "person"
    BATCH = "batch"


LIVE_STATES = (AuditState.QUEUED, AuditState.RUNNING)
ENDED_STATES = (AuditState.DONE, AuditState.FAILED, AuditState.CANCELLED)


class Audit(models.Model):
    """One (case, draft, grounder version, parser version, policy).

    ``image_labels`` and ``draft_labels`` hold all five labels once their step is done, ``scores``
    whole-image scores in 0..1. ``urgency_rank`` orders the worklist: 4 an unreported tier 1
    flag, 3 an unreported tier 2 flag, 2 and 1 the same with a draft that reports it (or that
    could not be read), 0 nothing urgent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="audits")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="audits")
    grounder = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    parser = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    policy = models.CharField(max_length=20)
    state = models.CharField(
        max_length=10, choices=choices(AuditState), default=AuditState.QUEUED.value
    )
    priority = models.CharField(
        max_length=10, choices=choices(Priority), default=Priority.PERSON.value
    )
    attempt = models.PositiveSmallIntegerField(default=1)
    image_state = models.CharField(max_length=10, null=True, choices=choices(ImageState))
    draft_state = models.CharField(max_length=10, null=True, choices=choices(DraftState))
    image_labels = models.JSONField(null=True)
    draft_labels = models.JSONField(null=True)
    scores = models.JSONField(default=dict)
    measurements = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    score = models.PositiveSmallIntegerField(null=True)
    urgency_rank = models.PositiveSmallIntegerField(default=0)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_message = models.TextField(blank=True)
    failure_step = models.CharField(max_length=10, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "draft", "grounder", "parser", "policy"],
                condition=~Q(state="cancelled"),
                name="audit_once",
            ),
            models.CheckConstraint(condition=one_of("state", AuditState), name="audit_state_known"),
            models.CheckConstraint(
                condition=one_of("priority", Priority), name="audit_priority_known"
            ),
            models.CheckConstraint(
                condition=one_of("image_state", ImageState, or_null=True),
                name="audit_image_state_known",
            ),
            models.CheckConstraint(
                condition=one_of("draft_state", DraftState, or_null=True),
                name="audit_draft_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED_STATES, finished_at__isnull=False)
                | Q(state__in=LIVE_STATES, finished_at__isnull=True),
                name="audit_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") ^ Q(failure_code=""), name="audit_failed_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | (
                    Q(image_state__isnull=False, image_state__in=["grounded", "partial"])
                    & Q(image_labels__isnull=False)
                    & Q(draft_state__isnull=False, draft_labels__isnull=False)
                ),
                name="audit_done_has_results",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | (Q(score__lte=100) & Q(state="done")),
                name="audit_score_in_range",
            ),
            models.CheckConstraint(condition=Q(attempt__gte=1), name="audit_attempt_counts"),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="audit_newest"),
            models.Index(fields=["-urgency_rank", "-created_at", "-id"], name="audit_most_urgent"),
            models.Index(
                fields=["created_at"], name="audit_live", condition=Q(state__in=LIVE_STATES)
            ),
            models.Index(
                fields=["-created_at", "-id"],
                name="audit_troubled",
                condition=Q(state__in=["failed", "cancelled"]),
            ),
        ]

    def __str__(self) -> str:
        return f"audit {self.id}"


class AuditStep(models.Model):
    """One step of one audit, and its one result.

    A worker holds a running step by ``lease`` until ``lease_expires_at`` and renews it while it
    works; a result is taken only from the holder of the lease, in the audit's current attempt.
    ``claims`` counts the workers that took the step in this attempt, ``sends`` its messages;
    the last of these went to ``queue``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=10, choices=choices(StepName))
    state = models.CharField(
        max_length=10, choices=choices(StepState), default=StepState.WAITING.value
    )
    attempt = models.PositiveSmallIntegerField(default=1)
    claims = models.PositiveSmallIntegerField(default=0)
    sends = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    queue = models.CharField(max_length=40, blank=True)
    lease = models.UUIDField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ms = models.PositiveIntegerField(null=True)
    result = models.JSONField(null=True)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_message = models.TextField(blank=True)
    traceback = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "name"], name="step_once"),
            models.CheckConstraint(condition=one_of("name", StepName), name="step_name_known"),
            models.CheckConstraint(condition=one_of("state", StepState), name="step_state_known"),
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False, lease_expires_at__isnull=False)
                | (~Q(state="running") & Q(lease__isnull=True, lease_expires_at__isnull=True)),
                name="step_running_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], ended_at__isnull=False)
                | Q(state__in=["waiting", "running"], ended_at__isnull=True),
                name="step_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") ^ Q(failure_code=""), name="step_failed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(started_at__isnull=True)
                | Q(ended_at__gte=F("started_at")),
                name="step_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sent_at"],
                name="step_open",
                condition=Q(state__in=["waiting", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.audit_id}"
