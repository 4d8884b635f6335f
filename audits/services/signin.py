"""Passwords: checked, and slowed down after wrong ones."""

import logging

from django.contrib.auth import authenticate
from django.core.cache import cache
from django.http import HttpRequest
from redis import RedisError

from audits.errors import ServiceError
from audits.middleware import current_address
from audits.models import User
from audits.services.identity import keyed_hash

logger = logging.getLogger(__name__)

MAX_FAILURES = 10
WINDOW_SECONDS = 300


class InvalidCredentials(ServiceError):
    def __init__(self) -> None:
        super().__init__("invalid_credentials", "This name and password do not fit together.")


class TooManyAttempts(ServiceError):
    status = 429

    def __init__(self) -> None:
        super().__init__(
            "throttled", "Too many wrong passwords for this name. Wait five minutes and try again."
        )


def check_password(*, request: HttpRequest, username: str, password: str) -> User:
    """The active user of these credentials.

    Raises ``InvalidCredentials``, and ``TooManyAttempts`` after ten wrong passwords for one name
    from one address within five minutes, whatever the password then is.
    """
    key = "sign-in:" + keyed_hash(kind="sign-in", value=f"{current_address.get()} {username}")
    if _failures(key) >= MAX_FAILURES:
        raise TooManyAttempts
    user = authenticate(request, username=username, password=password)
    if not isinstance(user, User):
        _count_failure(key)
        raise InvalidCredentials
    return user


def _failures(key: str) -> int:
    try:
        return int(cache.get(key, 0))
    except RedisError:
        # Redis only carries: without it people can still sign in, unthrottled.
        logger.warning("Redis is away: sign-in is not throttled.")
        return 0


def _count_failure(key: str) -> None:
    try:
        cache.add(key, 0, timeout=WINDOW_SECONDS)
        cache.incr(key)
    except (RedisError, ValueError):
        logger.warning("A wrong password could not be counted.")
