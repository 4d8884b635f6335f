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
from audits.api.slot_shapes import SlotSerializer, slot_body
from audits.errors import NotFound
from audits.models import Queue, User
from audits.selectors.queues import claimable_queues, visible_queues, with_counts
from audits.services.leases import Nothing, claim_slot


class QueueCountsSerializer(serializers.Serializer[Any]):
    items = serializers.IntegerField()
    slots = serializers.IntegerField()
    submitted = serializers.IntegerField()
    leased = serializers.IntegerField()
    free = serializers.IntegerField()


class QueueSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=Queue.State.choices)
    mode = serializers.ChoiceField(choices=Queue.Mode.choices)
    reads_per_item = serializers.IntegerField()
    lease_minutes = serializers.IntegerField()
    guideline = serializers.CharField()
    counts = QueueCountsSerializer()


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
    },
)


def queue_body(queue: Any) -> dict[str, Any]:
    return {
        "id": queue.id,
        "name": queue.name,
        "state": queue.state,
        "mode": queue.mode,
        "reads_per_item": queue.reads_per_item,
        "lease_minutes": queue.lease_minutes,
        "guideline": queue.guideline,
        "counts": {
            "items": queue.item_count,
            "slots": queue.slot_count,
            "submitted": queue.submitted_count,
            "leased": queue.leased_count,
            "free": queue.free_count,
        },
    }


def _queue(request: Request, queue_id: uuid.UUID) -> Queue:
    queue = visible_queues(cast(User, request.user)).filter(pk=queue_id).first()
    if queue is None:
        raise NotFound("queue")
    return queue


class QueuePagination(KeysetPagination):
    order = (("created_at", "desc"), ("id", "desc"))


class QueueList(APIView):
    @extend_schema(responses=QueueSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = QueuePagination()
        queues = with_counts(visible_queues(cast(User, request.user)))
        rows = page.paginate_queryset(queues, request, view=self)
        return page.get_paginated_response([queue_body(queue) for queue in rows or []])


class QueueDetail(APIView):
    @extend_schema(responses=QueueSerializer)
    def get(self, request: Request, queue_id: uuid.UUID) -> Response:
        queue = _queue(request, queue_id)
        return Response(queue_body(with_counts(Queue.objects.filter(pk=queue.pk)).get()))


class QueueClaim(APIView):
    @extend_schema(request=ClaimSerializer, responses=CLAIM_ANSWER)
    def post(self, request: Request, queue_id: uuid.UUID) -> Response:
        asked = ClaimSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        queue = _queue(request, queue_id)
        if not claimable_queues(cast(User, request.user)).filter(pk=queue.pk).exists():
            raise PermissionDenied("Only members read in this queue; ask a curator to add you.")
        claimed = claim_slot(
            queue=queue,
            reviewer=cast(User, request.user),
            audit_id=asked.validated_data["audit"],
        )
        if isinstance(claimed, Nothing):
            return Response(
                {"slot": None, "reason": claimed.reason, "next_free_at": claimed.next_free_at}
            )
        return Response({"slot": slot_body(claimed.slot, claimed.read)})


urlpatterns = [
    path("queues", QueueList.as_view(), name="queues"),
    path("queues/<uuid:queue_id>", QueueDetail.as_view(), name="queue"),
    path("queues/<uuid:queue_id>/claim", QueueClaim.as_view(), name="queue-claim"),
]
