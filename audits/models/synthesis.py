"""Synthetic drafts, and the flags they deserve: the truth that a benchmark scores against."""

import uuid

from django.db import models

from audits.models.cases import Draft


class SyntheticDraft(models.Model):
    """How one draft was made, and its right flags. Readers never see this row.

    ``batch`` is one for all drafts that were made together; ``kind``, ``label`` (null for a
    control) and ``expected_flags`` (``{"kind", "label", "reason", "reported"}``) are those of
    `inference.synthesis`.
    """

    draft = models.OneToOneField(
        Draft, primary_key=True, on_delete=models.PROTECT, related_name="synthesis"
    )
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=40, null=True)
    seed = models.BigIntegerField()
    expected_flags = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.draft_id}"
