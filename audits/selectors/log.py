"""Reading the audit log: administrators only."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from audits.models import AuditLogEntry, User

_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries; None asks for nothing. ``since`` is included, ``until`` is not."""

    actor: uuid.UUID | None = None
    action: str | None = None
    object: uuid.UUID | None = None
    object_type: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def condition(self) -> Q:
        asked = {
            "actor__user_id": self.actor,
            "action": self.action,
            "object_id": self.object,
            "object_type": self.object_type,
            "at__gte": self.since,
            "at__lt": self.until,
        }
        return Q(**{name: value for name, value in asked.items() if value is not None})


def visible_log(user: User) -> QuerySet[AuditLogEntry]:
    if not user.is_administrator:
        return AuditLogEntry.objects.none()
    return AuditLogEntry.objects.select_related("actor__user")


def entries_in_order(entries: QuerySet[AuditLogEntry]) -> Iterator[AuditLogEntry]:
    """Oldest first, a thousand at a time: no transaction stays open while a slow reader reads."""
    ordered = entries.order_by("at", "id")
    rows = list(ordered[:_AT_A_TIME])
    while rows:
        yield from rows
        last = rows[-1]
        beyond = Q(at__gt=last.at) | Q(at=last.at, id__gt=last.pk)
        rows = list(ordered.filter(beyond, at__gte=last.at)[:_AT_A_TIME])
