"""`/batches`: audits over a selection of cases, how far they are, and stopping or retrying them."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from audits.api.audit_bodies import backend_body
from audits.api.audit_shapes import BackendSerializer
from audits.api.batch_events import batch_events
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Curators
from audits.errors import InvalidInput, NotFound
from audits.models import Batch, BatchItem, User
from audits.selectors.batches import (
    COUNTED,
    STATES,
    batch_progress,
    batch_state,
    visible_batches,
    with_auditors,
    with_states,
)
from audits.services.batches import Selection, batch_cancel, batch_create, batch_retry

_MOST_IDS = 10_000


class BatchInput(serializers.Serializer[Any]):
    source = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)  # type: ignore[assignment]
    cases = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=_MOST_IDS
    )
    drafts = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=_MOST_IDS
    )
    limit = serializers.IntegerField(required=False, default=0, min_value=0, max_value=10_000_000)
    latest_draft_only = serializers.BooleanField(required=False, default=True)
    retry_failed = serializers.BooleanField(required=False, default=False)
    grounder = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)
    parser = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)


class ProgressSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    unstarted = serializers.IntegerField()
    queued = serializers.IntegerField()
    running = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    cancelled = serializers.IntegerField()
    refused = serializers.IntegerField()
    left = serializers.IntegerField()
    eta_seconds = serializers.IntegerField(allow_null=True)
    rate_per_minute = serializers.FloatField(allow_null=True)


class BatchSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    url = serializers.URLField()
    state = serializers.ChoiceField(choices=list(STATES))
    selection = serializers.DictField()
    grounder = BackendSerializer()
    parser = BackendSerializer()
    policy = serializers.CharField()
    retry_failed = serializers.BooleanField()
    requested_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    cancelled_at = serializers.DateTimeField(allow_null=True)
    progress = ProgressSerializer()


class BatchItemSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    draft = serializers.UUIDField()
    case = serializers.UUIDField()
    audit = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(choices=list(COUNTED))
    code = serializers.CharField()
    message = serializers.CharField()


class ItemOrder(KeysetPagination):
    order = (("position", "asc"),)


class BatchList(APIView):
    permission_classes = [Curators]

    @extend_schema(**page_schema("batches_list", BatchSerializer))
    def get(self, request: Request) -> Response:
        page = KeysetPagination()
        batches = with_auditors(visible_batches(_user(request)))
        rows = page.paginate_queryset(batches, request)
        progress = batch_progress(rows)
        return page.get_paginated_response(
            [batch_body(row, progress[row.pk], request) for row in rows]
        )

    @extend_schema(
        operation_id="batches_create", request=BatchInput, responses={201: BatchSerializer}
    )
    def post(self, request: Request) -> Response:
        given = BatchInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = dict(given.validated_data)
        how = {name: wanted.pop(name) for name in ("grounder", "parser", "retry_failed")}
        wanted["cases"], wanted["drafts"] = tuple(wanted["cases"]), tuple(wanted["drafts"])
        batch = batch_create(selection=Selection(**wanted), actor=_user(request), **how)
        return _shown(batch, request, status=201)


class BatchDetail(APIView):
    permission_classes = [Curators]

    @extend_schema(operation_id="batches_retrieve", responses=BatchSerializer)
    def get(self, request: Request, batch_id: uuid.UUID) -> Response:
        return _shown(_batch(request, batch_id), request)


class BatchItems(APIView):
    permission_classes = [Curators]

    @extend_schema(
        **page_schema(
            "batches_items",
            BatchItemSerializer,
            [OpenApiParameter("state", OpenApiTypes.STR, enum=list(COUNTED))],
        )
    )
    def get(self, request: Request, batch_id: uuid.UUID) -> Response:
        state = request.query_params.get("state", "")
        if state and state not in COUNTED:
            raise InvalidInput("state", f"One of {', '.join(COUNTED)}.")
        items = with_states(_batch(request, batch_id).items.select_related("draft", "audit"))
        page = ItemOrder()
        rows = page.paginate_queryset(items.filter(state=state) if state else items, request)
        return page.get_paginated_response([item_body(row) for row in rows])


class BatchCancel(APIView):
    permission_classes = [Curators]

    @extend_schema(operation_id="batches_cancel", request=None, responses=BatchSerializer)
    def post(self, request: Request, batch_id: uuid.UUID) -> Response:
        batch_cancel(batch=_batch(request, batch_id), actor=_user(request))
        return _shown(_batch(request, batch_id), request)


class BatchRetry(APIView):
    permission_classes = [Curators]

    @extend_schema(operation_id="batches_retry", request=None, responses=BatchSerializer)
    def post(self, request: Request, batch_id: uuid.UUID) -> Response:
        """Failed audits once more, 200 a time; ``progress.failed`` says how many are left."""
        batch = _batch(request, batch_id)
        batch_retry(batch=batch, actor=_user(request))
        return _shown(batch, request)


def _user(request: Request) -> User:
    return cast(User, request.user)


def _batch(request: Request, batch_id: uuid.UUID) -> Batch:
    batch = with_auditors(visible_batches(_user(request))).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound("batch")
    return batch


def _shown(batch: Batch, request: Request, status: int = 200) -> Response:
    progress = batch_progress([batch])[batch.pk]
    return Response(batch_body(batch, progress, request), status=status)


def batch_body(batch: Batch, progress: dict[str, Any], request: Request) -> dict[str, Any]:
    by = batch.requested_by
    return {
        "id": batch.id,
        "url": reverse("batch", args=[batch.pk], request=request),
        "state": batch_state(batch, progress),
        "selection": batch.selection,
        "grounder": backend_body(batch.grounder),
        "parser": backend_body(batch.parser),
        "policy": batch.policy,
        "retry_failed": batch.retry_failed,
        "requested_by": by.username if by else None,
        "created_at": batch.created_at,
        "cancelled_at": batch.cancelled_at,
        "progress": progress,
    }


def item_body(item: BatchItem) -> dict[str, Any]:
    """``item`` comes from `with_states`; code and message say why it failed or was refused."""
    audit = item.audit
    return {
        "id": item.id,
        "draft": item.draft_id,
        "case": item.draft.case_id,
        "audit": item.audit_id,
        "state": item.state,  # type: ignore[attr-defined]
        "code": item.refusal_code or (audit.failure_code if audit else ""),
        "message": item.refusal_message or (audit.failure_message if audit else ""),
    }


urlpatterns = [
    path("batches", BatchList.as_view(), name="batches"),
    path("batches/<uuid:batch_id>", BatchDetail.as_view(), name="batch"),
    path("batches/<uuid:batch_id>/items", BatchItems.as_view(), name="batch-items"),
    path("batches/<uuid:batch_id>/events", batch_events, name="batch-events"),
    path("batches/<uuid:batch_id>/cancel", BatchCancel.as_view(), name="batch-cancel"),
    path("batches/<uuid:batch_id>/retry", BatchRetry.as_view(), name="batch-retry"),
]
