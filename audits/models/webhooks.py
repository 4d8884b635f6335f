"""Webhooks: whom to tell of what, the outbox of what is to be told, and every attempt."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from audits.models.choices import one_of

EVENTS = (
    "audit.done",
    "audit.failed",
    "read.submitted",
    "adjudication.settled",
    "release.published",
    "case.withdrawn",
)
"""What can be told. A new word is added here and emitted by the service that makes it true."""


class Webhook(models.Model):
    """An address that wants to know. Its secret is derived from ``salt`` and never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    url = models.CharField(max_length=2000)
    events = ArrayField(models.CharField(max_length=40))
    active = models.BooleanField(default=True)
    salt = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(active=False),
                name="webhook_deleted_is_silent",
            ),
            models.CheckConstraint(
                condition=Q(events__len__gt=0, events__contained_by=list(EVENTS)),
                name="webhook_events_known",
            ),
        ]

    def __str__(self) -> str:
        return f"webhook {self.id}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GAVE_UP = "gave_up"


class WebhookDelivery(models.Model):
    """One thing to tell one webhook, written in the transaction of the change it tells of.

    ``attempts`` counts those since it was made or replayed. While a worker sends it, ``lease``
    names that worker's attempt; after ``leased_until`` another may try.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")
    event = models.CharField(max_length=40)
    target_type = models.CharField(max_length=40)
    target_id = models.UUIDField()
    data = models.JSONField(default=dict)
    state = models.CharField(
        max_length=9, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["webhook", "-created_at", "-id"], name="delivery_newest"),
            models.Index(
                fields=["webhook", "next_at"], name="delivery_due", condition=Q(state="waiting")
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=one_of("event", EVENTS), name="delivery_event_known"),
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False)
                | Q(
                    state__in=["delivered", "gave_up"],
                    next_at__isnull=True,
                    lease__isnull=True,
                ),
                name="delivery_waits_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(lease__isnull=True, leased_until__isnull=True)
                | Q(lease__isnull=False, leased_until__isnull=False),
                name="delivery_lease_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} for {self.webhook_id}"


class WebhookAttempt(models.Model):
    """One try. Its row is there before anything is sent; without ``ms`` it has not ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.PROTECT, related_name="history")
    at = models.DateTimeField(auto_now_add=True)
    status = models.PositiveSmallIntegerField(null=True)
    ms = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "at"], name="attempts_in_order")]

    def __str__(self) -> str:
        return f"attempt of {self.delivery_id}"
