"""`/people` for administrators, and the members of a queue for curators."""

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
from audits.api.permissions import Administrators, Curators
from audits.errors import NotFound
from audits.models import Queue, QueueMembership, User
from audits.selectors.people import visible_members, visible_people
from audits.selectors.queues import visible_queues
from audits.services.people import member_add, member_remove, person_change
from audits.services.second_factor import factor_remove


class PersonQueueSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=QueueMembership.Role.choices)


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    administrator = serializers.BooleanField()
    curator = serializers.BooleanField()
    active = serializers.BooleanField()
    second_factor = serializers.BooleanField()
    last_login = serializers.DateTimeField(allow_null=True)
    queues = PersonQueueSerializer(many=True)


class PersonChange(serializers.Serializer[Any]):
    administrator = serializers.BooleanField(required=False)
    curator = serializers.BooleanField(required=False)
    active = serializers.BooleanField(required=False)


class FindInput(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, max_length=150, default="", allow_blank=True)


class MemberSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    role = serializers.ChoiceField(choices=QueueMembership.Role.choices)
    active = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class MemberInput(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=QueueMembership.Role.choices)


class PeopleOrder(KeysetPagination):
    order = (("username", "asc"),)


class People(APIView):
    permission_classes = [Administrators]

    @extend_schema(
        **page_schema(
            "people_list",
            PersonSerializer,
            [OpenApiParameter("q", OpenApiTypes.STR, description="Parts of a name.")],
        )
    )
    def get(self, request: Request) -> Response:
        asked = FindInput(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        found = visible_people(cast(User, request.user), find=asked.validated_data["q"])
        page = PeopleOrder()
        rows = page.paginate_queryset(found, request)
        return page.get_paginated_response([person_body(row) for row in rows])


class Person(APIView):
    permission_classes = [Administrators]

    @extend_schema(operation_id="people_retrieve", responses=PersonSerializer)
    def get(self, request: Request, person_id: uuid.UUID) -> Response:
        return Response(person_body(_person(request, person_id)))

    @extend_schema(operation_id="people_change", request=PersonChange, responses=PersonSerializer)
    def patch(self, request: Request, person_id: uuid.UUID) -> Response:
        asked = PersonChange(data=request.data)
        asked.is_valid(raise_exception=True)
        person = _person(request, person_id)
        actor = cast(User, request.user)
        person_change(person_id=person.pk, actor=actor, **asked.validated_data)
        return Response(person_body(person_again(person)))


class PersonSecondFactor(APIView):
    permission_classes = [Administrators]

    @extend_schema(operation_id="people_second_factor_remove", responses={204: None})
    def delete(self, request: Request, person_id: uuid.UUID) -> Response:
        """For somebody who lost both the app and the recovery codes."""
        factor_remove(user=_person(request, person_id), actor=cast(User, request.user))
        return Response(status=204)


class QueueMembers(APIView):
    permission_classes = [Curators]

    @extend_schema(**page_schema("queue_members_list", MemberSerializer))
    def get(self, request: Request, queue_id: uuid.UUID) -> Response:
        page = KeysetPagination()
        found = visible_members(cast(User, request.user), _queue(request, queue_id))
        rows = page.paginate_queryset(found, request)
        return page.get_paginated_response([member_body(row) for row in rows])

    @extend_schema(
        operation_id="queue_members_add",
        request=MemberInput,
        responses={200: MemberSerializer, 201: MemberSerializer},
    )
    def post(self, request: Request, queue_id: uuid.UUID) -> Response:
        queue = _queue(request, queue_id)
        asked = MemberInput(data=request.data)
        asked.is_valid(raise_exception=True)
        member, new = member_add(
            queue=queue,
            actor=cast(User, request.user),
            username=asked.validated_data["username"],
            role=QueueMembership.Role(asked.validated_data["role"]),
        )
        return Response(member_body(member), status=201 if new else 200)


class QueueMember(APIView):
    permission_classes = [Curators]

    @extend_schema(operation_id="queue_members_remove", responses={204: None})
    def delete(self, request: Request, queue_id: uuid.UUID, member_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        members = visible_members(user, _queue(request, queue_id))
        if not members.filter(pk=member_id).exists():
            raise NotFound("member")
        member_remove(membership_id=member_id, actor=user)
        return Response(status=204)


def person_body(person: User) -> dict[str, Any]:
    factor = getattr(person, "second_factor", None)
    return {
        "id": person.pk,
        "username": person.username,
        "name": person.get_full_name(),
        "administrator": person.is_staff,
        "curator": person.is_curator,
        "active": person.is_active,
        "second_factor": factor is not None and factor.confirmed_at is not None,
        "last_login": person.last_login,
        "queues": [
            {"id": member.queue_id, "name": member.queue.name, "role": member.role}
            for member in person.memberships.all()
        ],
    }


def person_again(person: User) -> User:
    """As it is now; the caller may just have stopped being somebody who sees it."""
    return User.objects.get(pk=person.pk)


def member_body(member: QueueMembership) -> dict[str, Any]:
    return {
        "id": member.pk,
        "username": member.user.username,
        "role": member.role,
        "active": member.user.is_active,
        "created_at": member.created_at,
    }


def _person(request: Request, person_id: uuid.UUID) -> User:
    person = visible_people(cast(User, request.user)).filter(pk=person_id).first()
    if person is None:
        raise NotFound("person")
    return person


def _queue(request: Request, queue_id: uuid.UUID) -> Queue:
    queue = visible_queues(cast(User, request.user)).filter(pk=queue_id).first()
    if queue is None:
        raise NotFound("queue")
    return queue


urlpatterns = [
    path("people", People.as_view(), name="people"),
    path("people/<uuid:person_id>", Person.as_view(), name="person"),
    path(
        "people/<uuid:person_id>/second-factor",
        PersonSecondFactor.as_view(),
        name="person-second-factor",
    ),
    path("queues/<uuid:queue_id>/members", QueueMembers.as_view(), name="queue-members"),
    path(
        "queues/<uuid:queue_id>/members/<uuid:member_id>",
        QueueMember.as_view(),
        name="queue-member",
    ),
]
