"""`/sign-in-locks`: who is locked out after wrong passwords, and lifting it, by administrators."""

import uuid
from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Administrators
from audits.errors import NotFound
from audits.models import SignInGuesses, User
from audits.selectors.signin import visible_locks
from audits.services.signin import lock_lift


class SignInLockSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField(
        allow_null=True, help_text="Null where nobody has the name that was guessed at."
    )
    address = serializers.CharField(allow_null=True)
    failures = serializers.IntegerField()
    until = serializers.DateTimeField()


class LockOrder(KeysetPagination):
    order = (("last_at", "desc"), ("id", "desc"))


class SignInLocks(APIView):
    permission_classes = [Administrators]

    @extend_schema(**page_schema("sign_in_locks_list", SignInLockSerializer))
    def get(self, request: Request) -> Response:
        page = LockOrder()
        rows = page.paginate_queryset(visible_locks(cast(User, request.user)), request)
        return page.get_paginated_response([lock_body(row) for row in rows])


class SignInLock(APIView):
    permission_classes = [Administrators]

    @extend_schema(operation_id="sign_in_locks_lift", responses={204: None})
    def delete(self, request: Request, lock_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        if not visible_locks(user).filter(pk=lock_id).exists():
            raise NotFound("lock")
        lock_lift(lock_id=lock_id, actor=user)
        return Response(status=204)


def lock_body(lock: SignInGuesses) -> dict[str, Any]:
    return {
        "id": lock.pk,
        "username": lock.user.username if lock.user else None,
        "address": lock.address,
        "failures": lock.failures,
        "until": lock.last_at + timedelta(seconds=settings.SIGN_IN_COOL_OFF_SECONDS),
    }


urlpatterns = [
    path("sign-in-locks", SignInLocks.as_view(), name="sign-in-locks"),
    path("sign-in-locks/<uuid:lock_id>", SignInLock.as_view(), name="sign-in-lock"),
]
