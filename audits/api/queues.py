"""`/queues`: which queues there are, and the claim of the next slot."""

import uuid
from typing import Any, cast

from django.urls import path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.claim_shapes import ClaimAnswerSerializer, claim_body
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
from audits.services.leases import claim_slot
from audits.services.peeking import likely_next
from audits.services.queues import change_queue, create_queue


class ClaimSerializer(serializers.Serializer[Any]):
    audit = serializers.UUIDField(required=False, allow_null=True, default=None)


class NextSerializer(serializers.Serializer[Any]):
    audit = serializers.UUIDField()
    image_url = serializers.CharField()


class NextItemsSerializer(serializers.Serializer[Any]):
    results = NextSerializer(many=True)


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


def _claimable(request: Request, queue_id: uuid.UUID) -> Queue:
    user = cast(User, request.user)
    found = visible_queues(user).annotate(claimable=may_claim(user)).filter(pk=queue_id).first()
    if found is None:
        raise NotFound("queue")
    if not found.claimable:
        raise PermissionDenied("Only members read in this queue; ask a curator to add you.")
    return found


class QueueClaim(APIView):
    @extend_schema(request=ClaimSerializer, responses=ClaimAnswerSerializer)
    def post(self, request: Request, queue_id: uuid.UUID) -> Response:
        asked = ClaimSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        claimed = claim_slot(
            queue=_claimable(request, queue_id),
            reviewer=cast(User, request.user),
            audit_id=asked.validated_data["audit"],
        )
        return Response(claim_body(claimed))


class QueueNext(APIView):
    """What this person's next claims will most likely give, to be loaded ahead. Nothing is taken.

    Empty where it can't be told: in a blind queue, and where the order is a matter of chance.
    """

    @extend_schema(operation_id="queues_next", responses=NextItemsSerializer)
    def get(self, request: Request, queue_id: uuid.UUID) -> Response:
        queue = _claimable(request, queue_id)
        rows = [
            {"audit": item.audit_id, "image_url": reverse("case-image", args=[item.case_id])}
            for item in likely_next(queue=queue, reviewer=cast(User, request.user))
        ]
        return Response({"results": rows})


urlpatterns = [
    path("queues", QueueList.as_view(), name="queues"),
    path("queues/<uuid:queue_id>", QueueDetail.as_view(), name="queue"),
    path("queues/<uuid:queue_id>/claim", QueueClaim.as_view(), name="queue-claim"),
    path("queues/<uuid:queue_id>/next", QueueNext.as_view(), name="queue-next"),
    path("queues/<uuid:queue_id>/fill", QueueFill.as_view(), name="queue-fill"),
    path("queues/<uuid:queue_id>/agreement", QueueAgreement.as_view(), name="queue-agreement"),
]
