"""The administration: everything can be looked at; only people and sources are edited."""

from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import transaction
from django.db.models import Model, URLField
from django.forms import ModelForm
from django.http import HttpRequest

from audits import models
from audits.services.log import record

# Of allauth's own tables only who is linked to a provider is of use: removing a row ends it.
admin.site.unregister([EmailAddress, SocialApp, SocialToken])
admin.site.site_header = "Overread: research and education only"


class Recorded:
    """Edits made here are in the audit log like any other."""

    def save_model(
        self, request: HttpRequest, obj: Model, form: "ModelForm[Any]", change: bool
    ) -> None:
        action = f"{obj._meta.model_name}.{'changed' if change else 'created'}"
        with transaction.atomic():
            obj.save()
            actor = cast(models.User, request.user)
            record(actor=actor, action=action, target=obj, data={"fields": form.changed_data})


@admin.register(models.User)
class RecordedUserAdmin(Recorded, UserAdmin):  # type: ignore[type-arg]
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """What services write is not written by hand: their rules and log rows would be missing."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Steps(admin.TabularInline):  # type: ignore[type-arg]
    model = models.AuditStep
    fields = ("name", "state", "attempt", "claims", "sends", "ms", "failure_message", "traceback")
    extra = 0


@admin.register(models.Audit)
class AuditAdmin(ReadOnly):
    list_display = ("id", "state", "case", "attempt", "failure_code", "created_at")
    list_filter = ("state", "failure_code", "case__source")
    list_select_related = ("case",)
    inlines = (Steps,)


@admin.register(models.Case)
class CaseAdmin(ReadOnly):
    list_display = ("code", "source", "view", "phantom", "created_at")
    list_filter = ("source", "view")
    list_select_related = ("source",)


@admin.register(models.Source)
class SourceAdmin(Recorded, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = (
        "slug",
        "licence",
        "pixels_redistributable",
        "text_redistributable",
        "boxes_redistributable",
    )
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(models.ModelVersion)
class ModelVersionAdmin(ReadOnly):
    list_display = (
        *("kind", "name", "version", "checkpoint", "adapter", "prompt"),
        *("licence", "may_release_output", "created_at"),
    )
    list_filter = ("kind", "name")


@admin.register(models.WorkerBackend)
class WorkerBackendAdmin(ReadOnly):
    list_display = ("host", "kind", "name", "version", "detail", "memory_mb", "seen_at")
    list_select_related = ("version",)


@admin.register(models.Generation)
class GenerationAdmin(ReadOnly):
    list_display = ("audit_id", "model", "step", "attempt", "position", "outcome", "ms")
    list_filter = ("outcome", "step", "model__name")
    list_select_related = ("model",)


@admin.register(models.FailedStep)
class FailedStepAdmin(ReadOnly):
    list_display = ("audit_id", "step", "attempt", "code", "message", "at")
    list_filter = ("code", "step")


@admin.register(models.Batch)
class BatchAdmin(ReadOnly):
    list_display = ("id", "selection", "grounder", "parser", "created_at", "cancelled_at")
    list_select_related = ("grounder", "parser")


@admin.register(models.AuditLogEntry)
class AuditLogAdmin(ReadOnly):
    list_display = ("at", "action", "object_type", "object_id")
    list_filter = ("action",)


@admin.register(models.AuditLogSeal)
class AuditLogSealAdmin(ReadOnly):
    list_display = ("position", "entry_id", "hash", "sealed_at")


@admin.register(models.ApiToken)
class ApiTokenAdmin(ReadOnly):
    list_display = ("user", "name", "scope", "created_at", "expires_at", "revoked_at")
    list_select_related = ("user",)


@admin.register(models.Webhook)
class WebhookAdmin(ReadOnly):
    list_display = ("url", "events", "active", "created_at", "deleted_at")
    exclude = ("salt",)


@admin.register(models.WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnly):
    list_display = ("event", "webhook_id", "state", "attempts", "next_at", "created_at")
    list_filter = ("state", "event")


for model in (models.Queue, models.ReviewSlot, models.Read, models.Decision, models.Release):
    admin.site.register(model, ReadOnly)
