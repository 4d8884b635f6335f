"""Passwords: the one place where one is checked, and where guessing ends."""

import uuid
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from audits.errors import ServiceError
from audits.middleware import current_address
from audits.models import SignInGuesses, User
from audits.services.identity import keyed_hash
from audits.services.log import record


class InvalidCredentials(ServiceError):
    def __init__(self) -> None:
        super().__init__("invalid_credentials", "This name and password do not fit together.")


class TooManyAttempts(ServiceError):
    status = 429

    def __init__(self, wait_seconds: int) -> None:
        minutes = ceil(wait_seconds / 60)
        when = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(
            "throttled",
            f"Too many wrong guesses. Wait {when}, or ask an administrator to lift the lock.",
            extra={"wait_seconds": wait_seconds},
        )
        self.wait = wait_seconds


def check_password(*, request: HttpRequest, username: str, password: str) -> User:
    """The active user of these credentials.

    Raises ``InvalidCredentials``, and ``TooManyAttempts`` after ``SIGN_IN_FAILURES`` wrong
    passwords for one name from one address, whatever the password then is.
    """
    guesses = guess_begin(username=username)
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        guess_failed(guesses=guesses)
        raise InvalidCredentials
    guess_was_right(guesses=guesses)
    return user


@transaction.atomic
def guess_begin(*, username: str) -> SignInGuesses:
    """Count a guess before it is looked at, so that no two at once are taken for the last one.

    Raises ``TooManyAttempts`` where the number is used up. The count starts again when nobody has
    guessed for ``SIGN_IN_COOL_OFF_SECONDS``; refused guesses do not make that any longer.
    """
    now = timezone.now()
    address = current_address.get()
    key = keyed_hash(kind="sign-in", value=f"{address} {username}")
    SignInGuesses.objects.bulk_create(
        [SignInGuesses(key=key, user=_named(username), address=address, last_at=now)],
        # An update without a change locks the row that is there: nobody removes it from here on.
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["address"],
    )
    guesses = SignInGuesses.objects.get(key=key)
    if guesses.last_at <= cooled_off(now):
        guesses.failures = 0
    if guesses.failures >= settings.SIGN_IN_FAILURES:
        raise TooManyAttempts(ceil((guesses.last_at - cooled_off(now)).total_seconds()))
    guesses.failures += 1
    guesses.last_at = now
    guesses.save(update_fields=["failures", "last_at"])
    return guesses


@transaction.atomic
def guess_failed(*, guesses: SignInGuesses) -> None:
    """The guess that uses up the number is an entry in the audit log."""
    if guesses.failures == settings.SIGN_IN_FAILURES:
        data = {"user": str(guesses.user_id) if guesses.user_id else None}
        record(actor=None, action="sign_in.locked", target=guesses, data=data)


def guess_was_right(*, guesses: SignInGuesses) -> None:
    SignInGuesses.objects.filter(pk=guesses.pk).delete()


@transaction.atomic
def lock_lift(*, lock_id: uuid.UUID, actor: User) -> None:
    """They may guess again at once. Lifting twice is lifting once."""
    lock = SignInGuesses.objects.select_for_update().filter(pk=lock_id).first()
    if lock is not None:
        data = {"user": str(lock.user_id) if lock.user_id else None}
        record(actor=actor, action="sign_in.lock_lifted", target=lock, data=data)
        lock.delete()


def guesses_forget() -> int:
    """Remove counts that no longer hold anybody back; how many."""
    forgotten, _ = SignInGuesses.objects.filter(last_at__lt=cooled_off(timezone.now())).delete()
    return forgotten


def cooled_off(now: datetime) -> datetime:
    """Guesses until this moment no longer count."""
    return now - timedelta(seconds=settings.SIGN_IN_COOL_OFF_SECONDS)


def _named(username: str) -> User | None:
    return User.objects.filter(username=username).first()
