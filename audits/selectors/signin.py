"""Reading who is locked out: administrators only."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from audits.models import SignInGuesses, User
from audits.services.signin import cooled_off


def visible_locks(user: User) -> QuerySet[SignInGuesses]:
    """Names and addresses from which no guess is taken now."""
    if not user.is_administrator:
        return SignInGuesses.objects.none()
    return SignInGuesses.objects.select_related("user").filter(
        failures__gte=settings.SIGN_IN_FAILURES, last_at__gt=cooled_off(timezone.now())
    )
