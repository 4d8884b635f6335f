"""`/models/{id}/weeks` and `/alerts`: what each version does week by week, and what moved."""

import uuid
from typing import Any, cast

from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Curators
from audits.api.queue_shapes import MeasureSerializer
from audits.errors import InvalidInput, NotFound
from audits.models import ModelAlert, User
from audits.selectors.stats import model_versions
from audits.selectors.watching import IMAGE_MEANS, MEASURES, Week, visible_alerts, weeks_of
from inference.metrics.drift import rate

WEEKS, MOST_WEEKS = 12, 104


class WeekImagesSerializer(serializers.Serializer[Any]):
    megapixels = MeasureSerializer(allow_null=True)
    brightness = MeasureSerializer(allow_null=True)
    views = serializers.DictField(child=serializers.IntegerField())
    sources = serializers.DictField(child=serializers.IntegerField())


class WeekSerializer(serializers.Serializer[Any]):
    """Intervals are 95%: Wilson's of rates, the normal one of means. ``moved``: figures whose
    interval lies apart from ``before``'s, that of the eight weeks before. Brightness is the mean of
    the picture as it is shown, 0 to 1."""

    week = serializers.CharField()
    starts = serializers.DateField()
    audits = serializers.IntegerField()
    failed = serializers.IntegerField()
    rates = serializers.DictField(child=MeasureSerializer())
    dismissed_by_reason = serializers.DictField(child=MeasureSerializer())
    images = WeekImagesSerializer()
    moved = serializers.ListField(child=serializers.CharField())
    before = serializers.DictField(child=MeasureSerializer())


class AlertSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    model = serializers.UUIDField()
    week = serializers.DateField()
    measure = serializers.CharField()
    now = MeasureSerializer()
    before = MeasureSerializer()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class ModelWeeks(APIView):
    permission_classes = [Curators]

    @extend_schema(
        operation_id="models_weeks",
        parameters=[
            OpenApiParameter(
                "weeks", {"type": "integer", "minimum": 1, "maximum": MOST_WEEKS}, default=WEEKS
            )
        ],
        responses=inline_serializer("ModelWeeks", {"results": WeekSerializer(many=True)}),
    )
    def get(self, request: Request, model_id: uuid.UUID) -> Response:
        """The weeks (ISO, UTC) in which the version did anything, oldest first."""
        row = model_versions(_user(request)).filter(pk=model_id).first()
        if row is None:
            raise NotFound("model")
        found = weeks_of(row, weeks=_weeks(request), today=timezone.now().date())
        return Response({"results": [week_body(week) for week in found]})


class AlertList(APIView):
    permission_classes = [Curators]

    @extend_schema(
        **page_schema(
            "alerts_list", AlertSerializer, [OpenApiParameter("model", OpenApiTypes.UUID)]
        )
    )
    def get(self, request: Request) -> Response:
        page = KeysetPagination()
        found = visible_alerts(_user(request))
        model = request.query_params.get("model", "")
        if model:
            found = found.filter(model=_uuid(model))
        rows = page.paginate_queryset(found, request)
        return page.get_paginated_response([alert_body(row) for row in rows])


def _user(request: Request) -> User:
    return cast(User, request.user)


def _weeks(request: Request) -> int:
    asked = request.query_params.get("weeks", str(WEEKS))
    if not (asked.isascii() and asked.isdigit()) or not 1 <= int(asked[:4]) <= MOST_WEEKS:
        raise InvalidInput("weeks", f"A whole number from 1 to {MOST_WEEKS}.")
    return int(asked)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise InvalidInput("model", "The id of a model.") from error


def week_body(week: Week) -> dict[str, Any]:
    settled = week.counts["settled"]
    return {
        "week": week.name,
        "starts": week.starts,
        "audits": week.counts["done"],
        "failed": week.counts["failed"],
        "rates": {name: week.rate(name).as_dict() for name in MEASURES},
        "dismissed_by_reason": {
            reason: rate(n, settled).as_dict() for reason, n in sorted(week.reasons.items())
        },
        "images": {
            **{
                name: figure and figure.as_dict()
                for name in IMAGE_MEANS
                for figure in [week.means.get(name)]
            },
            "views": dict(sorted(week.views.items())),
            "sources": dict(sorted(week.sources.items())),
        },
        "moved": list(week.moved),
        "before": {name: then.as_dict() for name, then in week.moved.items()},
    }


def alert_body(row: ModelAlert) -> dict[str, Any]:
    plain = ("id", "week", "measure", "now", "before", "text", "created_at")
    return {**{name: getattr(row, name) for name in plain}, "model": row.model_id}


urlpatterns = [
    path("models/<uuid:model_id>/weeks", ModelWeeks.as_view(), name="model-weeks"),
    path("alerts", AlertList.as_view(), name="alerts"),
]
