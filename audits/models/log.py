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

    class Meta:
        verbose_name_plural = "audit log entries"
        indexes = [
            models.Index(fields=["-at", "-id"], name="log_newest"),
            models.Index(fields=["object_id", "at"], name="log_of_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class AuditLogActor(models.Model):
    """The person and address behind an entry: beside it, so that they can be erased."""

    entry = models.OneToOneField(
        AuditLogEntry, primary_key=True, on_delete=models.PROTECT, related_name="actor"
    )
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    address = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"actor of {self.entry_id}"
