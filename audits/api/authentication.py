"""``Authorization: Bearer <token>``."""

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from audits.models import ApiToken, User
from audits.services.tokens import digest_of


def bearer_user(request: HttpRequest | Request) -> tuple[User, ApiToken] | None:
    """The user of the request's token; None without one, ``AuthenticationFailed`` if it is bad."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    token = (
        ApiToken.objects.select_related("user")
        .filter(
            digest=digest_of(token=text.strip()),
            expires_at__gt=timezone.now(),
            revoked_at__isnull=True,
            user__is_active=True,
        )
        .first()
    )
    if token is None:
        raise AuthenticationFailed("This token is unknown, expired or revoked.")
    return token.user, token


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        return bearer_user(request)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "audits.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
