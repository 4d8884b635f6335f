"""Blind reading: what a reader saw before the draft and the flags, and who was shown flags."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from audits.models.cases import Case
from audits.models.reads import Read
from audits.models.review import ReviewItem
from inference.vocabulary import LABELS

LABEL_KEYS = [label.value for label in LABELS]


class BlindStep(models.TextChoices):
    """The steps of a blind read. The last has no commit of its own: submitting ends it."""

    IMAGE = "image"
    DRAFT = "draft"
    FLAGS = "flags"


class BlindCommit(models.Model):
    """The end of one step of a blind read: what the person saw in the image alone, or that they
    have read the draft. Never edited, once a step, whatever becomes of the lease it was made
    under: nobody unsees a draft. The id is made by the client.

    ``states`` has a state for each label, ``boxes`` objects ``{"label", "box"}``; both are empty
    where the step is the draft's.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="blind_commits")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="blind_commits"
    )
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="blind_commits")
    step = models.CharField(max_length=5, choices=BlindStep)
    states = models.JSONField(default=dict)
    boxes = models.JSONField(default=list)
    active_seconds = models.FloatField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "reviewer", "step"], name="blind_commit_once_a_step"
            ),
            models.CheckConstraint(
                name="blind_commit_holds_what_its_step_asks",
                condition=Q(step="image", states__has_keys=LABEL_KEYS)
                | Q(step="draft", states={}, boxes=[]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.item_id}"


class Exposure(models.Model):
    """A person was shown flags of some audit of the case: they can't read it blind any more."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="exposures")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exposures"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "case"], name="exposure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} was shown to {self.user_id}"
