"""`/adjudications`: what reads differ in, and the outcome that an adjudicator gives it."""

import uuid
from typing import Any, cast

from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.adjudication_shapes import (
    AdjudicationQuery,
    AdjudicationSerializer,
    ChairSerializer,
    OpenedSerializer,
    SettleInput,
    adjudication_body,
    opened_body,
)
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.errors import NotFound
from audits.models import Adjudication, User
from audits.selectors.adjudications import visible_adjudications
from audits.services.adjudication import (
    Chair,
    FlagRuling,
    LabelRuling,
    claim_adjudication,
    release_adjudication,
    settle_adjudication,
)
from audits.services.exposure import expose
from inference.decisions import Reason, Verdict
from inference.vocabulary import Label


class OldestFirst(KeysetPagination):
    order = (("opened_at", "asc"), ("id", "asc"))


FILTERS = [
    OpenApiParameter("queue", OpenApiTypes.UUID),
    OpenApiParameter("state", str, enum=Adjudication.State.values),
]


class AdjudicationList(APIView):
    @extend_schema(**page_schema("adjudications_list", AdjudicationSerializer, FILTERS))
    def get(self, request: Request) -> Response:
        asked = AdjudicationQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = visible_adjudications(cast(User, request.user)).filter(**asked.validated_data)
        page = OldestFirst()
        rows = page.paginate_queryset(found, request)
        now = timezone.now()
        return page.get_paginated_response([adjudication_body(row, now) for row in rows])


class AdjudicationDetail(APIView):
    @extend_schema(operation_id="adjudications_retrieve", responses=OpenedSerializer)
    def get(self, request: Request, adjudication_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        found = (
            visible_adjudications(user)
            .select_related("item__audit")
            .filter(pk=adjudication_id)
            .first()
        )
        if found is None:
            raise NotFound("adjudication")
        return Response(_opened(found, user))


def _opened(found: Adjudication, user: User) -> dict[str, Any]:
    """Whoever is shown the reads is shown the flags."""
    body = opened_body(found, user)
    if body["audit"] is not None:
        expose(user=user, cases=[found.item.audit.case_id])
    return body


class AdjudicationClaim(APIView):
    @extend_schema(request=None, responses=OpenedSerializer)
    def post(self, request: Request, adjudication_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        held = claim_adjudication(adjudication_id=adjudication_id, adjudicator=user)
        return Response(_opened(held, user))


class AdjudicationRelease(APIView):
    @extend_schema(request=ChairSerializer, responses={204: None})
    def post(self, request: Request, adjudication_id: uuid.UUID) -> Response:
        asked = ChairSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        release_adjudication(chair=_chair(request, adjudication_id, asked.validated_data))
        return Response(status=204)


class AdjudicationSettle(APIView):
    @extend_schema(request=SettleInput, responses=OpenedSerializer)
    def post(self, request: Request, adjudication_id: uuid.UUID) -> Response:
        asked = SettleInput(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        settled = settle_adjudication(
            chair=_chair(request, adjudication_id, given),
            reason=given["reason"],
            flags=[_flag_ruling(row) for row in given["rulings"]],
            labels=[_label_ruling(row) for row in given["missed"]],
        )
        return Response(opened_body(settled, cast(User, request.user)))


def _chair(request: Request, adjudication_id: uuid.UUID, given: dict[str, Any]) -> Chair:
    return Chair(
        adjudication_id=adjudication_id,
        adjudicator=cast(User, request.user),
        token=given["lease_token"],
        fence=given["fence"],
    )


def _flag_ruling(row: dict[str, Any]) -> FlagRuling:
    return FlagRuling(
        id=row["id"],
        flag_id=row["flag"],
        verdict=Verdict(row["verdict"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        box=row["box"],
    )


def _label_ruling(row: dict[str, Any]) -> LabelRuling:
    return LabelRuling(
        id=row["id"], label=Label(row["label"]), present=row["present"], box=row["box"]
    )


_ONE = "adjudications/<uuid:adjudication_id>"

urlpatterns = [
    path("adjudications", AdjudicationList.as_view(), name="adjudications"),
    path(_ONE, AdjudicationDetail.as_view(), name="adjudication"),
    path(f"{_ONE}/claim", AdjudicationClaim.as_view(), name="adjudication-claim"),
    path(f"{_ONE}/release", AdjudicationRelease.as_view(), name="adjudication-release"),
    path(f"{_ONE}/settle", AdjudicationSettle.as_view(), name="adjudication-settle"),
]
