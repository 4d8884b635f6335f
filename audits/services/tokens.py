"""API tokens: made, shown once, found again by their digest."""

import hashlib
import secrets
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audits.errors import InvalidInput
from audits.models import ApiToken, TokenScope, User
from audits.services.log import record

TOKEN_DAYS = 90
LONGEST_DAYS = 365
_LOOKED_AT_EVERY = timedelta(minutes=5)


def digest_of(*, token: str) -> str:
    """256 random bits need no slow hash: a digest can't be searched backwards."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def token_create(
    *,
    user: User,
    name: str = "",
    scope: TokenScope = TokenScope.ADMINISTER,
    days: int = TOKEN_DAYS,
    by: ApiToken | None = None,
) -> tuple[ApiToken, str]:
    """A new token of ``user`` and its text, which is returned here and never again.

    Raises ``InvalidInput`` if ``by``, the token it is asked for with, has not that scope itself.
    """
    if by is not None and not TokenScope(by.scope).holds(scope):
        raise InvalidInput("scope", f"A token of scope {by.scope} can't make a wider one.")
    text = f"ovr_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scope=scope,
        digest=digest_of(token=text),
        expires_at=timezone.now() + timedelta(days=days),
    )
    data = {"scope": scope.value, "days": days}
    record(actor=user, action="token.created", target=token, data=data)
    return token, text


@transaction.atomic
def token_revoke(*, token_id: uuid.UUID, actor: User) -> None:
    """Refused from here on. Revoking twice is revoking once."""
    token = ApiToken.objects.select_for_update().get(pk=token_id)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(actor=actor, action="token.revoked", target=token)


def token_used(*, token: ApiToken) -> None:
    """Note that it is in use, at most once in five minutes, as every request comes by here."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - _LOOKED_AT_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
