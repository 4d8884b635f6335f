"""What an audit found: findings, mentions, flags, claims, and the ledger of what was unusable.

``position`` keeps the order in which the core gave them; rows are written once, with their step.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audits.models.audits import Audit, StepName
from audits.models.choices import choices, known, one_of, ordered, unknown
from inference.vocabulary import FlagKind, Label, LedgerReason, State

SIDES = ("left", "right", "bilateral")
FLAG_REASONS = ("omitted", "denied")
CLAIM_TYPES = ("finding", "absence", "measurement", "impression", "recommendation", "other")
ALIGNMENTS = ("supported", "uncertain", "needs_review")

_BOX = ("y0", "x0", "y1", "x1")


class Evidence(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["position"]


class Finding(Evidence):
    """What the grounder saw; a box is ``y0, x0, y1, x1`` in 0..1 of the image, or absent."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="findings")
    label = models.CharField(max_length=30, choices=choices(Label))
    y0 = models.FloatField(null=True)
    x0 = models.FloatField(null=True)
    y1 = models.FloatField(null=True)
    x1 = models.FloatField(null=True)
    score = models.FloatField(null=True)
    below = models.BooleanField(default=False)

    class Meta(Evidence.Meta):
        constraints = [
            models.UniqueConstraint(fields=["audit", "position"], name="finding_once"),
            models.CheckConstraint(condition=one_of("label", Label), name="finding_label_known"),
            models.CheckConstraint(
                condition=unknown(*_BOX)
                | (
                    known(*_BOX)
                    & Q(y0__gte=0, x0__gte=0, y1__lte=1, x1__lte=1)
                    & ordered("y0", "y1")
                    & ordered("x0", "x1")
                ),
                name="finding_box_whole_and_ordered",
            ),
            models.CheckConstraint(
                condition=unknown("score") | Q(score__gte=0, score__lte=1),
                name="finding_score_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"finding {self.label}"

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        if self.y0 is None or self.x0 is None or self.y1 is None or self.x1 is None:
            return None
        return (self.y0, self.x0, self.y1, self.x1)


class Mention(Evidence):
    """One phrase of the draft: characters ``start`` to ``end`` of its text."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="mentions")
    label = models.CharField(max_length=30, choices=choices(Label))
    state = models.CharField(max_length=10, choices=choices(State))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    cue = models.TextField(blank=True)
    section = models.TextField(blank=True)
    rule = models.TextField(blank=True)
    overruled = models.BooleanField(default=False)
    side = models.CharField(max_length=10, null=True, choices=choices(SIDES))
    location = models.TextField(null=True)
    severity = models.TextField(null=True)
    change = models.TextField(null=True)
    size_mm = models.FloatField(null=True)

    class Meta(Evidence.Meta):
        constraints = [
            models.UniqueConstraint(fields=["audit", "position"], name="mention_once"),
            models.CheckConstraint(condition=one_of("label", Label), name="mention_label_known"),
            models.CheckConstraint(condition=one_of("state", State), name="mention_state_known"),
            models.CheckConstraint(
                condition=one_of("side", SIDES, or_null=True), name="mention_side_known"
            ),
            models.CheckConstraint(condition=ordered("start", "end"), name="mention_span_ordered"),
        ]

    def __str__(self) -> str:
        return f"mention {self.label} {self.state}"


class Flag(Evidence):
    """One disagreement. Never changed: what people say of it are decisions.

    ``boxes`` are ``[y0, x0, y1, x1]`` lists, ``spans`` ``[start, end]`` lists.
    """

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=12, choices=choices(FlagKind))
    label = models.CharField(max_length=30, choices=choices(Label))
    reason = models.CharField(max_length=10, null=True, choices=choices(FLAG_REASONS))
    reported = models.BooleanField(null=True)
    side = models.CharField(max_length=10, null=True, choices=choices(SIDES))
    side_agrees = models.BooleanField(null=True)
    boxes = models.JSONField(default=list)
    spans = models.JSONField(default=list)
    rule = models.TextField(blank=True)
    urgency_tier = models.PositiveSmallIntegerField(null=True)
    urgency_wording = models.TextField(blank=True)

    class Meta(Evidence.Meta):
        constraints = [
            models.UniqueConstraint(fields=["audit", "kind", "label"], name="flag_once"),
            models.CheckConstraint(condition=one_of("kind", FlagKind), name="flag_kind_known"),
            models.CheckConstraint(condition=one_of("label", Label), name="flag_label_known"),
            models.CheckConstraint(
                condition=(Q(kind="MISSING", reason__in=FLAG_REASONS) & known("reason"))
                | (~Q(kind="MISSING") & unknown("reason")),
                name="flag_reason_only_missing",
            ),
            models.CheckConstraint(
                condition=Q(kind="URGENT") | unknown("reported"),
                name="flag_reported_only_urgent",
            ),
            models.CheckConstraint(
                condition=(Q(kind="URGENT", urgency_tier__gte=1) & known("urgency_tier"))
                | (~Q(kind="URGENT") & unknown("urgency_tier")),
                name="flag_tier_only_urgent",
            ),
        ]
        indexes = [models.Index(fields=["kind", "label"], name="flag_kind_label")]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class Claim(Evidence):
    """One statement of the draft, and how the image supports it (null outside the labels)."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="claims")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    type = models.CharField(max_length=20, choices=choices(CLAIM_TYPES))
    labels = ArrayField(models.CharField(max_length=30), default=list)
    alignment = models.CharField(max_length=20, null=True, choices=choices(ALIGNMENTS))
    penalty = models.PositiveSmallIntegerField(default=0)
    cause = models.TextField(blank=True)
    overconfident = models.JSONField(default=list)
    suggestion = models.TextField(null=True)

    class Meta(Evidence.Meta):
        constraints = [
            models.UniqueConstraint(fields=["audit", "position"], name="claim_once"),
            models.CheckConstraint(condition=one_of("type", CLAIM_TYPES), name="claim_type_known"),
            models.CheckConstraint(
                condition=one_of("alignment", ALIGNMENTS, or_null=True),
                name="claim_alignment_known",
            ),
            models.CheckConstraint(condition=ordered("start", "end"), name="claim_span_ordered"),
            models.CheckConstraint(
                condition=known("alignment") | Q(penalty=0),
                name="claim_penalty_needs_alignment",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.type}"


class LedgerRow(Evidence):
    """Something a model said that could not be used, verbatim; kept from every attempt."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="ledger")
    step = models.CharField(max_length=10, choices=choices(StepName))
    attempt = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=30, choices=choices(LedgerReason))
    raw = models.TextField()
    detail = models.TextField(blank=True)

    class Meta(Evidence.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "step", "attempt", "position"], name="ledger_once"
            ),
            models.CheckConstraint(condition=one_of("step", StepName), name="ledger_step_known"),
            models.CheckConstraint(
                condition=one_of("reason", LedgerReason), name="ledger_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}"
