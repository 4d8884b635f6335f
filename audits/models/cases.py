"""A case (one image) and its drafts. Files carry content hashes for names, people keyed hashes."""

import uuid
from enum import StrEnum

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from audits.models.choices import choices, one_of
from audits.models.people import User
from audits.models.sources import Source
from inference.fingerprints import BAND_BITS, BANDS, BITS
from inference.geometry import LATERALITIES, LEAST_MM, MOST_MM, SPACING_SOURCES

VIEWS = ("PA", "AP", "LATERAL")
SEXES = ("F", "M", "O")
SPLITS = ("train", "validation", "test")
ORIGINS = ("human", "edited", "synthetic", "model")
SUSPECTED, CLEARED = IDENTITY_STATES = ("suspected", "cleared")
"""What may name a person keeps a case or draft from leaving until a person has cleared it."""

_SHA256 = r"^[0-9a-f]{64}$"


class WithdrawalReason(StrEnum):
    """Why a case was withdrawn: a word, never a text, which could hold what is to be forgotten."""

    PATIENT_REQUEST = "patient_request"
    SOURCE_REQUEST = "source_request"
    IDENTITY_FOUND = "identity_found"
    LICENCE = "licence"
    OTHER = "other"


_PURGED = Q(
    image="",
    preview="",
    thumbnail="",
    patient_hash="",
    file_name_hash="",
    file_sha256=F("pixels_sha256"),
    view="",
    sex="",
    age__isnull=True,
    study_order__isnull=True,
    perceptual_hash__isnull=True,
    pixel_row_mm__isnull=True,
    pixel_column_mm__isnull=True,
    pixel_spacing_source="",
    laterality="",
    patient_orientation="",
)
"""What is left of a purged case: its content's hash, its size and its source."""


_UNSPACED = Q(pixel_row_mm__isnull=True, pixel_column_mm__isnull=True, pixel_spacing_source="")
_SPACED = Q(
    pixel_row_mm__range=(LEAST_MM, MOST_MM), pixel_column_mm__range=(LEAST_MM, MOST_MM)
) & one_of("pixel_spacing_source", SPACING_SOURCES)
_ORIENTATION = r"^([APLRHF]{1,3}\\[APLRHF]{1,3})?$"


def hash_band(band: int) -> Combinable:
    """The bits of one part of a case's perceptual hash, by which near hashes are looked up.

    The mask after the shift also takes off the sign bits that a shift of a bigint pulls in.
    """
    width = min(BAND_BITS, BITS - BAND_BITS * band)
    shifted = F("perceptual_hash").bitrightshift(BAND_BITS * band)
    return shifted.bitand((1 << width) - 1)


def uncleared_pixels(case: str = "") -> Q:
    """Cases that nobody cleared of what looks like text; ``case`` is the way to them."""
    way = f"{case}__" if case else ""
    found = Q(**{f"{way}burned_in": True}) | Q(**{f"{way}burned_in__isnull": True})
    return found & Q(**{f"{way}burned_in_cleared_at__isnull": True})


def uncleared_text(draft: str = "") -> Q:
    """Drafts that nobody cleared of what the scrubber found; ``draft`` is the way to them."""
    way = f"{draft}__" if draft else ""
    found = ~Q(**{f"{way}scrubbed": {}}) | Q(**{f"{way}scrubbed__isnull": True})
    return found & Q(**{f"{way}text_cleared_at__isnull": True})


