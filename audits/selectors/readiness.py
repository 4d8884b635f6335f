"""Whether Postgres, Redis and the configured backends answer."""

from collections.abc import Callable
from typing import TypedDict

import redis
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from audits.errors import ServiceError
from audits.models import BackendKind
from audits.selectors.backends import backends_offered
from audits.services.backends import backend_names, backend_version


class Check(TypedDict):
    ok: bool
    detail: str


def readiness() -> dict[str, Check]:
    return {
        "postgres": _check(_postgres),
        "redis": _check(_redis),
        "grounder": _check(lambda: _default(BackendKind.GROUNDER)),
        "parser": _check(lambda: _default(BackendKind.PARSER)),
    }


def backends_ready() -> dict[str, Check]:
    """Whether a worker does the work of each offered backend; empty if that can't be asked."""
    try:
        return {
            f"{each['kind']}:{each['name']}": {"ok": each["up"], "detail": each["detail"]}
            for each in backends_offered()
        }
    except (DatabaseError, ImproperlyConfigured):
        return {}


def _default(kind: BackendKind) -> str:
    """New audits can name their version: this process can load it, or a worker has it."""
    name = backend_names(kind=kind)[0]
    try:
        return backend_version(kind=kind, name=name).name
    except ServiceError:
        if backends_ready().get(f"{kind}:{name}", {"ok": False})["ok"]:
            return name
        raise


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
