"""Whether Postgres, Redis and the configured backends answer."""

from collections.abc import Callable
from typing import TypedDict

import redis
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from audits.errors import ServiceError
from audits.services.backends import current_grounder, current_parser


class Check(TypedDict):
    ok: bool
    detail: str


def readiness() -> dict[str, Check]:
    return {
        "postgres": _check(_postgres),
        "redis": _check(_redis),
        "grounder": _check(lambda: str(current_grounder().version.name)),
        "parser": _check(lambda: str(current_parser().version.name)),
    }


def _check(ask: Callable[[], str]) -> Check:
    """Details name a kind of fault, never an address or a password."""
    try:
        return {"ok": True, "detail": ask()}
    except ServiceError as error:
        return {"ok": False, "detail": error.message}
    except (DatabaseError, ImproperlyConfigured, redis.RedisError, OSError) as error:
        return {"ok": False, "detail": type(error).__name__}


def _postgres() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "answers"


def _redis() -> str:
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2
    ) as client:
        client.ping()
    return "answers"
