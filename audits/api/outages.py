"""What this server stands on and does not answer: its database, its broker, its store of files.

Nobody's mistake and soon over, so whoever asked is told to ask again, and the log has the rest.
"""

import logging
import sys

import redis
from django.db import InterfaceError, OperationalError

from audits.errors import ServiceError, is_full_disk

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 5


class Outage(ServiceError):
    """503 with ``Retry-After``, or 507 where what lacks is space."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code, message)
        self.status = status
        self.wait = AGAIN_SECONDS if status == 503 else None


def outage(error: BaseException | None) -> Outage | None:
    """What to tell of an error if an outage is behind it, which is logged; None otherwise."""
    found = _found(error)
    if found is not None:
        logger.error("%s", found.message, exc_info=error)
    return found


def _found(error: BaseException | None) -> Outage | None:
    if is_full_disk(error):
        told = "There is no space left. An administrator must make some; nothing is lost."
        return Outage(507, "no_space", told)
    for kinds, what in (
        ((OperationalError, InterfaceError), "database"),
        ((redis.ConnectionError, redis.TimeoutError), "message broker"),
        (_store_errors(), "store of files"),
    ):
        if isinstance(error, kinds):
            told = f"The {what} does not answer just now. Nothing is lost; ask again in a moment."
            return Outage(503, "unavailable", told)
    return None


def _store_errors() -> tuple[type[Exception], ...]:
    """A bucket's; its library is loaded only where there is one (see `audits.storage`)."""
    raised = sys.modules.get("botocore.exceptions")
    return (raised.ClientError, raised.BotoCoreError) if raised else ()
