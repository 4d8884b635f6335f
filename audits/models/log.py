"""Who did what to which object. The database itself refuses to change or remove an entry."""

import uuid

from django.db import models

from audits.models.people import User


class AuditLogEntry(models.Model):
    """One change, written in the change's own transaction by `audits.services.log.record`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.UUIDField()
    data = models.JSONField(default=dict)
    actor_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "audit log entries"
        indexes = [
            models.Index(fields=["-at", "-id"], name="log_newest"),
            models.Index(fields=["object_id", "at"], name="log_of_object"),
            models.Index(fields=["action", "-at", "-id"], name="log_of_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class AuditLogActor(models.Model):
    """The person and address behind an entry: beside it, so that they can be erased.

    The entry keeps only their digest, which tells nothing once ``salt`` is gone with them.
    """

    entry = models.OneToOneField(
        AuditLogEntry, primary_key=True, on_delete=models.PROTECT, related_name="actor"
    )
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    address = models.GenericIPAddressField(null=True)
    salt = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return f"actor of {self.entry_id}"


class AuditLogTail(models.Model):
    """An entry that is not sealed yet: a trigger adds it, the sealer takes it away.

    So neither looks through the whole log. `check_audit_log` trusts no such list and does.
    """

    entry_id = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.entry_id} is not sealed"


class AuditLogSeal(models.Model):
    """One link of the chain: ``hash`` covers the entry and the hash before it.

    The entry is named by its id without a foreign key, so that a removed one leaves a gap to see.
    Written by `audits.services.sealing.log_seal` alone, after the entry's transaction.
    """

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"seal {self.position}"
