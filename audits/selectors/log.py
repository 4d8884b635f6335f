"""Reading the audit log: administrators only."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from audits.models import AuditLogEntry, AuditLogSeal, AuditLogTail, User
from audits.services.sealing import START

_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries; None asks for nothing. ``since`` is included, ``until`` is not."""

    actor: uuid.UUID | None = None
    username: str | None = None
    action: str | None = None
    object: uuid.UUID | None = None
    object_type: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def condition(self) -> Q:
        asked = {
            "actor__user_id": self.actor,
            "actor__user__username": self.username,
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


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far the chain of seals goes. Whether it holds is for `check_audit_log` to say."""

    sealed: int
    unsealed: int
    head: str
    sealed_at: datetime | None


def chain_state() -> ChainState:
    last = AuditLogSeal.objects.order_by("-position").first()
    return ChainState(
        sealed=last.position if last else 0,
        unsealed=AuditLogTail.objects.count(),
        head=last.hash if last else START,
        sealed_at=last.sealed_at if last else None,
    )


def entries_in_order(entries: QuerySet[AuditLogEntry]) -> Iterator[AuditLogEntry]:
    """Oldest first, a thousand at a time: no transaction stays open while a slow reader reads."""
    ordered = entries.order_by("at", "id")
    rows = list(ordered[:_AT_A_TIME])
    while rows:
        yield from rows
        last = rows[-1]
        beyond = Q(at__gt=last.at) | Q(at=last.at, id__gt=last.pk)
        rows = list(ordered.filter(beyond, at__gte=last.at)[:_AT_A_TIME])
