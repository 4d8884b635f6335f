"""A batch: a selection of drafts, audited by one grounder and one parser in the background.

Its state follows from its items and their audits, so nothing has to be kept in step with them.
"""

import uuid

from django.db import models
from django.db.models import Q

from audits.models.audits import Audit
from audits.models.backends import ModelVersion
from audits.models.cases import Draft
from audits.models.people import User


class Batch(models.Model):
    """``selection`` is what was asked for; the items are what it held at that moment.

    ``sent_at`` is when the worker was last asked to go on with it (start items, or cancel them).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    selection = models.JSONField(default=dict)
    grounder = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    parser = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    policy = models.CharField(max_length=20)
    retry_failed = models.BooleanField(default=False)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="batch_newest")]

    def __str__(self) -> str:
        return f"batch {self.id}"


class BatchItem(models.Model):
    """One draft of a batch: not started yet, refused with a reason, or with its audit.

    ``is_new`` tells an audit made for this batch from one that was there before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, null=True, related_name="items")
    is_new = models.BooleanField(default=False)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal_message = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "draft"], name="batch_item_once"),
            models.UniqueConstraint(fields=["batch", "position"], name="batch_item_position_once"),
            models.CheckConstraint(
                condition=Q(audit__isnull=True) | Q(refusal_code=""),
                name="batch_item_started_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(audit__isnull=False) | Q(is_new=False), name="batch_item_new_has_audit"
            ),
        ]
        indexes = [
            models.Index(
                fields=["batch", "position"],
                name="batch_item_unstarted",
                condition=Q(audit__isnull=True, refusal_code=""),
            )
        ]

    def __str__(self) -> str:
        return f"item {self.position} of {self.batch_id}"
