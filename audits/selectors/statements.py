"""Small queries of every request, whose SQL Django makes once a process.

Building and compiling such a query takes Django three times as long as sending it and reading its
row.
"""

import copy
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")


def prepared(build: "Callable[..., QuerySet[Any, Row]]") -> Callable[..., list[Row]]:
    """The rows of ``build(*values)``, which is asked once, with other values of the same types.

    Each value must go into the query as it is, and nothing else may change the query.
    """
    made: list[_Statement] = []

    @wraps(build)
    def rows(*values: Any) -> list[Row]:
        if not made:
            made.append(_Statement(build, values))
        return cast("list[Row]", made[0].rows(values))

    return rows


class _Statement:
    def __init__(self, build: Callable[..., QuerySet[Any]], values: tuple[Any, ...]) -> None:
        stand_ins = [_stand_in(value, number) for number, value in enumerate(values)]
        self.queryset = build(*stand_ins)
        self.compiler: SQLCompiler = self.queryset.query.get_compiler(connection=connection)
        self.sql, parameters = self.compiler.as_sql()
        self.parameters = tuple(parameters)
        self.places = [
            stand_ins.index(each) if each in stand_ins else None for each in self.parameters
        ]
        assert set(range(len(values))) <= set(self.places), f"{build} loses a value"

    def rows(self, values: tuple[Any, ...]) -> list[Any]:
        query = copy.copy(self.queryset.query)
        if query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked within a transaction.")
        compiler: Any = copy.copy(self.compiler)
        compiler.connection = connection
        given = tuple(
            own if place is None else values[place]
            for own, place in zip(self.parameters, self.places, strict=True)
        )
        compiler.as_sql = lambda *_, **__: (self.sql, given)
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        found: Any = QuerySet(self.queryset.model, query=query)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups"):
            setattr(found, name, getattr(self.queryset, name))
        return list(found)


def _stand_in(value: Any, number: int) -> Any:
    """Of the value's type, and like no constant of a query."""
    if isinstance(value, uuid.UUID):
        return uuid.uuid4()
    if isinstance(value, datetime):
        return datetime(1970, 1, 1, microsecond=271828 + number, tzinfo=UTC)
    if isinstance(value, int):
        return 1_618_033_988 + number
    assert isinstance(value, str) and not isinstance(value, models.Choices), value
    return uuid.uuid4().hex
