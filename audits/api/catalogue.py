"""What the platform holds: model versions, counts, and the audit log."""

from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.audit_shapes import BackendSerializer, words
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.models import AuditLogEntry, BackendKind, User
from audits.selectors.cards import card_of
from audits.selectors.log import visible_log
from audits.selectors.stats import model_versions, platform_counts


class ModelCountsSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    failed = serializers.IntegerField()


class ModelSerializer(BackendSerializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=words(BackendKind))
    card = serializers.CharField()
    counts = ModelCountsSerializer()
    created_at = serializers.DateTimeField()


class StatsSerializer(serializers.Serializer[Any]):
    cases = serializers.IntegerField()
    audits = serializers.DictField(child=serializers.IntegerField())
    flags = serializers.DictField(child=serializers.IntegerField())
    labels = serializers.DictField(child=serializers.IntegerField())


class LogEntrySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    action = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.UUIDField()
    actor = serializers.CharField(allow_null=True)
    address = serializers.CharField(allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]


class LogOrder(KeysetPagination):
    order = (("at", "desc"), ("id", "desc"))


class ModelList(APIView):
    @extend_schema(**page_schema("models_list", ModelSerializer))
    def get(self, request: Request) -> Response:
        page = KeysetPagination()
        rows = page.paginate_queryset(model_versions(cast(User, request.user)), request)
        return page.get_paginated_response([model_body(row) for row in rows])


def model_body(row: Any) -> dict[str, Any]:
    fields = ("id", "kind", "name", "version", "hash", "licence", "may_release_output")
    return {
        **{field: getattr(row, field) for field in fields},
        "card": card_of(row.name),
        "counts": {"done": row.done, "failed": row.failed},
        "created_at": row.created_at,
    }


class Stats(APIView):
    @extend_schema(operation_id="stats_retrieve", responses=StatsSerializer)
    def get(self, request: Request) -> Response:
        return Response(platform_counts(cast(User, request.user)))


class AuditLog(APIView):
    permission_classes = [IsAdminUser]

    @extend_schema(**page_schema("audit_log_list", LogEntrySerializer))
    def get(self, request: Request) -> Response:
        page = LogOrder()
        rows = page.paginate_queryset(visible_log(cast(User, request.user)), request)
        return page.get_paginated_response([log_body(row) for row in rows])


def log_body(entry: AuditLogEntry) -> dict[str, Any]:
    """Entries of the platform itself have no actor."""
    actor = getattr(entry, "actor", None)
    fields = ("id", "at", "action", "object_type", "object_id", "data")
    return {
        **{field: getattr(entry, field) for field in fields},
        "actor": actor.user.username if actor and actor.user else None,
        "address": actor.address if actor else None,
    }


urlpatterns = [
    path("models", ModelList.as_view(), name="models"),
    path("stats", Stats.as_view(), name="stats"),
    path("audit-log", AuditLog.as_view(), name="audit-log"),
]
