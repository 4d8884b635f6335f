"""Versions weighed against each other, and which one people chose."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from audits.models.backends import BackendKind, ModelVersion
from audits.models.choices import choices, one_of
from audits.models.review import Queue
from audits.models.sources import Source


class Comparison(models.Model):
    """What two versions made of the same settled cases, as it was at that moment; never edited.

    ``report`` begins with its accounting. ``red`` says that a version left a case without a
    usable answer (``warnings`` in words): read no score before that. ``left_out`` are settled
    cases of the set beyond the bound.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    a = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    b = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    seed = models.PositiveIntegerField(default=0)
    cases = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField()
    red = models.BooleanField()
    warnings = models.JSONField(default=list)
    report = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(a=F("b")), name="comparison_of_two"),
            models.CheckConstraint(
                condition=Q(red=True) ^ Q(warnings=[]), name="comparison_red_says_why"
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="comparison_newest")]

    def __str__(self) -> str:
        return f"comparison {self.id}"


class Promotion(models.Model):
    """A version was chosen as its kind's current one; the newest ``number`` of a kind holds.

    ``rollback`` tells a version that had been current before. Settings still decide what runs:
    this is the record of what people decided, and why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=choices(BackendKind))
    number = models.PositiveIntegerField()
    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="promotions")
    previous = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    rollback = models.BooleanField()
    reason = models.TextField(max_length=2000)
    comparison = models.ForeignKey(
        Comparison, on_delete=models.PROTECT, null=True, related_name="promotions"
    )
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="promotion_number_once"),
            models.CheckConstraint(
                condition=one_of("kind", BackendKind), name="promotion_kind_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="promotion_says_why"),
            models.CheckConstraint(
                condition=Q(previous__isnull=True) | ~Q(previous=F("model")),
                name="promotion_changes_something",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="promotion_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}: {self.model_id}"


class ModelAlert(models.Model):
    """A note on the models page: a weekly rate of a version lies apart from the weeks before.

    Both are ``{"value", "n", "low", "high"}``, as they were when the note was written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="alerts")
    week = models.DateField(help_text="Its Monday.")
    measure = models.CharField(max_length=20)
    now = models.JSONField()
    before = models.JSONField()
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "week", "measure"], name="model_alert_once_a_week"
            )
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="model_alert_newest")]

    def __str__(self) -> str:
        return self.text
