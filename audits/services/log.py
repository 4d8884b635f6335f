"""The one way to write the audit log: inside the transaction of the change it tells of."""

import hashlib
import secrets
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from audits.middleware import current_address
from audits.models import AuditLogEntry, User

# Both rows in one statement: every change that people make waits for it.
_ENTRY = """INSERT INTO audits_auditlogentry
    (id, at, action, object_type, object_id, data, actor_digest)
    VALUES (%s, %s, %s, %s, %s, %s, %s)"""
_ACTOR = """INSERT INTO audits_auditlogactor (entry_id, user_id, address, salt)
    VALUES (%s, %s, %s, %s)"""


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
    entry = AuditLogEntry(
        at=timezone.now(),
        action=action,
        object_type=target._meta.model_name or "",
        object_id=target.pk,
        data=data or {},
        actor_digest=actor_digest(salt, actor.pk if actor else None, address) if has_actor else "",
    )
    told = [entry.pk, entry.at, action, entry.object_type, target.pk]
    told += [Jsonb(entry.data), entry.actor_digest]
    with transaction.get_connection().cursor() as cursor:
        if has_actor:
            who = [entry.pk, actor.pk if actor else None, address, salt]
            cursor.execute(f"WITH entry AS ({_ENTRY}) {_ACTOR}", [*told, *who])
        else:
            cursor.execute(_ENTRY, told)
    return entry


def actor_digest(salt: str, user_id: UUID | None, address: str | None) -> str:
    """SHA-256 in hex over who and from where, the address in its shortest form."""
    where = str(ip_address(address)) if address else ""
    return hashlib.sha256(f"{salt}|{user_id or ''}|{where}".encode()).hexdigest()
