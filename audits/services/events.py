"""Progress events: one Redis stream an audit, written after the change is committed.

A lost event costs nothing but time: the page also polls, and the stream starts with a snapshot.
"""

import json
import logging
from collections.abc import Iterable
from functools import cache, partial
from typing import Any

import redis
from django.conf import settings
from django.db import transaction

from audits.models import Audit, AuditStep
from audits.selectors.progress import progress

logger = logging.getLogger(__name__)

KEPT_EVENTS = 64
KEPT_SECONDS = 24 * 3600


def stream_name(audit_id: object) -> str:
    return f"overread:audit:{audit_id}"


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3)


def audit_event_emit(*, audit: Audit, steps: Iterable[AuditStep]) -> None:
    """Tell listeners how the audit stands, once the running transaction is committed."""
    transaction.on_commit(partial(_write, progress(audit, steps)), robust=True)


def _write(payload: dict[str, Any]) -> None:
    name = stream_name(payload["id"])
    try:
        with _client().pipeline() as pipe:
            pipe.xadd(name, {"data": json.dumps(payload)}, maxlen=KEPT_EVENTS, approximate=False)
            pipe.expire(name, KEPT_SECONDS)
            pipe.execute()
    except redis.RedisError as error:
        logger.warning("event of audit %s not sent: %s", payload["id"], error)
