"""Releases: frozen, versioned exports of what readers decided."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


def new_seed() -> str:
    """A release's own random seed: its pseudonyms can be made again until it is published."""
    return secrets.token_hex(32)


class Release(models.Model):
    """One version of the dataset. Once published it never changes, and its seed is gone.

    ``files`` holds ``{"name", "bytes", "sha256"}`` per file, ``counts`` rows per table,
    ``refused`` what may not leave, each with its reason and count.
    """

    class State(models.TextChoices):
        BUILDING = "building"
        READY = "ready"
        FAILED = "failed"
        PUBLISHED = "published"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    version = models.CharField(max_length=40)
    state = models.CharField(max_length=9, choices=State, default=State.BUILDING)
    seed = models.CharField(max_length=64, default=new_seed, blank=True, editable=False)
    counts = models.JSONField(default=dict)
    refused = models.JSONField(default=list)
    files = models.JSONField(default=list)
    failure = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="releases"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    attempted_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="release_version_once"),
            models.CheckConstraint(
                name="release_seed_gone_when_published",
                condition=Q(state="published", seed="", published_at__isnull=False)
                | (~Q(state="published") & ~Q(seed="") & Q(published_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="release_failure_follows_state",
                condition=Q(state="failed") ^ Q(failure=""),
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="release_newest")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
