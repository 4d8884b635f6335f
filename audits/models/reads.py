"""Reads and decisions: what readers said.

A read belongs to one lease of one slot, at most one read of a slot is submitted and stands, and
decisions are never edited (constraints here, triggers in migrations 0005 and 0034).
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audits.models.choices import choices, one_of
from audits.models.evidence import Flag
from audits.models.review import ReviewSlot
from inference.decisions import Reason, Significance, Verdict
from inference.vocabulary import Label


def box_in_frame(field: str) -> Q:
    """``[y0, x0, y1, x1]`` within 0..1 and not empty, or no box at all."""
    return Q(**{f"{field}__isnull": True}) | Q(
        **{
            f"{field}__len": 4,
            f"{field}__0__gte": 0,
            f"{field}__1__gte": 0,
            f"{field}__2__lte": 1,
            f"{field}__3__lte": 1,
            f"{field}__0__lt": F(f"{field}__2"),
            f"{field}__1__lt": F(f"{field}__3"),
        }
    )


class Read(models.Model):
    """What one person said under one lease of one slot. Only submitted reads count or leave, and
    of those only the ones that were not reopened (`Reopening`): they *stand*.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slot = models.ForeignKey(ReviewSlot, on_delete=models.PROTECT, related_name="reads")
    fence = models.PositiveIntegerField()
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reads"
    )
    guideline_version = models.PositiveIntegerField(default=1)
    nothing_else_missed = models.BooleanField(null=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "fence"], name="read_once_per_lease"),
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(submitted_at__isnull=False, reopened_at__isnull=True),
                name="read_stands_once_per_slot",
            ),
            models.CheckConstraint(
                name="read_reopened_was_submitted",
                condition=Q(reopened_at__isnull=True) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="read_submitted_says_if_complete",
                condition=Q(submitted_at__isnull=True) | Q(nothing_else_missed__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-submitted_at", "-id"],
                name="read_newest",
                condition=Q(submitted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"read of {self.slot_id} at fence {self.fence}"


class Reopening(models.Model):
    """An adjudicator opened a submitted read again, and why. Never edited; the id is made by the
    client. What was submitted stays as it was and counts no more.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    read = models.OneToOneField(Read, on_delete=models.PROTECT, related_name="reopening")
    adjudicator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="reopening_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"reopening of {self.read_id}"


class Decision(models.Model):
    """One answer to one flag. Never edited: a change of mind is a new row that supersedes.

    The id is made by the client, so that the same save sent twice is one decision. The live
    decision on a flag is the newest of its read that was not retracted.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="decisions")
    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField(help_text="Order within the read, from 1.")
    verdict = models.CharField(max_length=20, choices=choices(Verdict))
    reason = models.CharField(max_length=24, choices=choices(Reason), null=True)
    significance = models.CharField(max_length=12, choices=choices(Significance), null=True)
    box = ArrayField(models.FloatField(), size=4, null=True, blank=True)
    comment = models.TextField(blank=True, max_length=4000)
    active_seconds = models.FloatField(null=True)
    seen = models.JSONField(default=dict)
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    finding_true = models.BooleanField(null=True)
    box_right = models.BooleanField(null=True)
    draft_read_right = models.BooleanField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["read", "number"], name="decision_number_once"),
            models.CheckConstraint(
                name="decision_verdict_known", condition=one_of("verdict", Verdict)
            ),
            models.CheckConstraint(
                name="decision_reason_follows_verdict",
                condition=Q(verdict__startswith="confirmed", reason__isnull=True)
                | Q(verdict="indeterminate")
                | Q(verdict="dismissed", reason__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_reason_known",
                condition=one_of("reason", Reason, or_null=True),
            ),
            models.CheckConstraint(
                name="decision_significance_known",
                condition=one_of("significance", Significance, or_null=True),
            ),
            models.CheckConstraint(name="decision_box_in_frame", condition=box_in_frame("box")),
            models.CheckConstraint(
                name="decision_modified_has_box",
                condition=~Q(verdict="confirmed_modified") | Q(box__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} on {self.flag_id}"


class MissedFinding(models.Model):
    """A finding the auditor did not raise and the reader adds. The id is made by the client."""

    id = models.UUIDField(primary_key=True, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="missed_findings")
    label = models.CharField(max_length=32, choices=choices(Label))
    box = ArrayField(models.FloatField(), size=4, null=True, blank=True)
    comment = models.TextField(blank=True, max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="missed_label_known", condition=one_of("label", Label)),
            models.CheckConstraint(name="missed_box_in_frame", condition=box_in_frame("box")),
        ]

    def __str__(self) -> str:
        return f"missed {self.label}"


class Retraction(models.Model):
    """Takes back one decision or one missed finding. A row of its own: history stays whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.OneToOneField(
        Decision, null=True, on_delete=models.PROTECT, related_name="retraction"
    )
    missed_finding = models.OneToOneField(
        MissedFinding, null=True, on_delete=models.PROTECT, related_name="retraction"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="retraction_of_one_thing",
                condition=Q(decision__isnull=False, missed_finding__isnull=True)
                | Q(decision__isnull=True, missed_finding__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"retraction of {self.decision_id or self.missed_finding_id}"