class Case(models.Model):
    """One image of one source, stored once: the same pixels again are the same case.

    ``image`` is the lossless PNG at full depth, ``preview`` its 8-bit rendering, ``thumbnail`` a
    small one; all three are storage names made of content hashes. ``patient_hash`` and
    ``file_name_hash`` are keyed hashes; empty means unknown. ``study_order`` sorts the studies of
    one patient, null where only the order of arrival is known; ``perceptual_hash`` is that of
    `inference.fingerprints`, null for cases stored before there was one. ``split`` is the one that
    the source itself gives the case, if it does.

    ``pixel_row_mm`` and ``pixel_column_mm`` are the distances of its rows and columns, measured as
    ``pixel_spacing_source`` says; ``patient_orientation`` is where its right and its lower edge
    point in the patient (all as in `inference.geometry`). Unknown ones are null or empty.

    ``burned_in`` says whether something in the picture looks like text (`inference.burned_in`),
    null for cases stored before anything looked; a person who did sets ``burned_in_cleared_at``.
    ``brightness`` is the mean of the picture as it is shown, 0..1, null where nobody measured it.

    A case that was withdrawn (`audits.services.withdrawals`) is hidden from ``withdrawn_at`` on and
    holds nothing of the patient from ``purged_at`` on: the row stays as a tombstone for ever.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="cases")
    file_sha256 = models.CharField(max_length=64)
    pixels_sha256 = models.CharField(max_length=64)
    patient_hash = models.CharField(max_length=64, blank=True)
    file_name_hash = models.CharField(max_length=64, blank=True)
    view = models.CharField(max_length=8, blank=True, choices=choices(VIEWS))
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=1, blank=True, choices=choices(SEXES))
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    pixel_row_mm = models.FloatField(null=True, blank=True)
    pixel_column_mm = models.FloatField(null=True, blank=True)
    pixel_spacing_source = models.CharField(
        max_length=6, blank=True, choices=choices(SPACING_SOURCES)
    )
    laterality = models.CharField(max_length=1, blank=True, choices=choices(LATERALITIES))
    patient_orientation = models.CharField(max_length=7, blank=True)
    phantom = models.BooleanField(default=False)
    study_order = models.PositiveIntegerField(null=True, blank=True)
    split = models.CharField(max_length=10, blank=True, choices=choices(SPLITS))
    perceptual_hash = models.BigIntegerField(null=True, editable=False)
    image = models.CharField(max_length=200)
    preview = models.CharField(max_length=200)
    thumbnail = models.CharField(max_length=200)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    burned_in = models.BooleanField(null=True, default=False, editable=False)
    burned_in_cleared_at = models.DateTimeField(null=True, editable=False)
    brightness = models.FloatField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_for = models.CharField(
        max_length=20, blank=True, choices=choices(WithdrawalReason), editable=False
    )
    purged_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "pixels_sha256"], name="case_stored_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_for="")
                | (Q(withdrawn_at__isnull=False) & one_of("withdrawn_for", WithdrawalReason)),
                name="case_withdrawn_says_why",
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True) | (Q(withdrawn_at__isnull=False) & _PURGED),
                name="case_purged_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(file_sha256__regex=_SHA256) & Q(pixels_sha256__regex=_SHA256),
                name="case_hashes_are_sha256",
            ),
            models.CheckConstraint(
                condition=Q(width__gte=1) & Q(height__gte=1), name="case_has_pixels"
            ),
            models.CheckConstraint(condition=one_of("view", ("", *VIEWS)), name="case_view_known"),
            models.CheckConstraint(condition=one_of("sex", ("", *SEXES)), name="case_sex_known"),
            models.CheckConstraint(
                condition=one_of("split", ("", *SPLITS)), name="case_split_known"
            ),
            models.CheckConstraint(
                condition=Q(age__isnull=True) | Q(age__lte=120), name="case_age_plausible"
            ),
            models.CheckConstraint(condition=_SPACED | _UNSPACED, name="case_spacing_whole"),
            models.CheckConstraint(
                condition=one_of("laterality", ("", *LATERALITIES)), name="case_laterality_known"
            ),
            models.CheckConstraint(
                condition=Q(patient_orientation__regex=_ORIENTATION),
                name="case_orientation_known",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="case_newest"),
            models.Index(
                fields=["-withdrawn_at", "-id"],
                name="case_withdrawn",
                condition=Q(withdrawn_at__isnull=False),
            ),
            models.Index(
                fields=["-created_at", "-id"],
                name="case_uncleared",
                condition=uncleared_pixels(),
            ),
            models.Index(fields=["pixels_sha256"], name="case_pixels"),
            models.Index(
                fields=["source", "patient_hash"],
                name="case_of_patient",
                condition=~Q(patient_hash=""),
            ),
            *(
                models.Index(hash_band(band), name=f"case_hash_band_{band}")
                for band in range(BANDS)
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """A short handle for people, from the content, never from a file name."""
        return self.pixels_sha256[:8]

    @property
    def burned_in_state(self) -> str | None:
        """``suspected`` until a person clears it; None if nothing looks like text."""
        if self.burned_in is False:
            return None
        return SUSPECTED if self.burned_in_cleared_at is None else CLEARED


class Draft(models.Model):
    """One text for one case. An image-only audit has a draft with an empty text.

    A draft is never edited: a later version is a draft of its own, which may name the one it
    ``revises``. Versions are numbered in order of arrival. Whatever named a person was replaced
    before it was stored (`inference.scrubbing`): ``scrubbed`` counts that by kind, null for a
    draft from before there was a scrubber; a person who read it sets ``text_cleared_at``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="drafts")
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    origin = models.CharField(max_length=10, choices=choices(ORIGINS), default="human")
    scrubbed = models.JSONField(null=True, default=dict)
    text_cleared_at = models.DateTimeField(null=True, editable=False)
    revises = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "sha256"], name="draft_stored_once"),
            models.CheckConstraint(condition=Q(sha256__regex=_SHA256), name="draft_hash_is_sha256"),
            models.CheckConstraint(condition=one_of("origin", ORIGINS), name="draft_origin_known"),
        ]
        indexes = [
            models.Index(fields=["case"], name="draft_uncleared", condition=uncleared_text()),
        ]

    def __str__(self) -> str:
        return f"draft {self.sha256[:8]}"

    @property
    def scrub_state(self) -> str | None:
        """``suspected`` until a person clears it; None if nothing was found in it."""
        if self.scrubbed == {}:
            return None
        return SUSPECTED if self.text_cleared_at is None else CLEARED


class Sending(models.Model):
    """A person sent this draft, so they may see it and what becomes of it.

    ``created_by`` names the first only: the same draft sent by a second person is stored once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="sendings")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "user"], name="sending_once"),
        ]

    def __str__(self) -> str:
        return f"draft {self.draft_id} by {self.user_id}"
