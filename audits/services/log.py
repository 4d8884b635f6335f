"""The one way to write the audit log: inside the transaction of the change it tells of."""

from typing import Any

from django.db import models, transaction

from audits.middleware import current_address
from audits.models import AuditLogActor, AuditLogEntry, User


def record(
    *, actor: User | None, action: str, target: models.Model, data: dict[str, Any] | None = None
) -> AuditLogEntry:
    """Append an entry; with ``actor`` None the platform itself acted.

    ``action`` is ``<object>.<past tense>``; ``data`` holds ids and states, never text of a draft,
    names or pixels. Raises ``TransactionManagementError`` outside a transaction: a change and its
    entry stand or fall together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record() needs the change's transaction")
    entry = AuditLogEntry.objects.create(
        action=action,
        object_type=target._meta.model_name or "",
        object_id=target.pk,
        data=data or {},
    )
    address = current_address.get()
    if actor is not None or address is not None:
        AuditLogActor.objects.create(entry=entry, user=actor, address=address)
    return entry
