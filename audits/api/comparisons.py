"""`/comparisons` and promotions: which of two versions is better, and which one people chose."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.comparison_shapes import (
    ComparisonInput,
    ComparisonSerializer,
    PromotionInput,
    PromotionSerializer,
    WholeComparisonSerializer,
    comparison_body,
    promotion_body,
)
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Administrators, Curators
from audits.errors import InvalidInput, NotFound
from audits.models import BackendKind, Comparison, ModelVersion, Queue, Source, User
from audits.selectors.comparing import CaseSet, visible_comparisons
from audits.selectors.promotions import visible_promotions
from audits.selectors.queues import visible_queues
from audits.selectors.stats import model_versions
from audits.services.comparing import comparison_create
from audits.services.exposure import expose
from audits.services.promoting import model_promote


class ComparisonList(APIView):
    permission_classes = [Curators]

    @extend_schema(**page_schema("comparisons_list", ComparisonSerializer))
    def get(self, request: Request) -> Response:
        page = KeysetPagination()
        found = visible_comparisons(_user(request)).defer("report")
        rows = page.paginate_queryset(found, request)
        return page.get_paginated_response([comparison_body(row) for row in rows])

    @extend_schema(
        operation_id="comparisons_create",
        request=ComparisonInput,
        responses={201: WholeComparisonSerializer},
    )
    def post(self, request: Request) -> Response:
        """Compared at once, over the audits that are there: nothing is run for it."""
        given = ComparisonInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        made = comparison_create(
            a=_version(request, "a", wanted["a"]),
            b=_version(request, "b", wanted["b"]),
            wanted=CaseSet(_queue(request, wanted["queue"]), _source(wanted["source"])),
            actor=_user(request),
            seed=wanted["seed"],
        )
        return Response(_whole(request, made), status=201)


class ComparisonDetail(APIView):
    permission_classes = [Curators]

    @extend_schema(operation_id="comparisons_retrieve", responses=WholeComparisonSerializer)
    def get(self, request: Request, comparison_id: uuid.UUID) -> Response:
        return Response(_whole(request, _comparison(request, comparison_id)))


class ModelPromote(APIView):
    permission_classes = [Administrators]

    @extend_schema(
        operation_id="models_promote", request=PromotionInput, responses={201: PromotionSerializer}
    )
    def post(self, request: Request, model_id: uuid.UUID) -> Response:
        """Promoting a version that was current before is rolling back to it."""
        version = model_versions(_user(request)).filter(pk=model_id).first()
        if version is None:
            raise NotFound("model")
        given = PromotionInput(data=request.data)
        given.is_valid(raise_exception=True)
        key = given.validated_data["comparison"]
        made = model_promote(
            version=version,
            actor=_user(request),
            reason=given.validated_data["reason"],
            comparison=_comparison(request, key) if key else None,
        )
        return Response(promotion_body(made), status=201)


class PromotionList(APIView):
    @extend_schema(
        **page_schema(
            "promotions_list",
            PromotionSerializer,
            [OpenApiParameter("kind", OpenApiTypes.STR, enum=[str(kind) for kind in BackendKind])],
        )
    )
    def get(self, request: Request) -> Response:
        page = KeysetPagination()
        found = visible_promotions(_user(request))
        kind = request.query_params.get("kind", "")
        if kind:
            if kind not in list(BackendKind):
                raise InvalidInput("kind", f"One of: {', '.join(BackendKind)}.")
            found = found.filter(kind=kind)
        rows = page.paginate_queryset(found, request)
        return page.get_paginated_response([promotion_body(row) for row in rows])


def _user(request: Request) -> User:
    return cast(User, request.user)


def _whole(request: Request, row: Comparison) -> dict[str, Any]:
    expose(user=_user(request), cases=[uuid.UUID(case["id"]) for case in row.report["cases"]])
    return {**comparison_body(row), "report": row.report}


def _comparison(request: Request, key: uuid.UUID) -> Comparison:
    row = visible_comparisons(_user(request)).filter(pk=key).first()
    if row is None:
        raise NotFound("comparison")
    return row


def _version(request: Request, field: str, key: uuid.UUID) -> ModelVersion:
    row = model_versions(_user(request)).filter(pk=key).first()
    if row is None:
        raise InvalidInput(field, "There is no model of this id.")
    return row


def _queue(request: Request, key: uuid.UUID | None) -> Queue | None:
    if key is None:
        return None
    row = visible_queues(_user(request)).filter(pk=key).first()
    if row is None:
        raise InvalidInput("queue", "There is no queue of this id that you may see.")
    return row


def _source(slug: str) -> Source | None:
    if not slug:
        return None
    row = Source.objects.filter(slug=slug).first()
    if row is None:
        raise InvalidInput("source", f"There is no source {slug!r}.")
    return row


urlpatterns = [
    path("comparisons", ComparisonList.as_view(), name="comparisons"),
    path("comparisons/<uuid:comparison_id>", ComparisonDetail.as_view(), name="comparison"),
    path("models/<uuid:model_id>/promote", ModelPromote.as_view(), name="model-promote"),
    path("promotions", PromotionList.as_view(), name="promotions"),
]
