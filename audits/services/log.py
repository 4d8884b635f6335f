"""The one way to write the audit log: inside the transaction of the change it tells of."""

import hashlib
import secrets
from ipaddress import ip_address
from typing import Any
from uuid import UUID

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
    address = current_address.get()
    salt = secrets.token_hex(16)
    has_actor = actor is not None or address is not None
    entry = AuditLogEntry.objects.create(
        action=action,
        object_type=target._meta.model_name or "",
        object_id=target.pk,
        data=data or {},
        actor_digest=actor_digest(salt, actor.pk if actor else None, address) if has_actor else "",
    )
    if has_actor:
        AuditLogActor.objects.create(entry=entry, user=actor, address=address, salt=salt)
    return entry


def actor_digest(salt: str, user_id: UUID | None, address: str | None) -> str:
    """SHA-256 in hex over who and from where, the address in its shortest form."""
    where = str(ip_address(address)) if address else ""
    return hashlib.sha256(f"{salt}|{user_id or ''}|{where}".encode()).hexdigest()
