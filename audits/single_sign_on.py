"""Sign-in by an OpenID Connect provider: whom its word lets in. django-allauth speaks with it.

A person is known by the provider's ``sub``. One who comes for the first time is the account whose
e-mail address the provider has verified; without one a new reviewer, where `OIDC_SIGN_UP` says so.
Nobody gets around a second factor of ours: who has one is let in only where the provider says that
it asked for one too (``amr`` holds ``mfa``, RFC 8176).
"""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from audits.models import User
from audits.services.log import record
from audits.services.second_factor import has_factor

logger = logging.getLogger(__name__)

PROVIDER = "sso"
REFUSALS = ("cancelled", "closed", "failed", "second_factor", "unknown")
"""What the sign-in page is told in ``?sign_in=``; it has the words."""


def provider_offered() -> dict[str, str] | None:
    """Its name and where signing in by it begins; None where none is set up."""
    if not settings.OIDC_ISSUER:
        return None
    url = reverse("openid_connect_login", args=[PROVIDER])
    return {"name": settings.OIDC_NAME, "url": url}


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth would do with accounts beside the sign-in is not offered here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *arguments: Any, **named: Any) -> None:
        """The page says who is signed in."""


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return bool(settings.OIDC_SIGN_UP)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, **more: Any
    ) -> None:
        if error == AuthError.CANCELLED:
            raise _refused("cancelled")
        logger.warning("single sign-on failed: %s", more.get("exception") or error)
        raise _refused("failed")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person, or refuse: what this lets through is signed in."""
        claims = sociallogin.account.extra_data.get("id_token", {})
        _forget_claims(sociallogin)
        user = sociallogin.user if sociallogin.is_existing else _by_address(sociallogin)
        if user is None:
            if not settings.OIDC_SIGN_UP:
                raise _refused("unknown")
            return
        if not user.is_active:
            raise _refused("closed")
        if has_factor(user) and "mfa" not in claims.get("amr", ()):
            raise _refused("second_factor")
        if not sociallogin.is_existing:
            _link(sociallogin, user)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """A new account. Two at once of the same person end in one, and in a word to try again."""
        try:
            with transaction.atomic():
                user: User = super().save_user(request, sociallogin, form)
                record(actor=user, action="user.signed_up", target=user)
        except IntegrityError:
            raise _refused("failed") from None
        return user


def _refused(why: str) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(HttpResponseRedirect(f"/?sign_in={why}"))


def _forget_claims(login: SocialLogin) -> None:
    """Keep of the provider's word only who it is, and an address only where it was verified."""
    login.account.extra_data = {}
    if login.is_existing:
        login.account.save(update_fields=["extra_data"])
        return
    login.email_addresses = [address for address in login.email_addresses if address.verified]
    login.user.email = login.email_addresses[0].email if login.email_addresses else ""


def _by_address(login: SocialLogin) -> User | None:
    """The one account of the verified address. Only administrators write accounts' addresses."""
    if not login.user.email:
        return None
    found = list(User.objects.filter(email__iexact=login.user.email)[:2])
    if len(found) > 1:
        raise _refused("unknown")
    return found[0] if found else None


def _link(login: SocialLogin, user: User) -> None:
    """As allauth's ``connect``, which would write the person's whole row as it was read."""
    login.user = login.account.user = user
    try:
        with transaction.atomic():
            login.account.save()
            record(actor=user, action="user.linked", target=user)
    except IntegrityError:
        raise _refused("failed") from None
