"""`/webhooks` and `/deliveries`: for administrators."""

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
from audits.api.permissions import Administrators
from audits.errors import NotFound
from audits.models import DeliveryState, User, Webhook, WebhookDelivery
from audits.models.webhooks import EVENTS
from audits.selectors.webhooks import (
    visible_deliveries,
    visible_webhooks,
    with_delivery_counts,
    with_history,
)
from audits.services.webhooks import (
    LONGEST_URL,
    delivery_replay,
    secret_of,
    webhook_change,
    webhook_create,
    webhook_delete,
    webhook_secret_renew,
)


def _events(**options: Any) -> Any:
    return serializers.ListField(
        child=serializers.ChoiceField(choices=EVENTS), min_length=1, max_length=50, **options
    )


class WebhookInput(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=LONGEST_URL)
    events = _events()


class WebhookChange(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=LONGEST_URL, required=False)
    events = _events(required=False)
    active = serializers.BooleanField(required=False)


class WebhookSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    url = serializers.CharField()
    events = _events()
    active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    waiting = serializers.IntegerField()
    gave_up = serializers.IntegerField()


class NewWebhookSerializer(WebhookSerializer):
    secret = serializers.CharField(help_text="Shown here and never again.")


class WebhookAttemptSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True)
    ms = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_blank=True)


class DeliveryTargetSerializer(serializers.Serializer[Any]):
    type = serializers.CharField()
    id = serializers.UUIDField()


class DeliverySerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    webhook = serializers.UUIDField(source="webhook_id")
    event = serializers.ChoiceField(choices=EVENTS)
    target = DeliveryTargetSerializer()
    data = serializers.DictField()  # type: ignore[assignment]
    created_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    attempts = serializers.IntegerField()
    next_at = serializers.DateTimeField(allow_null=True)
    history = WebhookAttemptSerializer(many=True)

    def to_representation(self, instance: WebhookDelivery) -> dict[str, Any]:
        target = {"type": instance.target_type, "id": instance.target_id}
        instance.target = target  # type: ignore[attr-defined]
        return super().to_representation(instance)


class WebhookList(APIView):
    permission_classes = [Administrators]

    @extend_schema(**page_schema("webhooks_list", WebhookSerializer))
    def get(self, request: Request) -> Response:
        page = KeysetPagination()
        found = with_delivery_counts(visible_webhooks(cast(User, request.user)))
        rows = page.paginate_queryset(found, request)
        return page.get_paginated_response(WebhookSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="webhooks_create",
        request=WebhookInput,
        responses={201: NewWebhookSerializer},
    )
    def post(self, request: Request) -> Response:
        asked = WebhookInput(data=request.data)
        asked.is_valid(raise_exception=True)
        webhook = webhook_create(actor=cast(User, request.user), **asked.validated_data)
        return Response(_with_secret(request, webhook), status=201)


class WebhookDetail(APIView):
    permission_classes = [Administrators]

    @extend_schema(operation_id="webhooks_retrieve", responses=WebhookSerializer)
    def get(self, request: Request, webhook_id: uuid.UUID) -> Response:
        return Response(WebhookSerializer(_webhook(request, webhook_id)).data)

    @extend_schema(
        operation_id="webhooks_change", request=WebhookChange, responses=WebhookSerializer
    )
    def patch(self, request: Request, webhook_id: uuid.UUID) -> Response:
        asked = WebhookChange(data=request.data)
        asked.is_valid(raise_exception=True)
        webhook_change(
            webhook_id=_webhook(request, webhook_id).pk,
            actor=cast(User, request.user),
            **asked.validated_data,
        )
        return Response(WebhookSerializer(_webhook(request, webhook_id)).data)

    @extend_schema(operation_id="webhooks_delete", responses={204: None})
    def delete(self, request: Request, webhook_id: uuid.UUID) -> Response:
        webhook = _webhook(request, webhook_id)
        webhook_delete(webhook_id=webhook.pk, actor=cast(User, request.user))
        return Response(status=204)


class WebhookSecret(APIView):
    permission_classes = [Administrators]

    @extend_schema(
        operation_id="webhooks_renew_secret", request=None, responses=NewWebhookSerializer
    )
    def post(self, request: Request, webhook_id: uuid.UUID) -> Response:
        """Another secret in place of the one before, at once."""
        webhook = webhook_secret_renew(
            webhook_id=_webhook(request, webhook_id).pk, actor=cast(User, request.user)
        )
        return Response(_with_secret(request, webhook))


class DeliveryList(APIView):
    permission_classes = [Administrators]

    @extend_schema(
        **page_schema(
            "webhooks_deliveries",
            DeliverySerializer,
            [OpenApiParameter("state", OpenApiTypes.STR, enum=DeliveryState.values)],
        )
    )
    def get(self, request: Request, webhook_id: uuid.UUID) -> Response:
        asked = _StateInput(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        found = visible_deliveries(cast(User, request.user)).filter(
            webhook=_webhook(request, webhook_id), **asked.validated_data
        )
        page = KeysetPagination()
        rows = page.paginate_queryset(with_history(found), request)
        return page.get_paginated_response(DeliverySerializer(rows, many=True).data)


class _StateInput(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=DeliveryState.choices, required=False)


class DeliveryReplay(APIView):
    permission_classes = [Administrators]

    @extend_schema(operation_id="deliveries_replay", request=None, responses=DeliverySerializer)
    def post(self, request: Request, delivery_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        if not visible_deliveries(user).filter(pk=delivery_id).exists():
            raise NotFound("delivery")
        delivery_replay(delivery_id=delivery_id, actor=user)
        row = with_history(visible_deliveries(user)).get(pk=delivery_id)
        return Response(DeliverySerializer(row).data)


def _webhook(request: Request, webhook_id: uuid.UUID) -> Webhook:
    found = with_delivery_counts(visible_webhooks(cast(User, request.user)))
    webhook = found.filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound("webhook")
    return webhook


def _with_secret(request: Request, webhook: Webhook) -> dict[str, Any]:
    body = WebhookSerializer(_webhook(request, webhook.pk)).data
    return {**body, "secret": secret_of(webhook)}


urlpatterns = [
    path("webhooks", WebhookList.as_view(), name="webhooks"),
    path("webhooks/<uuid:webhook_id>", WebhookDetail.as_view(), name="webhook"),
    path("webhooks/<uuid:webhook_id>/secret", WebhookSecret.as_view(), name="webhook-secret"),
    path(
        "webhooks/<uuid:webhook_id>/deliveries", DeliveryList.as_view(), name="webhook-deliveries"
    ),
    path("deliveries/<uuid:delivery_id>/replay", DeliveryReplay.as_view(), name="delivery-replay"),
]
