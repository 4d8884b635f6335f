"""Keyset pages: a cursor holds the ordering values of a page's edge row.

Pages neither repeat nor skip rows while others insert, and page 1,000 costs what page 1 does.
"""

import base64
import binascii
import json
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from audits.errors import InvalidInput

Order = tuple[tuple[str, str], ...]
Values = tuple[Any, ...]


class KeysetPagination(BasePagination):
    """``order`` lists (column, "asc" or "desc"), all one way, not null, unique together."""

    order: ClassVar[Order] = (("created_at", "desc"), ("id", "desc"))
    default_limit = 50
    max_limit = 200

    def __init__(self, order: Order | None = None) -> None:
        self.by: Order = order or self.order
        assert len({way for _, way in self.by}) == 1, "rows are compared whole"
        self.next_values: Values | None = None
        self.previous_values: Values | None = None

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        self.request = request
        limit = self._limit(request)
        values, backward = self._cursor(request, queryset.model)
        found = queryset.order_by(*self._ordering(backward))
        if values is not None:
            found = found.filter(self._beyond(values, backward))
        rows = list(found[: limit + 1])
        more, rows = len(rows) > limit, rows[:limit]
        if backward:
            rows.reverse()
        self._set_edges(rows, more=more, backward=backward, started=values is not None)
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "results": data,
                "next": self._link(self.next_values, backward=False),
                "previous": self._link(self.previous_values, backward=True),
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.max_limit}
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {"name": "limit", "in": "query", "required": False, "schema": size},
        ]

    def _limit(self, request: Request) -> int:
        asked = request.query_params.get("limit", str(self.default_limit))
        if not (asked.isascii() and asked.isdigit()) or not 1 <= int(asked[:9]) <= self.max_limit:
            raise InvalidInput("limit", f"A whole number from 1 to {self.max_limit}.")
        return int(asked)

    def _falls(self, backward: bool) -> bool:
        return (self.by[0][1] == "desc") != backward

    def _ordering(self, backward: bool) -> list[str]:
        return [f"{'-' if self._falls(backward) else ''}{name}" for name, _ in self.by]

    def _beyond(self, values: Values, backward: bool) -> Q:
        """Rows after ``values`` in the order: one comparison of rows, (a, b) < (x, y).

        The index begins there; of conditions column by column it would use the first alone, and
        go through all rows that share its value.
        """
        columns = Tuple(*(F(name) for name, _ in self.by))
        compare = TupleLessThan if self._falls(backward) else TupleGreaterThan
        return Q(compare(columns, values))

    def _set_edges(self, rows: list[Any], *, more: bool, backward: bool, started: bool) -> None:
        if not rows:
            return
        if more or backward:
            self.next_values = self._values(rows[-1])
        if more if backward else started:
            self.previous_values = self._values(rows[0])

    def _values(self, row: Any) -> Values:
        return tuple(getattr(row, name) for name, _ in self.by)

    def _link(self, values: Values | None, *, backward: bool) -> str | None:
        if values is None:
            return None
        packed = json.dumps([int(backward), *values], default=_plain, separators=(",", ":"))
        cursor = base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")
        url = remove_query_param(self.request.build_absolute_uri(), "cursor")
        return replace_query_param(url, "cursor", cursor)

    def _cursor(self, request: Request, model: type[Model]) -> tuple[Values | None, bool]:
        text = request.query_params.get("cursor", "")
        if not text:
            return None, False
        try:
            packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            backward, *raw = json.loads(packed)
            _check_text(raw)
            pairs = zip(self.by, raw, strict=True)
            values = tuple(_field(model, name).to_python(part) for (name, _), part in pairs)
            if backward not in (0, 1) or None in values:
                raise ValueError("not a cursor of this list")
        except (ValueError, TypeError, binascii.Error, ValidationError, RecursionError) as error:
            message = "This cursor is not of this list; start from the first page."
            raise InvalidInput("cursor", message) from error
        return values, bool(backward)


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", model._meta.get_field(name))


def _check_text(raw: list[Any]) -> None:
    """Refuse what Postgres can't hold: NUL, and halves of surrogate pairs."""
    text = json.dumps(raw, ensure_ascii=False)
    text.encode()
    if "\\u0000" in text:
        raise ValueError("a NUL character")


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
