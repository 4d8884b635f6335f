"""The list envelope in the OpenAPI schema, for views that page by hand."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from audits.api.pagination import KeysetPagination

_CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="From next or previous.")
_LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": KeysetPagination.max_limit},
    description=f"Rows a page, {KeysetPagination.default_limit} by default.",
)


def page_schema(
    operation: str,
    row: type[serializers.Serializer[Any]],
    parameters: list[OpenApiParameter] | None = None,
) -> dict[str, Any]:
    """Arguments of ``extend_schema`` for a GET that answers with a page of ``row``."""
    envelope = inline_serializer(
        f"{row.__name__.removesuffix('Serializer')}Page",
        {
            "results": row(many=True),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
        },
    )
    return {
        "operation_id": operation,
        "responses": envelope,
        "parameters": [*(parameters or []), _CURSOR, _LIMIT],
    }
