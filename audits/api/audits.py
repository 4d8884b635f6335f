"""`/audits`: the worklist, one audit, and what can be done to it."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.audit_bodies import audit_body, blind_body, row_body
from audits.api.audit_shapes import AuditRowSerializer, AuditSerializer, words
from audits.api.case_shapes import AuditRefSerializer, audit_ref
from audits.api.events import audit_events
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.errors import NotFound
from audits.models import ENDED_STATES, Audit, AuditState, User
from audits.selectors.audits import (
    AuditFilter,
    filtered,
    own_audits,
    visible_audits,
    whole_audit,
    with_row,
)
from audits.selectors.blind import Held, held_blind
from audits.selectors.queues import read_counts
from audits.services.audits import audit_cancel, audit_retry
from audits.services.exposure import expose
from inference.vocabulary import FlagKind, Label

ORDERS = {
    "newest": (("created_at", "desc"), ("id", "desc")),
    "oldest": (("created_at", "asc"), ("id", "asc")),
    "urgent": (("urgency_rank", "desc"), ("created_at", "desc"), ("id", "desc")),
}


class WorklistQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(
        choices=words(AuditState), required=False, allow_blank=True, default=""
    )
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=words(Label), required=False, allow_blank=True, default=""
    )
    kind = serializers.ChoiceField(
        choices=words(FlagKind), required=False, allow_blank=True, default=""
    )
    code = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)
    source = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)  # type: ignore[assignment]
    case = serializers.UUIDField(required=False, allow_null=True, default=None)
    q = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)
    order = serializers.ChoiceField(choices=list(ORDERS), required=False, default="newest")


_PARAMETERS = [
    OpenApiParameter("state", OpenApiTypes.STR, enum=words(AuditState)),
    OpenApiParameter("code", OpenApiTypes.STR, description="Why it failed."),
    OpenApiParameter("label", OpenApiTypes.STR, enum=words(Label)),
    OpenApiParameter("kind", OpenApiTypes.STR, enum=words(FlagKind)),
    OpenApiParameter("source", OpenApiTypes.STR),
    OpenApiParameter("case", OpenApiTypes.UUID),
    OpenApiParameter("q", OpenApiTypes.STR, description="In drafts and case codes."),
    OpenApiParameter("order", OpenApiTypes.STR, enum=list(ORDERS)),
]


def _own_audit(request: Request, audit_id: uuid.UUID) -> Audit:
    user = cast(User, request.user)
    audit = own_audits(user).filter(pk=audit_id).first()
    if audit is None and visible_audits(user).filter(pk=audit_id).exists():
        raise PermissionDenied("Whoever sent this draft, or a curator, may do this.")
    if audit is None:
        raise NotFound("audit")
    return audit


class AuditList(APIView):
    @extend_schema(**page_schema("audits_list", AuditRowSerializer, _PARAMETERS))
    def get(self, request: Request) -> Response:
        query = WorklistQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = dict(query.validated_data)
        page = KeysetPagination(ORDERS[wanted.pop("order")])
        user = cast(User, request.user)
        audits = filtered(visible_audits(user), AuditFilter(**wanted))
        rows = page.paginate_queryset(with_row(audits), request)
        expose(user=user, cases=[row.case_id for row in rows if row.state in ENDED_STATES])
        reads = read_counts([audit.pk for audit in rows])
        return page.get_paginated_response([row_body(row, reads[row.pk]) for row in rows])


class AuditDetail(APIView):
    @extend_schema(
        operation_id="audits_retrieve",
        responses=AuditSerializer,
        parameters=[
            OpenApiParameter(
                "all",
                OpenApiTypes.STR,
                enum=["1"],
                description="With 1, also each label's best candidate below its threshold.",
            )
        ],
    )
    def get(self, request: Request, audit_id: uuid.UUID) -> Response:
        """Whole; to who reads it blind, what the step they are at shows (``shown``)."""
        user = cast(User, request.user)
        audit = whole_audit(user, audit_id)
        if audit is None:
            return Response(blind_body(_held(user, audit_id)))
        if audit.state in ENDED_STATES:
            expose(user=user, cases=[audit.case_id])
        with_below = request.query_params.get("all") == "1"
        return Response(audit_body(audit, with_below=with_below))


def _held(user: User, audit_id: uuid.UUID) -> Held:
    held = held_blind(user, audit_id)
    if held is None:
        raise NotFound("audit")
    return held


class AuditRetry(APIView):
    @extend_schema(operation_id="audits_retry", request=None, responses=AuditRefSerializer)
    def post(self, request: Request, audit_id: uuid.UUID) -> Response:
        audit = audit_retry(audit=_own_audit(request, audit_id), actor=cast(User, request.user))
        return Response(audit_ref(audit, request))


class AuditCancel(APIView):
    @extend_schema(operation_id="audits_cancel", request=None, responses=AuditRefSerializer)
    def post(self, request: Request, audit_id: uuid.UUID) -> Response:
        audit = audit_cancel(audit=_own_audit(request, audit_id), actor=cast(User, request.user))
        return Response(audit_ref(audit, request))


urlpatterns = [
    path("audits", AuditList.as_view(), name="audits"),
    path("audits/<uuid:audit_id>", AuditDetail.as_view(), name="audit"),
    path("audits/<uuid:audit_id>/events", audit_events, name="audit-events"),
    path("audits/<uuid:audit_id>/retry", AuditRetry.as_view(), name="audit-retry"),
    path("audits/<uuid:audit_id>/cancel", AuditCancel.as_view(), name="audit-cancel"),
]
