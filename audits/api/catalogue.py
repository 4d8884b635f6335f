"""What the platform holds: counts, and the rates of the newest model versions."""

from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.audit_shapes import words
from audits.api.models import ModelStatsSerializer
from audits.models import BackendKind, User
from audits.selectors.stats import model_figures, model_versions, platform_counts

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
    counted_at = serializers.DateTimeField()


class Stats(APIView):
    @extend_schema(operation_id="stats_retrieve", responses=StatsSerializer)
    def get(self, request: Request) -> Response:
        user = cast(User, request.user)
        return Response({**platform_counts(user), "models": _models(user)})


def _models(user: User) -> list[dict[str, Any]]:
    newest = list(model_versions(user).order_by("-created_at", "-id")[:_MODELS])
    figures = model_figures(newest)
    fields = ("id", "kind", "name", "version")
    return [
        {**{field: getattr(row, field) for field in fields}, "stats": figures[row.pk]["stats"]}
        for row in newest
    ]


urlpatterns = [
    path("stats", Stats.as_view(), name="stats"),
]
