"""Sealing the audit log into a hash chain, after the fact, so that writers never wait.

A row that commits late is sealed late: the chain is in the order of sealing, not of ``at``.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from audits.models import AuditLogActor, AuditLogEntry, AuditLogSeal, AuditLogTail
from audits.services.log import actor_digest

START = "0" * 64
_LOCK = 7_302_019
_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and why."""

    position: int
    entry_id: str
    reason: str


def log_seal() -> int:
    """Seal what has been committed since; how many entries. Only one sealer works at a time."""
    total = 0
    while sealed := _seal_some():
        total += sealed
    return total


def unsealed() -> QuerySet[AuditLogEntry]:
    """Looked for in the whole log, whatever any list says."""
    seal = AuditLogSeal.objects.filter(entry_id=OuterRef("pk"))
    return AuditLogEntry.objects.filter(~Exists(seal)).order_by("at", "id")


def link(previous: str, entry: AuditLogEntry) -> str:
    """The hash (SHA-256, hex) over the one before and everything the entry says."""
    told = [
        previous,
        str(entry.pk),
        entry.at.isoformat(),
        entry.action,
        entry.object_type,
        str(entry.object_id),
        entry.data,
        entry.actor_digest,
    ]
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def chain_breaks() -> Iterator[Break]:
    """Every place where a sealed entry is gone, changed, moved, or has another actor."""
    expected, previous = 1, START
    after = 0
    while seals := list(
        AuditLogSeal.objects.filter(position__gt=after).order_by("position")[:_AT_A_TIME]
    ):
        keys = [seal.entry_id for seal in seals]
        entries = AuditLogEntry.objects.in_bulk(keys)
        actors = AuditLogActor.objects.in_bulk(keys)
        for seal in seals:
            reason = ""
            if seal.position != expected:
                reason = f"seals {expected} to {seal.position - 1} are missing"
            elif seal.previous != previous:
                reason = "the seal does not follow from the one before"
            else:
                reason = _fault(seal, entries.get(seal.entry_id), actors.get(seal.entry_id))
            if reason:
                yield Break(seal.position, str(seal.entry_id), reason)
            expected, previous = seal.position + 1, seal.hash
        after = seals[-1].position


def _fault(seal: AuditLogSeal, entry: AuditLogEntry | None, actor: AuditLogActor | None) -> str:
    if entry is None:
        return "the entry is missing"
    if link(seal.previous, entry) != seal.hash:
        return "the entry or its seal was changed"
    if actor is None or not actor.salt or actor.user_id is None:
        return ""  # Erased, as a person may ask for, or without a person from the start.
    if actor_digest(actor.salt, actor.user_id, actor.address) != entry.actor_digest:
        return "the actor was changed"
    return ""


def _seal_some() -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                return 0
        last = AuditLogSeal.objects.order_by("-position").first()
        position, previous = (last.position, last.hash) if last else (0, START)
        seals = []
        waiting = list(_tail()[:_AT_A_TIME])
        for entry in waiting:
            position, before, previous = position + 1, previous, link(previous, entry)
            seals.append(
                AuditLogSeal(position=position, entry_id=entry.pk, previous=before, hash=previous)
            )
        AuditLogSeal.objects.bulk_create(seals)
        AuditLogTail.objects.filter(pk__in=[entry.pk for entry in waiting]).delete()
    return len(seals)


def _tail() -> QuerySet[AuditLogEntry]:
    listed = AuditLogTail.objects.values("entry_id")
    return AuditLogEntry.objects.filter(pk__in=listed).order_by("at", "id")
