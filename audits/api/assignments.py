"""`/queues/{id}/assignments`: whose slots are kept for them; for curators."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Curators
from audits.errors import NotFound
from audits.models import Queue, User
from audits.selectors.queues import assigned_people, visible_queues
from audits.services.assigning import assign_next, assign_slots, readers_named, unassign_slots


class AssignmentSerializer(serializers.Serializer[Any]):
    """One person's slots in the queue: those they have yet to read, and those they read."""

    reader = serializers.UUIDField()
    username = serializers.CharField()
    waiting = serializers.IntegerField()
    submitted = serializers.IntegerField()


class AssignInput(serializers.Serializer[Any]):
    """``audits``, all or none of them, or ``number``: the next so many items that are free."""

    username = serializers.CharField(max_length=150)
    audits = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=1000, required=False
    )
    number = serializers.IntegerField(min_value=1, max_value=1000, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("audits" in attrs) == ("number" in attrs):
            raise serializers.ValidationError({"number": ["Give either audits or a number."]})
        return attrs


class ByName(KeysetPagination):
    order = (("username", "asc"),)


ASSIGNED = inline_serializer("Assigned", {"assigned": serializers.IntegerField()})
UNASSIGNED = inline_serializer("Unassigned", {"unassigned": serializers.IntegerField()})


class Assignments(APIView):
    permission_classes = [Curators]

    @extend_schema(**page_schema("queue_assignments_list", AssignmentSerializer))
    def get(self, request: Request, queue_id: uuid.UUID) -> Response:
        page = ByName()
        rows = page.paginate_queryset(assigned_people(_queue(request, queue_id)), request)
        return page.get_paginated_response([_body(row) for row in rows])

    @extend_schema(operation_id="queue_assignments_add", request=AssignInput, responses=ASSIGNED)
    def post(self, request: Request, queue_id: uuid.UUID) -> Response:
        queue = _queue(request, queue_id)
        asked = AssignInput(data=request.data)
        asked.is_valid(raise_exception=True)
        given, actor = asked.validated_data, cast(User, request.user)
        (reader,) = readers_named(queue=queue, usernames=[given["username"]], field="username")
        if "number" in given:
            number = assign_next(queue=queue, reader=reader, number=given["number"], actor=actor)
        else:
            number = assign_slots(queue=queue, reader=reader, audits=given["audits"], actor=actor)
        return Response({"assigned": number})


class Assignment(APIView):
    permission_classes = [Curators]

    @extend_schema(operation_id="queue_assignments_remove", responses=UNASSIGNED)
    def delete(self, request: Request, queue_id: uuid.UUID, person_id: uuid.UUID) -> Response:
        """Twice is once."""
        unassigned = unassign_slots(
            queue=_queue(request, queue_id),
            reader_id=person_id,
            actor=cast(User, request.user),
        )
        return Response({"unassigned": unassigned})


def _body(person: Any) -> dict[str, Any]:
    return {
        "reader": person.pk,
        "username": person.username,
        "waiting": person.waiting,
        "submitted": person.submitted,
    }


def _queue(request: Request, queue_id: uuid.UUID) -> Queue:
    queue = visible_queues(cast(User, request.user)).filter(pk=queue_id).first()
    if queue is None:
        raise NotFound("queue")
    return queue


_ALL = "queues/<uuid:queue_id>/assignments"

urlpatterns = [
    path(_ALL, Assignments.as_view(), name="queue-assignments"),
    path(f"{_ALL}/<uuid:person_id>", Assignment.as_view(), name="queue-assignment"),
]
