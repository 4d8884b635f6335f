"""`/reads`: submitted reads, without names, for the adjudicators of their queue; and reopening."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.slot_shapes import ReadSerializer, ReopenedSerializer, read_body, reopened_body
from audits.errors import NotFound
from audits.models import Read, User
from audits.selectors.reads import submissions_of, visible_reads
from audits.services.exposure import expose
from audits.services.reopening import reopen_read


class ReadQuery(serializers.Serializer[Any]):
    queue = serializers.UUIDField(required=False)
    reopened = serializers.BooleanField(required=False, allow_null=True, default=None)


class ReadRowSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    queue = serializers.UUIDField()
    audit = serializers.UUIDField()
    submitted_at = serializers.DateTimeField()
    reopened = ReopenedSerializer(allow_null=True)


class SubmissionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    submitted_at = serializers.DateTimeField()
    reopened = ReopenedSerializer(allow_null=True)


class WholeReadSerializer(ReadSerializer):
    """A submitted read, and all that was ever submitted of its slot, the oldest first."""

    queue = serializers.UUIDField()
    audit = serializers.UUIDField()
    reopened = ReopenedSerializer(allow_null=True)
    history = SubmissionSerializer(many=True)


class ReopenInput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    reason = serializers.CharField(max_length=4000)


class NewestFirst(KeysetPagination):
    order = (("submitted_at", "desc"), ("id", "desc"))


FILTERS = [
    OpenApiParameter("queue", OpenApiTypes.UUID),
    OpenApiParameter("reopened", OpenApiTypes.BOOL),
]


class ReadList(APIView):
    @extend_schema(**page_schema("reads_list", ReadRowSerializer, FILTERS))
    def get(self, request: Request) -> Response:
        asked = ReadQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        found = _visible(request)
        if "queue" in given:
            found = found.filter(slot__queue=given["queue"])
        if given["reopened"] is not None:
            found = found.filter(reopened_at__isnull=not given["reopened"])
        page = NewestFirst()
        rows = page.paginate_queryset(found, request)
        return page.get_paginated_response([_row(row) for row in rows])


class ReadDetail(APIView):
    @extend_schema(operation_id="reads_retrieve", responses=WholeReadSerializer)
    def get(self, request: Request, read_id: uuid.UUID) -> Response:
        return Response(_whole(request, read_id))


class ReadReopen(APIView):
    @extend_schema(request=ReopenInput, responses=WholeReadSerializer)
    def post(self, request: Request, read_id: uuid.UUID) -> Response:
        asked = ReopenInput(data=request.data)
        asked.is_valid(raise_exception=True)
        reopen_read(
            read_id=read_id,
            adjudicator=cast(User, request.user),
            reopening_id=asked.validated_data["id"],
            reason=asked.validated_data["reason"],
        )
        return Response(_whole(request, read_id))


def _visible(request: Request) -> Any:
    found = visible_reads(cast(User, request.user))
    return found.select_related("slot__item__audit", "reopening")


def _whole(request: Request, read_id: uuid.UUID) -> dict[str, Any]:
    """Whoever is shown a read is shown the flags."""
    read = _visible(request).filter(pk=read_id).first()
    if read is None:
        raise NotFound("read")
    expose(user=cast(User, request.user), cases=[read.slot.item.audit.case_id])
    return {
        **_row(read),
        **read_body(read),
        "history": [_submission(each) for each in submissions_of(read.slot_id)],
    }


def _row(read: Read) -> dict[str, Any]:
    return {
        **_submission(read),
        "queue": read.slot.queue_id,
        "audit": read.slot.item.audit_id,
    }


def _submission(read: Read) -> dict[str, Any]:
    return {
        "id": read.id,
        "submitted_at": read.submitted_at,
        "reopened": reopened_body(read),
    }


_ONE = "reads/<uuid:read_id>"

urlpatterns = [
    path("reads", ReadList.as_view(), name="reads"),
    path(_ONE, ReadDetail.as_view(), name="read"),
    path(f"{_ONE}/reopen", ReadReopen.as_view(), name="read-reopen"),
]
