"""`/queues`: which queues there are, and the claim of the next slot."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.pagination import KeysetPagination
from audits.api.permissions import CuratorsWrite
from audits.api.queue_shapes import (
    AgreementSerializer,
    FilledSerializer,
    FillInput,
    QueueChange,
    QueueInput,
    QueueSerializer,
    queue_body,
)
from audits.api.slot_shapes import SlotSerializer, slot_body
from audits.errors import NotFound
from audits.models import Queue, User
from audits.selectors.agreement import queue_agreement
from audits.selectors.queues import (
    adjudicable_queues,
    may_claim,
    visible_queues,
    with_counts,
)
from audits.services.assigning import readers_named
from audits.services.filling import fill_queue
from audits.services.leases import Nothing, claim_slot
from audits.services.queues import change_queue, create_queue


class ClaimSerializer(serializers.Serializer[Any]):
    audit = serializers.UUIDField(required=False, allow_null=True, default=None)


CLAIM_ANSWER = inline_serializer(
    "ClaimAnswer",
    {
        "slot": SlotSerializer(allow_null=True),
        "reason": serializers.ChoiceField(
            choices=["empty", "all_leased", "all_yours_done", "paused"], required=False
        ),
        "next_free_at": serializers.DateTimeField(required=False, allow_null=True),
        "barred": serializers.IntegerField(
            required=False, help_text="Open items not offered to this person by blind reading."
        ),
    },
)


def _queue(request: Request, queue_id: uuid.UUID) -> Queue:
    queue = visible_queues(cast(User, request.user)).filter(pk=queue_id).first()
    if queue is None:
        raise NotFound("queue")
    return queue


class QueuePagination(KeysetPagination):
    order = (("created_at", "desc"), ("id", "desc"))


def _body(request: Request, queue: Queue) -> dict[str, Any]:
    counted = with_counts(Queue.objects.filter(pk=queue.pk)).get()
    return queue_body(counted, rules=cast(User, request.user).curates)


class QueueList(APIView):
    permission_classes = [CuratorsWrite]

    @extend_schema(operation_id="queues_list", responses=QueueSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = QueuePagination()
        user = cast(User, request.user)
        rows = page.paginate_queryset(with_counts(visible_queues(user)), request, view=self)
        return page.get_paginated_response(
            [queue_body(queue, rules=user.curates) for queue in rows or []]
        )

    @extend_schema(
        operation_id="queues_create", request=QueueInput, responses={201: QueueSerializer}
    )
    def post(self, request: Request) -> Response:
        asked = QueueInput(data=request.data)
        asked.is_valid(raise_exception=True)
        queue = create_queue(new=asked.rules(), actor=cast(User, request.user))
        return Response(_body(request, queue), status=201)


class QueueDetail(APIView):
    permission_classes = [CuratorsWrite]

    @extend_schema(operation_id="queues_retrieve", responses=QueueSerializer)
    def get(self, request: Request, queue_id: uuid.UUID) -> Response:
        return Response(_body(request, _queue(request, queue_id)))

    @extend_schema(operation_id="queues_change", request=QueueChange, responses=QueueSerializer)
    def patch(self, request: Request, queue_id: uuid.UUID) -> Response:
        asked = QueueChange(data=request.data)
        asked.is_valid(raise_exception=True)
        queue = change_queue(
            queue_id=_queue(request, queue_id).pk,
            actor=cast(User, request.user),
            **asked.validated_data,
        )
        return Response(_body(request, queue))


class QueueFill(APIView):
    permission_classes = [CuratorsWrite]

    @extend_schema(request=FillInput, responses=FilledSerializer)
    def post(self, request: Request, queue_id: uuid.UUID) -> Response:
        queue = _queue(request, queue_id)
        asked = FillInput(data=request.data)
        asked.is_valid(raise_exception=True)
        names = asked.validated_data["assign_to"]
        readers = readers_named(queue=queue, usernames=names, field="assign_to")
        filled = fill_queue(queue=queue, actor=cast(User, request.user), assign_to=readers)
        return Response(FilledSerializer(filled).data)


class QueueAgreement(APIView):
    @extend_schema(responses=AgreementSerializer)
    def get(self, request: Request, queue_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        queue = _queue(request, queue_id)
        if not (user.curates or adjudicable_queues(user).filter(pk=queue.pk).exists()):
            raise PermissionDenied("This is for curators and the queue's adjudicators.")
        return Response(queue_agreement(queue=queue))


class QueueClaim(APIView):
    @extend_schema(request=ClaimSerializer, responses=CLAIM_ANSWER)
    def post(self, request: Request, queue_id: uuid.UUID) -> Response:
        asked = ClaimSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = cast(User, request.user)
        found = visible_queues(user).annotate(claimable=may_claim(user)).filter(pk=queue_id).first()
        if found is None:
            raise NotFound("queue")
        if not found.claimable:
            raise PermissionDenied("Only members read in this queue; ask a curator to add you.")
        claimed = claim_slot(queue=found, reviewer=user, audit_id=asked.validated_data["audit"])
        if isinstance(claimed, Nothing):
            return Response(
                {
                    "slot": None,
                    "reason": claimed.reason,
                    "next_free_at": claimed.next_free_at,
                    "barred": claimed.barred,
                }
            )
        return Response({"slot": slot_body(claimed.slot, claimed.read, begun=claimed.begun)})


urlpatterns = [
    path("queues", QueueList.as_view(), name="queues"),
    path("queues/<uuid:queue_id>", QueueDetail.as_view(), name="queue"),
    path("queues/<uuid:queue_id>/claim", QueueClaim.as_view(), name="queue-claim"),
    path("queues/<uuid:queue_id>/fill", QueueFill.as_view(), name="queue-fill"),
    path("queues/<uuid:queue_id>/agreement", QueueAgreement.as_view(), name="queue-agreement"),
]
