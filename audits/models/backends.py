"""The backends: each at each version, and what the workers say of them."""

import uuid
from enum import StrEnum

from django.db import models

from audits.models.choices import choices, one_of


class BackendKind(StrEnum):
    GROUNDER = "grounder"
    PARSER = "parser"


class ModelVersion(models.Model):
    """One backend at one version, as it reported itself; never edited.

    ``hash`` covers weights and settings. What it covers is told apart where the backend knows
    it: ``checkpoint`` and ``adapter`` are names, ``prompt`` the template's name and hash,
    ``decoding`` the settings of sampling, ``weights_hash`` the weights alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=choices(BackendKind))
    name = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    hash = models.CharField(max_length=64)
    licence = models.CharField(max_length=200)
    may_release_output = models.BooleanField()
    checkpoint = models.CharField(max_length=200, blank=True)
    adapter = models.CharField(max_length=200, blank=True)
    prompt = models.CharField(max_length=200, blank=True)
    decoding = models.CharField(max_length=400, blank=True)
    weights_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("kind", "name", "version", "hash", "licence", "may_release_output"),
                    *("checkpoint", "adapter", "prompt", "decoding", "weights_hash"),
                ],
                name="model_version_once",
            ),
            models.CheckConstraint(
                condition=one_of("kind", BackendKind), name="model_version_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class WorkerBackend(models.Model):
    """One backend on one worker, as that worker last reported it.

    It counts as up while the worker goes on reporting; ``version`` is null if it did not start.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=choices(BackendKind))
    name = models.CharField(max_length=60)
    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, related_name="workers"
    )
    detail = models.CharField(max_length=400, blank=True)
    memory_mb = models.PositiveIntegerField(null=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["host", "kind", "name"], name="worker_backend_once"),
            models.CheckConstraint(
                condition=one_of("kind", BackendKind), name="worker_backend_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["kind", "name", "-seen_at"], name="worker_backend_newest")]

    def __str__(self) -> str:
        return f"{self.name} on {self.host}"
