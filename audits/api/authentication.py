"""``Authorization: Bearer <token>``."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from audits.api.permissions import Administrators, AdministratorsWrite
from audits.models import ApiToken, TokenScope, User
from audits.selectors.statements import prepared
from audits.services.second_factor import SecondFactorMissing, lacks_factor
from audits.services.tokens import digest_of, token_used


def bearer_user(request: HttpRequest | Request) -> tuple[User, ApiToken] | None:
    """The user of the request's token; None without one, ``AuthenticationFailed`` if it is bad."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    found = _good_tokens(digest_of(token=text.strip()), timezone.now())
    if not found:
        raise AuthenticationFailed("This token is unknown, expired or revoked.")
    (token,) = found
    token_used(token=token)
    return token.user, token


@prepared
def _good_tokens(digest: str, now: datetime) -> QuerySet[ApiToken]:
    """One, or none: a digest is unique."""
    good = ApiToken.objects.filter(expires_at__gt=now, revoked_at=None, user__is_active=True)
    return good.filter(digest=digest).select_related("user")


class TokenAuthentication(BaseAuthentication):
    """Refuses a token that is good but too narrow for the view: 403, whoever the person is."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        found = bearer_user(request)
        if found is not None:
            refuse_without_factor(request, found[0])
            needed = scope_needed(request)
            if not TokenScope(found[1].scope).holds(needed):
                raise PermissionDenied(f"This needs a token of scope {needed.value}.")
        return found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def scope_needed(request: Request) -> TokenScope:
    """``administer`` wherever the view's own rule asks for an administrator."""
    safe = request.method in SAFE_METHODS
    rules = getattr((request.parser_context or {}).get("view"), "permission_classes", [])
    if Administrators in rules or (AdministratorsWrite in rules and not safe):
        return TokenScope.ADMINISTER
    return TokenScope.READ if safe else TokenScope.WRITE


class SessionAuthentication(authentication.SessionAuthentication):
    """Refuses who has to turn on a second factor first, but for where they do it."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is not None:
            refuse_without_factor(request, found[0])
        return found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "audits.api.authentication.SessionAuthentication"
    name = "cookieAuth"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


def refuse_without_factor(request: Request, user: User) -> None:
    view = (request.parser_context or {}).get("view")
    if not getattr(view, "before_second_factor", False) and lacks_factor(user):
        raise SecondFactorMissing


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "audits.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
