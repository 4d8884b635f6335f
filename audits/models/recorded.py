"""Findings that came with a case: what radiologists drew, or what a model had said before."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import Q

from audits.models.cases import Case
from audits.models.choices import choices, one_of


class ReadingKind(StrEnum):
    """Who read: the grounder of the same name audits with it."""

    ANNOTATED = "annotated"
    RECORDED = "recorded"


class RecordedReading(models.Model):
    """One reader's findings of one case, as its source gave them; never edited, only added to.

    ``findings`` is a list of ``{"label", "state": present | uncertain, "box": [y0, x0, y1, x1] |
    null, "score": 0..1 | null}``, ``assessed`` the labels the reader looked for: one of them
    without a finding is absent, any other label without a finding is null. ``normal`` says that
    the reader saw nothing at all, also outside the labels. ``ledger`` keeps what could not be
    used: ``{"reason", "raw", "detail"}``. The newest reading of a reader counts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="readings")
    kind = models.CharField(max_length=10, choices=choices(ReadingKind))
    reader_hash = models.CharField(max_length=64, blank=True)
    findings = models.JSONField(default=list)
    assessed = models.JSONField(default=list)
    normal = models.BooleanField(default=False)
    ledger = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "reader_hash", "digest"], name="reading_stored_once"
            ),
            models.CheckConstraint(
                condition=one_of("kind", ReadingKind), name="reading_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="reading_digest_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} reading of {self.case_id}"
