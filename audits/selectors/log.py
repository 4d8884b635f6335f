"""Reading the audit log: administrators only."""

from django.db.models import QuerySet

from audits.models import AuditLogEntry, User


def visible_log(user: User) -> QuerySet[AuditLogEntry]:
    if not user.is_administrator:
        return AuditLogEntry.objects.none()
    return AuditLogEntry.objects.select_related("actor__user")
