"""API tokens: made, shown once, found again by their digest."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audits.models import ApiToken, User
from audits.services.log import record

TOKEN_LIFETIME = timedelta(days=90)


def digest_of(*, token: str) -> str:
    """256 random bits need no slow hash: a digest can't be searched backwards."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def token_create(*, user: User) -> str:
    """A new token of ``user``, valid for 90 days. The text is returned here and never again."""
    text = f"ovr_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user,
        digest=digest_of(token=text),
        expires_at=timezone.now() + TOKEN_LIFETIME,
    )
    record(actor=user, action="token.created", target=token)
    return text
