"""Guesses at a password, counted where every process sees them, and second factors."""

import uuid

from django.db import models
from django.db.models import Q

from audits.models.people import User


class SignInGuesses(models.Model):
    """Wrong guesses in a row at one name from one address; gone once a guess was right.

    ``key`` is a keyed hash of both: what somebody typed as a name may have been a password, so it
    is not kept. ``user`` is the person of that name, if there is one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    address = models.GenericIPAddressField(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-last_at", "-id"], name="guesses_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__regex=r"^[0-9a-f]{64}$"), name="guesses_key_is_sha256"
            )
        ]

    def __str__(self) -> str:
        return f"{self.failures} guesses from {self.address}"


class SecondFactor(models.Model):
    """A person's authenticator app. It counts from the moment a first code of it was right.

    No secret is kept: it is derived from ``salt`` and the platform's key. Of recovery codes only
    the keyed hash of each that is left is kept.
    """

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="second_factor"
    )
    salt = models.CharField(max_length=64, editable=False)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(
        default=0, help_text="Of the newest code that was used: none is taken twice."
    )
    recovery = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"
