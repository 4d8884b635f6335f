"""`/sources`: where cases come from and what their terms allow."""

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
from audits.api.permissions import CuratorsWrite
from audits.errors import NotFound
from audits.models import Source, User
from audits.selectors.cases import visible_sources
from audits.services.sources import source_create, source_update


class SourceSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()
    licence = serializers.CharField()
    citation = serializers.CharField()
    terms_url = serializers.CharField()
    consent_note = serializers.CharField()
    pixels_redistributable = serializers.BooleanField()
    text_redistributable = serializers.BooleanField()
    boxes_redistributable = serializers.BooleanField()
    commercial_use = serializers.BooleanField()


class SourceChange(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    licence = serializers.CharField(max_length=200, required=False, allow_blank=True)
    citation = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    terms_url = serializers.URLField(max_length=500, required=False, allow_blank=True)
    consent_note = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    pixels_redistributable = serializers.BooleanField(required=False)
    text_redistributable = serializers.BooleanField(required=False)
    boxes_redistributable = serializers.BooleanField(required=False)
    commercial_use = serializers.BooleanField(required=False)


class SourceInput(SourceChange):
    slug = serializers.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=60,
        error_messages={"invalid": "Small letters, digits and single hyphens."},
    )


class SlugOrder(KeysetPagination):
    order = (("slug", "asc"),)


class SourceList(APIView):
    permission_classes = [CuratorsWrite]

    @extend_schema(**page_schema("sources_list", SourceSerializer))
    def get(self, request: Request) -> Response:
        page = SlugOrder()
        rows = page.paginate_queryset(visible_sources(cast(User, request.user)), request)
        return page.get_paginated_response(SourceSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="sources_create", request=SourceInput, responses={201: SourceSerializer}
    )
    def post(self, request: Request) -> Response:
        asked = SourceInput(data=request.data)
        asked.is_valid(raise_exception=True)
        source = source_create(actor=cast(User, request.user), **asked.validated_data)
        return Response(SourceSerializer(source).data, status=201)


class SourceDetail(APIView):
    permission_classes = [CuratorsWrite]

    @extend_schema(operation_id="sources_retrieve", responses=SourceSerializer)
    def get(self, request: Request, source_id: uuid.UUID) -> Response:
        return Response(SourceSerializer(_source(request, source_id)).data)

    @extend_schema(operation_id="sources_update", request=SourceChange, responses=SourceSerializer)
    def patch(self, request: Request, source_id: uuid.UUID) -> Response:
        asked = SourceChange(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        source = source_update(
            source=_source(request, source_id),
            actor=cast(User, request.user),
            **asked.validated_data,
        )
        return Response(SourceSerializer(source).data)


def _source(request: Request, source_id: uuid.UUID) -> Source:
    source = visible_sources(cast(User, request.user)).filter(pk=source_id).first()
    if source is None:
        raise NotFound("source")
    return source


urlpatterns = [
    path("sources", SourceList.as_view(), name="sources"),
    path("sources/<uuid:source_id>", SourceDetail.as_view(), name="source"),
]
