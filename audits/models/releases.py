"""Releases: frozen, versioned exports of what readers decided.

    building -> ready | failed            ready -> published, for ever

A build first freezes what it holds (`ReleaseCase`, `ReleaseAudit`, `ReleaseRead`,
`ReleaseSettlement`, `ReleaseAdjudication`), so that one that died goes on where it stopped and
gives the same bytes.
"""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.adjudication import Adjudication, Settlement
from audits.models.audits import Audit
from audits.models.cases import Case
from audits.models.people import Experience
from audits.models.reads import Read


def new_seed() -> str:
    """A release's own random seed: its pseudonyms can be made again until it is published."""
    return secrets.token_hex(32)


class Release(models.Model):
    """One version of the dataset. Once published it never changes, and its seed is gone.

    ``selection`` narrows what enters it (queues, sources), ``files`` holds ``{"name", "bytes",
    "sha256"}`` per file, ``counts`` rows per table, ``refused`` what may not leave, each with its
    reason and count, ``changes`` the differences to ``previous``. ``terms_sha256`` is the
    fingerprint of the terms it was frozen under: a build under other terms starts over.
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
    selection = models.JSONField(default=dict)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    terms_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    counts = models.JSONField(default=dict)
    refused = models.JSONField(default=list)
    files = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    done = models.PositiveSmallIntegerField(default=0, help_text="Steps of the build that ended.")
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


class ReleaseCase(models.Model):
    """A case in a release, its split, and the patient's name there (empty once published)."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="in_releases")
    split = models.CharField(max_length=10)
    patient = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "case"], name="release_case_once")
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} in {self.release_id}"


class ReleaseAudit(models.Model):
    """An audit in a release. The split is its case's, copied so that one join finds it."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="audits")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="in_releases")
    split = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "audit"], name="release_audit_once")
        ]

    def __str__(self) -> str:
        return f"audit {self.audit_id} in {self.release_id}"


class ReleaseRead(models.Model):
    """A submitted read in a release, with its reader's name and experience there (both empty once
    published; experience also where too few readers of the release share it)."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="reads")
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="in_releases")
    split = models.CharField(max_length=10)
    reader = models.CharField(max_length=16, blank=True)
    experience = models.CharField(max_length=16, choices=Experience, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "read"], name="release_read_once")
        ]

    def __str__(self) -> str:
        return f"read {self.read_id} in {self.release_id}"


class ReleaseSettlement(models.Model):
    """A settlement that stood when the release was frozen; later ones are in the next release."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="settlements")
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="in_releases")
    split = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "settlement"], name="release_settlement_once"
            )
        ]

    def __str__(self) -> str:
        return f"settlement {self.settlement_id} in {self.release_id}"


class ReleaseAdjudication(models.Model):
    """A settled adjudication in a release; ``reader`` and ``experience`` as of a read."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="adjudications")
    adjudication = models.ForeignKey(
        Adjudication, on_delete=models.PROTECT, related_name="in_releases"
    )
    split = models.CharField(max_length=10)
    reader = models.CharField(max_length=16, blank=True)
    experience = models.CharField(max_length=16, choices=Experience, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "adjudication"], name="release_adjudication_once"
            )
        ]

    def __str__(self) -> str:
        return f"adjudication {self.adjudication_id} in {self.release_id}"


class ReleaseShard(models.Model):
    """One whole shard of one table, stored: where a build that died goes on.

    ``marked`` counts the comments that stayed behind and, by kind, what was found in them.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="shards")
    table = models.CharField(max_length=40)
    split = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    last_id = models.UUIDField(null=True)
    marked = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "table", "split", "number"], name="release_shard_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.split} {self.number} of {self.release_id}"
