"""Passwords and codes: the one place where they are checked, and where guessing ends."""

import uuid
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from audits.errors import ServiceError
from audits.middleware import current_address
from audits.models import SignInGuesses, User
from audits.services.identity import keyed_hash
from audits.services.log import record
from audits.services.second_factor import factor_accepts, has_factor


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


class CodeNeeded(ServiceError):
    status = 403

    def __init__(self) -> None:
        message = "Give the code that your authenticator app shows, or a recovery code, too."
        super().__init__("second_factor_needed", message, fields={"code": [message]})


class WrongCode(ServiceError):
    def __init__(self) -> None:
        message = "This code is wrong, or was used before."
        super().__init__("wrong_code", message, fields={"code": [message]})


def check_sign_in(*, request: HttpRequest, username: str, password: str, code: str = "") -> User:
    """The active user of these credentials.

    Raises ``InvalidCredentials``; ``CodeNeeded`` or ``WrongCode`` where there is a second factor;
    ``TooManyAttempts`` after ``SIGN_IN_FAILURES`` wrong guesses for one name from one address,
    whatever is guessed then.
    """
    guesses = guess_begin(username=username)
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        guess_failed(guesses=guesses)
        raise InvalidCredentials
    if has_factor(user):
        if not code:
            guess_taken_back(guesses=guesses)
            raise CodeNeeded
        check_code(user=user, code=code)
    guess_was_right(guesses=guesses)
    return user


def check_password(*, request: HttpRequest, user: User, password: str) -> None:
    """For somebody signed in: that it is still them. Guesses count as at the door."""
    guesses = guess_begin(username=user.username)
    if authenticate(request, username=user.username, password=password) != user:
        guess_failed(guesses=guesses)
        raise InvalidCredentials
    guess_was_right(guesses=guesses)


def check_code(*, user: User, code: str) -> None:
    """Guesses at codes count for the person from all addresses together.

    Who guesses at one knows the password already, so nobody else can lock somebody out this way.
    """
    guesses = _count(key=keyed_hash(kind="code", value=str(user.pk)), user=user, address=None)
    if not factor_accepts(user=user, code=code):
        guess_failed(guesses=guesses)
        raise WrongCode
    guess_was_right(guesses=guesses)


def guess_begin(*, username: str) -> SignInGuesses:
    """Count a guess at a password before it is looked at; see ``_count``."""
    address = current_address.get()
    key = keyed_hash(kind="sign-in", value=f"{address} {username}")
    return _count(key=key, user=_named(username), address=address)


@transaction.atomic
def _count(*, key: str, user: User | None, address: str | None) -> SignInGuesses:
    """Count first, look later, so that no two guesses at once are taken for the last one.

    Raises ``TooManyAttempts`` where the number is used up. The count starts again when nobody has
    guessed for ``SIGN_IN_COOL_OFF_SECONDS``; refused guesses do not make that any longer.
    """
    now = timezone.now()
    SignInGuesses.objects.bulk_create(
        [SignInGuesses(key=key, user=user, address=address, last_at=now)],
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


def guess_taken_back(*, guesses: SignInGuesses) -> None:
    """It was right as far as it went: neither a failure, nor what starts the count again."""
    SignInGuesses.objects.filter(pk=guesses.pk, failures__gt=0).update(failures=F("failures") - 1)


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
