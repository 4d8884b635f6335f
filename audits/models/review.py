"""Queues, items and slots: who may read what, and until when.

The database holds the rules that a race could break: one person reads an item once, a slot has
one holder.
"""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.audits import Audit
from audits.models.choices import one_of


def new_seed() -> str:
    """A queue's own seed: its draws can be made again, and nobody can guess them."""
    return secrets.token_hex(16)


class Queue(models.Model):
    """A named pile of audits that people read under one set of rules.

    ``filter`` says which audits a filling takes, ``unflagged_share`` which part of the unflagged
    ones is drawn on top; readers see neither. ``guideline`` is the newest text, the earlier
    ones are kept in `Guideline`. In a ``blind_first`` queue people say what they see in the image
    before they are shown the draft, and read the draft before they are shown the flags.
    """

    class State(models.TextChoices):
        OPEN = "open"
        PAUSED = "paused"
        CLOSED = "closed"

    class Mode(models.TextChoices):
        FLAGS_FIRST = "flags_first"
        BLIND_FIRST = "blind_first"

    class Order(models.TextChoices):
        URGENT = "urgent"
        UNCERTAIN = "uncertain"
        OLDEST = "oldest"
        RANDOM = "random"
        INFORMATIVE = "informative"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.FLAGS_FIRST)
    order = models.CharField(max_length=11, choices=Order, default=Order.URGENT)
    reads_per_item = models.PositiveSmallIntegerField(default=1)
    lease_minutes = models.PositiveSmallIntegerField(default=15)
    guideline = models.TextField(blank=True)
    guideline_version = models.PositiveIntegerField(default=1)
    box_iou_bar = models.FloatField(
        default=0.5, help_text="Boxes of two readers that overlap less differ."
    )
    filter = models.JSONField(default=dict, blank=True)
    unflagged_share = models.FloatField(default=0.0)
    informed_share = models.FloatField(default=1.0)
    drawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    seed = models.CharField(max_length=32, default=new_seed, editable=False)
    takes_done_audits = models.BooleanField(
        default=False, help_text="Every audit that ends enters this queue by itself."
    )
    open_to_all = models.BooleanField(
        default=True, help_text="Any reviewer may read here; else only its members."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="queue_reads_per_item", condition=Q(reads_per_item__range=(1, 9))
            ),
            models.CheckConstraint(
                name="queue_lease_minutes", condition=Q(lease_minutes__range=(1, 240))
            ),
            models.CheckConstraint(
                name="queue_words_known",
                condition=Q(
                    state__in=["open", "paused", "closed"],
                    order__in=["urgent", "uncertain", "oldest", "random", "informative"],
                ),
            ),
            # Whatever came in otherwise would have no chance, and no weight.
            models.CheckConstraint(
                name="queue_informative_draws_alone",
                condition=~Q(order="informative") | Q(unflagged_share=0, takes_done_audits=False),
            ),
            models.CheckConstraint(
                name="queue_informed_share_in_range",
                condition=Q(informed_share__gt=0, informed_share__lte=1),
            ),
            # Any other order would tell a reader what the auditor thinks of the next image.
            models.CheckConstraint(
                name="queue_blind_is_random",
                condition=Q(mode="flags_first") | Q(mode="blind_first", order="random"),
            ),
            models.CheckConstraint(
                name="queue_share_in_range", condition=Q(unflagged_share__range=(0, 1))
            ),
            models.CheckConstraint(
                name="queue_bar_in_range", condition=Q(box_iou_bar__range=(0, 1))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Guideline(models.Model):
    """A version of a queue's guideline that a later one replaced. Reads name the version."""

    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="guidelines")
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "version"], name="guideline_version_once"),
        ]

    def __str__(self) -> str:
        return f"guideline {self.version} of {self.queue_id}"


class ReviewItem(models.Model):
    """One audit in one queue. ``sampling_weight`` is 1 unless it was ``drawn`` by chance."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="items")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="review_items")
    drawn = models.BooleanField(default=False, help_text="By chance, from more audits.")
    sampling_weight = models.FloatField(default=1.0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "audit"], name="item_once_in_queue"),
            models.CheckConstraint(name="item_weight_positive", condition=Q(sampling_weight__gt=0)),
            models.CheckConstraint(
                name="item_weight_if_drawn", condition=Q(drawn=True) | Q(sampling_weight=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit_id} in {self.queue_id}"


class ReviewSlot(models.Model):
    """One of the reads an item needs. Overlap is rows: ``reads_per_item`` of them, up front.

    One with ``assigned_to`` is offered to that person first, and to nobody else.

    A lease that ran out is still ``leased`` here; the claim tests ``leased_until`` itself, so no
    sweeper has to run for an item to become free. ``fence`` counts leases: whoever writes with an
    older one has lost the slot. A slot is ``closed`` when its case was withdrawn before the read.
    """

    class State(models.TextChoices):
        FREE = "free"
        LEASED = "leased"
        SUBMITTED = "submitted"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="slots")
    number = models.PositiveSmallIntegerField()
    # The queue and the rank are copied here so that a claim reads one index of one table.
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="slots")
    rank = models.IntegerField(default=0, help_text="Lower is read first.")
    state = models.CharField(max_length=9, choices=State, default=State.FREE)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="slots",
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assigned_slots",
    )
    lease_token = models.UUIDField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="slot_number_once"),
            models.UniqueConstraint(fields=["item", "reviewer"], name="slot_one_per_reviewer"),
            models.UniqueConstraint(fields=["item", "assigned_to"], name="slot_assigned_once"),
            models.CheckConstraint(
                name="slot_holder_follows_state",
                condition=Q(
                    state="free",
                    reviewer__isnull=True,
                    lease_token__isnull=True,
                    leased_until__isnull=True,
                )
                | Q(
                    state="closed",
                    reviewer__isnull=True,
                    lease_token__isnull=True,
                    leased_until__isnull=True,
                )
                | Q(
                    state="leased",
                    reviewer__isnull=False,
                    lease_token__isnull=False,
                    leased_until__isnull=False,
                )
                | Q(
                    state="submitted",
                    reviewer__isnull=False,
                    lease_token__isnull=True,
                    leased_until__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "rank", "id"],
                name="slot_claim_order",
                condition=Q(state__in=["free", "leased"]),
            ),
            models.Index(fields=["queue", "state", "leased_until"], name="slot_by_state"),
            models.Index(
                fields=["assigned_to", "queue", "rank", "id"],
                name="slot_assigned_order",
                condition=Q(assigned_to__isnull=False, state__in=["free", "leased"]),
            ),
        ]

    def __str__(self) -> str:
        return f"slot {self.number} of {self.item_id}"


class SkipReason(models.TextChoices):
    """Why a person passed an item on."""

    IMAGE_QUALITY = "image_quality"
    NOT_MY_FIELD = "not_my_field"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    OTHER = "other"


class Skip(models.Model):
    """A person passed an item on, and why; it is not offered to them again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="skips")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    reason = models.CharField(max_length=24, choices=SkipReason)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "reviewer"], name="skip_once_per_reviewer"),
            models.CheckConstraint(
                name="skip_reason_known", condition=one_of("reason", SkipReason.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} skipped: {self.reason}"
