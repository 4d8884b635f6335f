"""`/audit-log`: browsed page by page and exported as a stream, by administrators."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import APIView

from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Administrators
from audits.models import AuditLogEntry, User
from audits.selectors.log import LogFilter, chain_state, entries_in_order, visible_log
from audits.services.log import record

_COLUMNS = ("id", "at", "action", "object_type", "object_id", "actor", "address", "data")


class LogFilterInput(serializers.Serializer[Any]):
    actor = serializers.UUIDField(required=False)
    username = serializers.CharField(required=False, max_length=150)
    action = serializers.CharField(required=False, max_length=60)
    object = serializers.UUIDField(required=False)
    object_type = serializers.CharField(required=False, max_length=40)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


class ExportInput(LogFilterInput):
    as_ = serializers.ChoiceField(choices=("jsonl", "csv"), required=False, default="jsonl")

    def get_fields(self) -> dict[str, Any]:
        """The parameter is ``as``, which Python keeps for itself."""
        fields = super().get_fields()
        fields["as"] = fields.pop("as_")
        return fields


class LogEntrySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    action = serializers.CharField()
    object_type = serializers.CharField()
    object_id = serializers.UUIDField()
    actor = serializers.CharField(allow_null=True)
    address = serializers.CharField(allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]


class ChainStateSerializer(serializers.Serializer[Any]):
    sealed = serializers.IntegerField()
    unsealed = serializers.IntegerField()
    head = serializers.CharField()
    sealed_at = serializers.DateTimeField(allow_null=True)


class LogOrder(KeysetPagination):
    order = (("at", "desc"), ("id", "desc"))


_FILTERS = [
    OpenApiParameter("actor", OpenApiTypes.UUID, description="Who did it: a person's id."),
    OpenApiParameter("username", OpenApiTypes.STR, description="Who did it: their name."),
    OpenApiParameter("action", OpenApiTypes.STR, description="Such as audit.done."),
    OpenApiParameter("object", OpenApiTypes.UUID, description="The id of what was changed."),
    OpenApiParameter("object_type", OpenApiTypes.STR, description="Such as audit or queue."),
    OpenApiParameter("since", OpenApiTypes.DATETIME, description="From this moment on."),
    OpenApiParameter("until", OpenApiTypes.DATETIME, description="Before this moment."),
]


class AuditLog(APIView):
    permission_classes = [Administrators]

    @extend_schema(**page_schema("audit_log_list", LogEntrySerializer, _FILTERS))
    def get(self, request: Request) -> Response:
        asked = LogFilterInput(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        page = LogOrder()
        rows = page.paginate_queryset(_entries(request, asked.validated_data), request)
        return page.get_paginated_response([log_body(row) for row in rows])


class AuditLogChain(APIView):
    permission_classes = [Administrators]

    @extend_schema(operation_id="audit_log_chain", responses=ChainStateSerializer)
    def get(self, request: Request) -> Response:
        """How many entries are sealed, how many wait, and the head to keep elsewhere."""
        return Response(ChainStateSerializer(chain_state()).data)


class AuditLogExport(APIView):
    permission_classes = [Administrators]

    @extend_schema(
        operation_id="audit_log_export",
        parameters=[*_FILTERS, OpenApiParameter("as", OpenApiTypes.STR, enum=["jsonl", "csv"])],
        responses={
            (200, "application/x-ndjson"): OpenApiResponse(OpenApiTypes.STR),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR),
        },
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        """Every entry that fits, oldest first, as JSON lines or CSV. The export is logged too."""
        asked = ExportInput(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        chosen = asked.validated_data.pop("as")
        user = cast(User, request.user)
        rows = entries_in_order(_entries(request, asked.validated_data))
        with transaction.atomic():
            record(actor=user, action="audit_log.exported", target=user, data={"as": chosen})
        lines, kind = (
            (_csv(rows), "text/csv") if chosen == "csv" else (_jsonl(rows), "application/x-ndjson")
        )
        return StreamingHttpResponse(
            lines,
            content_type=kind,
            headers={"Content-Disposition": f'attachment; filename="audit-log.{chosen}"'},
        )


def _entries(request: Request, asked: dict[str, Any]) -> QuerySet[AuditLogEntry]:
    return visible_log(cast(User, request.user)).filter(LogFilter(**asked).condition())


def log_body(entry: AuditLogEntry) -> dict[str, Any]:
    """Entries of the platform itself have no actor."""
    actor = getattr(entry, "actor", None)
    fields = ("id", "at", "action", "object_type", "object_id", "data")
    return {
        **{field: getattr(entry, field) for field in fields},
        "actor": actor.user.username if actor and actor.user else None,
        "address": actor.address if actor else None,
    }


def _jsonl(rows: Iterator[AuditLogEntry]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(log_body(row), cls=JSONEncoder) + "\n"


def _csv(rows: Iterator[AuditLogEntry]) -> Iterator[str]:
    yield _csv_line(_COLUMNS)
    for row in rows:
        body = log_body(row)
        body["at"] = row.at.isoformat()
        body["data"] = json.dumps(row.data, sort_keys=True)
        yield _csv_line([_plain(body[column]) for column in _COLUMNS])


def _plain(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula: user names are people's own words."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _csv_line(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


urlpatterns = [
    path("audit-log", AuditLog.as_view(), name="audit-log"),
    path("audit-log/chain", AuditLogChain.as_view(), name="audit-log-chain"),
    path("audit-log/export", AuditLogExport.as_view(), name="audit-log-export"),
]
