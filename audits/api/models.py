"""`/models` and `/backends`: every version that ever judged, its rates and card, and who is up."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.audit_shapes import BackendSerializer, words
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.errors import NotFound
from audits.models import BackendKind, ModelVersion, User
from audits.selectors.backends import backends_offered
from audits.selectors.cards import card_of
from audits.selectors.promotions import current_versions
from audits.selectors.stats import model_figures, model_versions


class ModelCountsSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    failed = serializers.IntegerField()


class RatesSerializer(serializers.Serializer[Any]):
    schema_valid = serializers.FloatField(allow_null=True)
    repair = serializers.FloatField(allow_null=True)
    retry = serializers.FloatField(allow_null=True)
    drop = serializers.FloatField(allow_null=True)
    failure = serializers.FloatField(allow_null=True)


class MillisecondsSerializer(serializers.Serializer[Any]):
    mean = serializers.IntegerField()
    p95 = serializers.IntegerField()


class ModelStatsSerializer(serializers.Serializer[Any]):
    """generations = used + recovered + failed; emitted = used things + the ledger's rows."""

    generations = serializers.IntegerField()
    used = serializers.IntegerField()
    recovered = serializers.IntegerField()
    failed = serializers.IntegerField()
    retries = serializers.IntegerField()
    ledger = serializers.IntegerField()
    emitted = serializers.IntegerField()
    rates = RatesSerializer()
    ms = MillisecondsSerializer(allow_null=True)
    counted_at = serializers.DateTimeField()


class ModelSerializer(BackendSerializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=words(BackendKind))
    checkpoint = serializers.CharField()
    adapter = serializers.CharField()
    prompt = serializers.CharField()
    decoding = serializers.CharField()
    weights_hash = serializers.CharField()
    card = serializers.CharField()
    counts = ModelCountsSerializer()
    stats = ModelStatsSerializer()
    current = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class WorkerSerializer(serializers.Serializer[Any]):
    host = serializers.CharField()
    up = serializers.BooleanField()
    detail = serializers.CharField()
    memory_mb = serializers.IntegerField(allow_null=True)
    started_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()


class OfferedSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=words(BackendKind))
    name = serializers.CharField()
    default = serializers.BooleanField()
    up = serializers.BooleanField()
    detail = serializers.CharField()
    model = serializers.UUIDField(allow_null=True)
    version = serializers.CharField(allow_null=True)
    workers = WorkerSerializer(many=True)


class ModelList(APIView):
    @extend_schema(**page_schema("models_list", ModelSerializer))
    def get(self, request: Request) -> Response:
        page = KeysetPagination()
        rows = list(page.paginate_queryset(model_versions(_user(request)), request) or [])
        figures = model_figures(rows)
        current = current_versions()
        return page.get_paginated_response(
            [model_body(row, figures[row.pk], row.pk in current) for row in rows]
        )


class ModelDetail(APIView):
    @extend_schema(operation_id="models_retrieve", responses=ModelSerializer)
    def get(self, request: Request, model_id: uuid.UUID) -> Response:
        row = _model(request, model_id)
        figures = model_figures([row])[row.pk]
        return Response(model_body(row, figures, row.pk in current_versions()))


class ModelCard(APIView):
    @extend_schema(
        operation_id="models_card",
        responses=inline_serializer("ModelCard", {"card": serializers.CharField()}),
    )
    def get(self, request: Request, model_id: uuid.UUID) -> Response:
        """The opening of the backend's card, as Markdown; "" for a backend without one."""
        return Response({"card": card_of(_model(request, model_id).name)})


class BackendList(APIView):
    @extend_schema(
        operation_id="backends_list",
        responses=inline_serializer("Backends", {"results": OfferedSerializer(many=True)}),
    )
    def get(self, request: Request) -> Response:
        """What an audit or a batch may be asked of, and the workers that do it."""
        return Response({"results": [offered_body(each) for each in backends_offered()]})


def _user(request: Request) -> User:
    return cast(User, request.user)


def _model(request: Request, model_id: uuid.UUID) -> ModelVersion:
    row = model_versions(_user(request)).filter(pk=model_id).first()
    if row is None:
        raise NotFound("model")
    return row


_FIELDS = (
    *("id", "kind", "name", "version", "hash", "licence", "may_release_output"),
    *("checkpoint", "adapter", "prompt", "decoding", "weights_hash", "created_at"),
)


def model_body(row: ModelVersion, figures: dict[str, Any], current: bool) -> dict[str, Any]:
    """``figures`` come from `model_figures`."""
    return {
        **{field: getattr(row, field) for field in _FIELDS},
        "card": card_of(row.name),
        **figures,
        "current": current,
    }


def offered_body(offered: dict[str, Any]) -> dict[str, Any]:
    version = offered["version"]
    fields = ("host", "detail", "memory_mb", "started_at", "seen_at")
    return {
        **offered,
        "model": version.pk if version else None,
        "version": version.version if version else None,
        "workers": [
            {
                **{field: getattr(worker, field) for field in fields},
                "up": worker.version is not None,
            }
            for worker in offered["workers"]
        ],
    }


urlpatterns = [
    path("models", ModelList.as_view(), name="models"),
    path("models/<uuid:model_id>", ModelDetail.as_view(), name="model"),
    path("models/<uuid:model_id>/card", ModelCard.as_view(), name="model-card"),
    path("backends", BackendList.as_view(), name="backends"),
]
