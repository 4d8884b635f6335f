"""What is settled, by which written rule; and the differences that a person settles.

Neither is ever edited once it is there.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audits.models.cases import Case
from audits.models.choices import choices, one_of
from audits.models.evidence import Flag
from audits.models.reads import box_in_frame
from audits.models.review import Queue, ReviewItem
from inference.decisions import Reason, Verdict
from inference.vocabulary import Label


class Adjudication(models.Model):
    """The standing reads of an item differ: one adjudicator at a time, by lease, settles it.

    ``differs`` lists ``{"what": verdict | label | box, "label", "flag": id or null}``. One whose
    read was reopened before anybody ruled is ended for good: the reads are compared anew.
    """

    class State(models.TextChoices):
        OPEN = "open"
        SETTLED = "settled"
        REOPENED = "reopened"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="adjudications")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="adjudications")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    differs = models.JSONField()
    adjudicator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lease_token = models.UUIDField(null=True)
    fence = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, max_length=4000)
    opened_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=~Q(state="reopened"),
                name="adjudication_once_per_item",
            ),
            models.CheckConstraint(
                name="adjudication_state_known",
                condition=Q(state__in=["open", "settled", "reopened"]),
            ),
            models.CheckConstraint(
                name="adjudication_settled_says_why",
                condition=~Q(state="settled")
                | (Q(settled_at__isnull=False, adjudicator__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="adjudication_lease_whole",
                condition=Q(lease_token__isnull=True, leased_until__isnull=True)
                | Q(
                    state="open",
                    lease_token__isnull=False,
                    leased_until__isnull=False,
                    adjudicator__isnull=False,
                ),
            ),
        ]
        indexes = [models.Index(fields=["opened_at", "id"], name="adjudication_oldest")]

    def __str__(self) -> str:
        return f"adjudication of {self.item_id}"


class Ruling(models.Model):
    """An adjudicator's word on one difference: on a flag a verdict, on a label whether it is there.

    The id is made by the client.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    adjudication = models.ForeignKey(Adjudication, on_delete=models.PROTECT, related_name="rulings")
    label = models.CharField(max_length=32, choices=choices(Label))
    flag = models.ForeignKey(Flag, null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=20, choices=choices(Verdict), null=True)
    reason = models.CharField(max_length=24, choices=choices(Reason), null=True)
    present = models.BooleanField(null=True)
    box = ArrayField(models.FloatField(), size=4, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["adjudication", "flag"],
                condition=Q(flag__isnull=False),
                name="ruling_once_per_flag",
            ),
            models.UniqueConstraint(
                fields=["adjudication", "label"],
                condition=Q(flag__isnull=True),
                name="ruling_once_per_label",
            ),
            models.CheckConstraint(
                name="ruling_of_flag_or_label",
                condition=Q(flag__isnull=False, verdict__isnull=False, present__isnull=True)
                | Q(flag__isnull=True, verdict__isnull=True, present__isnull=False),
            ),
            models.CheckConstraint(name="ruling_box_in_frame", condition=box_in_frame("box")),
        ]

    def __str__(self) -> str:
        return f"ruling on {self.flag_id or self.label}"


class SettlingRule(models.TextChoices):
    """How something was settled, weakest first."""

    SINGLE_READ = "single_read"
    AGREEMENT = "agreement"
    ADJUDICATED = "adjudicated"


class Settlement(models.Model):
    """What one item settled about one flag, or about one label that no flag names.

    ``finding_true`` says whether the label is on the image, where it was settled. ``basis`` tells
    what the readers answered to: a flag, a finding they added, or the question whether anything
    else was missed. One with ``reopened_at`` holds no more: a read behind it was reopened.
    """

    class Basis(models.TextChoices):
        FLAG = "flag"
        MISSED_FINDING = "missed_finding"
        ATTESTED = "attested"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="settlements")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="settlements")
    label = models.CharField(max_length=32, choices=choices(Label))
    flag = models.ForeignKey(Flag, null=True, on_delete=models.PROTECT, related_name="settlements")
    basis = models.CharField(max_length=14, choices=Basis)
    rule = models.CharField(max_length=11, choices=SettlingRule)
    verdict = models.CharField(max_length=20, choices=choices(Verdict), null=True)
    reason = models.CharField(max_length=24, choices=choices(Reason), null=True)
    finding_true = models.BooleanField(null=True)
    box_right = models.BooleanField(null=True)
    draft_read_right = models.BooleanField(null=True)
    box = ArrayField(models.FloatField(), size=4, null=True)
    adjudication = models.ForeignKey(Adjudication, null=True, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    reopened_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "flag"],
                condition=Q(flag__isnull=False, reopened_at__isnull=True),
                name="settlement_once_per_flag",
            ),
            models.UniqueConstraint(
                fields=["item", "label"],
                condition=Q(flag__isnull=True, reopened_at__isnull=True),
                name="settlement_once_per_label",
            ),
            models.CheckConstraint(
                name="settlement_words_known",
                condition=one_of("rule", SettlingRule.values) & one_of("label", Label),
            ),
            models.CheckConstraint(
                name="settlement_basis_fits",
                condition=Q(flag__isnull=False, basis="flag", verdict__isnull=False)
                | Q(
                    flag__isnull=True,
                    basis__in=["missed_finding", "attested"],
                    verdict__isnull=True,
                    finding_true__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="settlement_rule_fits",
                condition=Q(rule="adjudicated") | Q(adjudication__isnull=True),
            ),
            models.CheckConstraint(
                name="settlement_ruled_is_not_reopened",
                condition=~Q(rule="adjudicated") | Q(reopened_at__isnull=True),
            ),
            models.CheckConstraint(name="settlement_box_in_frame", condition=box_in_frame("box")),
        ]
        indexes = [models.Index(fields=["case", "label"], name="settlement_of_case")]

    def __str__(self) -> str:
        return f"{self.label} of {self.case_id} settled: {self.rule}"
