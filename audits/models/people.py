"""Who may sign in, and the tokens programs use in their name."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac


class Role(models.TextChoices):
    """What an account may do everywhere; adjudicators are named queue by queue."""

    REVIEWER = "reviewer"
    CURATOR = "curator"
    ADMINISTRATOR = "administrator"


class Experience(models.TextChoices):
    """How long somebody has read chest X-rays, as they say themselves; no finer than is needed."""

    STUDENT = "student"
    IN_TRAINING = "in_training"
    UNDER_5_YEARS = "under_5_years"
    UNDER_15_YEARS = "5_to_14_years"
    OVER_15_YEARS = "15_years_or_more"


class User(AbstractUser):
    """A person. Everyone who may sign in is a reviewer; staff are administrators."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_curator = models.BooleanField(
        default=False, help_text="May see every case, and make sources, imports, queues, releases."
    )

    experience = models.CharField(
        max_length=16,
        choices=Experience,
        blank=True,
        help_text="Leaves in a release where enough of its readers say the same.",
    )
    sign_outs = models.PositiveIntegerField(
        default=0, help_text="How often all sessions were ended: those from before are over."
    )

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Django's, over the password, and over the times that all sessions were ended."""
        told = self.password + (f"|{self.sign_outs}" if self.sign_outs else "")
        key_salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(key_salt, told, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.is_staff

    @property
    def rights(self) -> dict[str, bool]:
        """All that the role follows from."""
        return {name: getattr(self, name) for name in ("is_active", "is_staff", "is_curator")}

    @property
    def curates(self) -> bool:
        """Curators do the work on data; administrators may do all that they may."""
        return self.is_active and (self.is_curator or self.is_staff)

    @property
    def role(self) -> Role:
        if self.is_staff:
            return Role.ADMINISTRATOR
        return Role.CURATOR if self.is_curator else Role.REVIEWER


class QueueMembership(models.Model):
    """A person works in a queue that is not open to all, or adjudicates in it."""

    class Role(models.TextChoices):
        REVIEWER = "reviewer"
        ADJUDICATOR = "adjudicator"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    queue = models.ForeignKey("audits.Queue", on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=11, choices=Role, default=Role.REVIEWER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "queue", "role"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(role__in=["reviewer", "adjudicator"]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.role} in {self.queue_id}"


class TokenScope(models.TextChoices):
    """Each holds the ones before it; none holds more than the person may do."""

    READ = "read"
    WRITE = "write"
    ADMINISTER = "administer"

    def holds(self, other: "TokenScope") -> bool:
        order = list(TokenScope)
        return order.index(self) >= order.index(other)


class ApiToken(models.Model):
    """A bearer token. Only the SHA-256 of its random text is kept; it is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, blank=True)
    scope = models.CharField(
        max_length=10, choices=TokenScope.choices, default=TokenScope.ADMINISTER
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at", "-id"], name="token_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=["read", "write", "administer"]), name="api_token_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_token_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="api_token_digest_is_sha256"
            ),
        ]

    def __str__(self) -> str:
        return f"token {self.digest[:8]}"
