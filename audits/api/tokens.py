"""`/me/tokens`: each person's own API tokens, made, listed and revoked."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.errors import NotFound
from audits.models import ApiToken, TokenScope, User
from audits.selectors.tokens import visible_tokens
from audits.services.tokens import LONGEST_DAYS, TOKEN_DAYS, token_create, token_revoke


class TokenInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    scope = serializers.ChoiceField(choices=TokenScope.choices)
    days = serializers.IntegerField(
        min_value=1, max_value=LONGEST_DAYS, required=False, default=TOKEN_DAYS
    )


class APITokenSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    scope = serializers.ChoiceField(choices=TokenScope.choices)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class NewTokenSerializer(APITokenSerializer):
    token = serializers.CharField(help_text="Shown here and never again.")


class MyTokens(APIView):
    @extend_schema(**page_schema("me_tokens_list", APITokenSerializer))
    def get(self, request: Request) -> Response:
        page = KeysetPagination()
        rows = page.paginate_queryset(visible_tokens(cast(User, request.user)), request)
        return page.get_paginated_response(APITokenSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="me_tokens_create", request=TokenInput, responses={201: NewTokenSerializer}
    )
    def post(self, request: Request) -> Response:
        asked = TokenInput(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        by = request.auth if isinstance(request.auth, ApiToken) else None
        scope = TokenScope(given.pop("scope"))
        user = cast(User, request.user)
        token, text = token_create(user=user, scope=scope, by=by, **given)
        return Response({**APITokenSerializer(token).data, "token": text}, status=201)


class MyToken(APIView):
    @extend_schema(operation_id="me_tokens_revoke", responses={204: None})
    def delete(self, request: Request, token_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        if not visible_tokens(user).filter(pk=token_id).exists():
            raise NotFound("token")
        token_revoke(token_id=token_id, actor=user)
        return Response(status=204)


urlpatterns = [
    path("me/tokens", MyTokens.as_view(), name="my-tokens"),
    path("me/tokens/<uuid:token_id>", MyToken.as_view(), name="my-token"),
]
