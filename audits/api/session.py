"""`/auth`: signing in with a cookie for the page, with a token for programs."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.middleware.csrf import get_token
from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.demo_accounts import DEMO_ACCOUNTS
from audits.models import User
from audits.origins import events_origin
from audits.selectors.people import initials_of, roles_of
from audits.services.second_factor import lacks_factor
from audits.services.signin import check_sign_in
from audits.services.tokens import token_create
from audits.single_sign_on import provider_offered


class CredentialsInput(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=500, trim_whitespace=False)
    code = serializers.CharField(
        max_length=20,
        required=False,
        allow_blank=True,
        help_text="Of the second factor, from those who have one.",
    )


class SessionUserSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    initials = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    second_factor_missing = serializers.BooleanField(
        help_text="True: nothing but turning on a second factor is allowed."
    )


class DemoAccountSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    password = serializers.CharField()
    role = serializers.CharField()


class SignInWithSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    url = serializers.CharField(help_text="Where signing in by the provider begins.")


class SessionSerializer(serializers.Serializer[Any]):
    user = SessionUserSerializer(allow_null=True)
    csrf_token = serializers.CharField()
    events_url = serializers.CharField(allow_blank=True)
    notice = serializers.CharField()
    sign_in_with = SignInWithSerializer(allow_null=True)
    demo = DemoAccountSerializer(many=True)


def session_body(request: Request) -> dict[str, Any]:
    user = request.user
    known = None
    if isinstance(user, User):
        known = {
            "id": user.id,
            "username": user.username,
            "initials": initials_of(user),
            "roles": roles_of(user),
            "second_factor_missing": lacks_factor(user),
        }
    return {
        "user": known,
        "csrf_token": get_token(request._request),
        "events_url": events_origin(request._request),
        "notice": settings.NOTICE,
        "sign_in_with": provider_offered(),
        "demo": [account._asdict() for account in DEMO_ACCOUNTS] if settings.DEMO else [],
    }


class Session(APIView):
    permission_classes = [AllowAny]
    before_second_factor = True

    @extend_schema(operation_id="session_retrieve", responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        return Response(session_body(request))

    @extend_schema(
        operation_id="session_create", request=CredentialsInput, responses=SessionSerializer
    )
    def post(self, request: Request) -> Response:
        # DRF asks for the CSRF token of signed-in people only; signing in needs it as well, or
        # another site could sign the browser in as somebody else.
        SessionAuthentication().enforce_csrf(request)
        request.user = _checked_user(request)
        login(request._request, request.user)
        return Response(session_body(request))

    @extend_schema(operation_id="session_delete", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        logout(request._request)
        return Response(status=204)


class Token(APIView):
    permission_classes = [AllowAny]
    # A bad token in the header must not keep anyone from getting a good one.
    authentication_classes: list[Any] = []

    @extend_schema(
        operation_id="token_create",
        request=CredentialsInput,
        responses=inline_serializer("Token", {"token": serializers.CharField()}),
    )
    def post(self, request: Request) -> Response:
        _, text = token_create(user=_checked_user(request), name="signed in by password")
        return Response({"token": text})


def _checked_user(request: Request) -> User:
    asked = CredentialsInput(data=request.data)
    asked.is_valid(raise_exception=True)
    return check_sign_in(request=request._request, **asked.validated_data)


urlpatterns = [
    path("auth/session", Session.as_view(), name="session"),
    path("auth/token", Token.as_view(), name="token"),
]
