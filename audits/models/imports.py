"""A bulk import and its rows: the state machine, and one outcome for each row that came in.

    uploading -> checking -> importing -> done | failed | cancelled
                 checking -> checked (a dry run) -> checking

`audits.services.imports.states` holds one function per transition; a trigger refuses every other.
"""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from audits.models.cases import Case, Draft
from audits.models.choices import choices, one_of
from audits.models.people import User
from audits.models.sources import Source

LAYOUTS = ("auto", "manifest", "pairs", "folders", "vindr", "nih", "chestxdet", "coco")


class ImportState(StrEnum):
    UPLOADING = "uploading"
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RowOutcome(StrEnum):
    """``valid`` is a dry run's word: it would be imported. ``known`` was there before."""

    WAITING = "waiting"
    VALID = "valid"
    CREATED = "created"
    KNOWN = "known"
    SKIPPED = "skipped"
    FAILED = "failed"


IMPORT_RUNNING = (ImportState.CHECKING, ImportState.IMPORTING)
IMPORT_ENDED = (ImportState.DONE, ImportState.FAILED, ImportState.CANCELLED)


class Import(models.Model):
    """Many cases from one upload (a ZIP), or from a place on the command's own machine.

    An upload is ``size`` bytes, of which ``received`` are there; an import by the command has
    neither, and ``input_digest`` finds it again when the command is run again after a crash.
    ``total`` is null until all rows have been seen once. ``notes`` are sentences on what no row
    tells (annotations of pictures that are not there). ``runs`` counts the workers that took it,
    ``active_at`` is the last sign of life.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    layout = models.CharField(max_length=10, choices=choices(LAYOUTS), default="auto")
    state = models.CharField(
        max_length=10, choices=choices(ImportState), default=ImportState.UPLOADING.value
    )
    dry_run = models.BooleanField(default=False)
    start_audits = models.BooleanField(default=False)
    skip_duplicates = models.BooleanField(default=False)
    size = models.BigIntegerField(null=True)
    received = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    input_digest = models.CharField(max_length=64, blank=True)
    total = models.PositiveIntegerField(null=True)
    notes = models.JSONField(default=list)
    runs = models.PositiveSmallIntegerField(default=0)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_message = models.TextField(blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=one_of("state", ImportState), name="import_state_known"
            ),
            models.CheckConstraint(condition=one_of("layout", LAYOUTS), name="import_layout_known"),
            models.CheckConstraint(
                condition=Q(state="failed") ^ Q(failure_code=""), name="import_failed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=IMPORT_ENDED, finished_at__isnull=False)
                | (~Q(state__in=IMPORT_ENDED) & Q(finished_at__isnull=True)),
                name="import_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(size__isnull=True, received=0)
                | Q(size__isnull=False, size__gte=1, received__gte=0, received__lte=F("size")),
                name="import_received_within_size",
            ),
            models.CheckConstraint(
                condition=Q(state="uploading")
                | Q(state="cancelled")
                | Q(size__isnull=True)
                | Q(size__isnull=False, received=F("size")),
                name="import_starts_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["checked", "importing", "done"]) | Q(total__isnull=False),
                name="import_checked_has_total",
            ),
            models.UniqueConstraint(
                fields=["input_digest"],
                condition=Q(state__in=IMPORT_RUNNING) & ~Q(input_digest=""),
                name="import_of_one_place_at_once",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="import_newest"),
            models.Index(
                fields=["active_at"], name="import_open", condition=~Q(state__in=IMPORT_ENDED)
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.id}"


class ImportChunk(models.Model):
    """A part of an upload, as it came: ``length`` bytes from ``offset``, stored as ``name``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="chunks")
    offset = models.BigIntegerField()
    length = models.PositiveIntegerField()
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "offset"], name="import_chunk_once"),
            models.CheckConstraint(
                condition=Q(offset__gte=0, length__gte=1), name="import_chunk_has_bytes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.length} bytes at {self.offset} of {self.run_id}"


class ImportRow(models.Model):
    """What became of one row. Nothing of the row itself is kept but what the case keeps.

    ``number`` is the line of a manifest, or the place of an entry in the ZIP's or the folder's
    listing. ``field`` and ``reason`` say why a row failed or was skipped; ``duplicate_of`` is the
    case whose picture it nearly is, at ``duplicate_distance`` bits; in a dry run it may be another
    row, ``duplicate_row``. ``lost`` counts parts of its recorded findings that could not be used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    outcome = models.CharField(
        max_length=10, choices=choices(RowOutcome), default=RowOutcome.WAITING.value
    )
    field = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    case = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.SET_NULL, null=True, related_name="+")
    is_new_draft = models.BooleanField(default=False)
    duplicate_of = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, related_name="+")
    duplicate_row = models.PositiveIntegerField(null=True)
    duplicate_distance = models.PositiveSmallIntegerField(null=True)
    lost = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="import_row_once"),
            models.CheckConstraint(
                condition=one_of("outcome", RowOutcome), name="import_row_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["failed", "skipped"]) ^ Q(reason=""),
                name="import_row_says_why",
            ),
        ]
        indexes = [models.Index(fields=["run", "outcome", "number"], name="import_row_by_outcome")]

    def __str__(self) -> str:
        return f"row {self.number} of {self.run_id}"
