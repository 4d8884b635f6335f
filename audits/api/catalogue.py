"""What the platform holds: model versions, counts, and the audit log."""

from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.audit_shapes import words
from audits.api.models import ModelStatsSerializer
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Administrators
from audits.models import AuditLogEntry, BackendKind, User
from audits.selectors.generations import model_stats
from audits.selectors.log import visible_log
from audits.selectors.stats import model_versions, platform_counts

_MODELS = 50
"""So many of the newest versions have their rates among the counts; `/models` has them all."""


class ModelOfStatsSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=words(BackendKind))
    name = serializers.CharField()
    version = serializers.CharField()
    stats = ModelStatsSerializer()


class StatsSerializer(serializers.Serializer[Any]):
    cases = serializers.IntegerField()
    audits = serializers.DictField(child=serializers.IntegerField())
    flags = serializers.DictField(child=serializers.IntegerField())
    labels = serializers.DictField(child=serializers.IntegerField())
    models = ModelOfStatsSerializer(many=True)


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


class Stats(APIView):
    @extend_schema(operation_id="stats_retrieve", responses=StatsSerializer)
    def get(self, request: Request) -> Response:
        user = cast(User, request.user)
        return Response({**platform_counts(user), "models": _models(user)})


def _models(user: User) -> list[dict[str, Any]]:
    newest = list(model_versions(user).order_by("-created_at", "-id")[:_MODELS])
    stats = model_stats(newest)
    fields = ("id", "kind", "name", "version")
    return [
        {**{field: getattr(row, field) for field in fields}, "stats": stats[row.pk]}
        for row in newest
    ]


class AuditLog(APIView):
    permission_classes = [Administrators]

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
    path("stats", Stats.as_view(), name="stats"),
    path("audit-log", AuditLog.as_view(), name="audit-log"),
]
