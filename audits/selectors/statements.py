"""Queries of every request, whose SQL is made once a process and planned once a connection.

Building and compiling such a query takes Django three times as long as sending it and reading its
row, and planning it takes Postgres longer than running it.
"""

import copy
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError
from psycopg import ClientCursor, Cursor
from psycopg.sql import Literal

Row = TypeVar("Row")


def prepared(build: "Callable[..., QuerySet[Any, Row]]") -> Callable[..., list[Row]]:
    """The rows of ``build(*values, **kind)``, which is asked once for each kind.

    Each value must go into the query as it is, be of the same type each time, and change nothing
    else of the query; what does belongs to the kind. A kind may need fewer of the values: who sees
    everything is not asked for.
    """
    made: dict[tuple[Any, ...], _Statement] = {}

    @wraps(build)
    def rows(*values: Any, **kind: Any) -> list[Row]:
        key = tuple(kind.values())
        if key not in made:
            made[key] = _Statement(build, values, kind)
        return cast("list[Row]", made[key].rows(values))

    return rows


class _Statement:
    def __init__(
        self, build: Callable[..., QuerySet[Any]], values: tuple[Any, ...], kind: dict[str, Any]
    ) -> None:
        stand_ins = [_stand_in(value, number) for number, value in enumerate(values)]
        self.queryset = build(*stand_ins, **kind)
        self.compiler: Any = self.queryset.query.get_compiler(connection=connection)
        self.places: list[int] = []
        self.sql = ""
        try:
            sql, parameters = self.compiler.as_sql()
        except EmptyResultSet:
            return
        columns = [column for column, *_ in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)
        # Its constants stay in the text: a plan for all values must see them to take an index
        # of some rows only.
        connection.ensure_connection()  # which knows how to write them
        first, *pieces = sql.split("%s")
        self.sql = first
        for value, piece in zip(parameters, pieces, strict=True):
            if value in stand_ins:
                self.places.append(stand_ins.index(value))
                self.sql += "%s" + piece
            else:
                self.sql += Literal(value).as_string(connection.connection) + piece

    def rows(self, values: tuple[Any, ...]) -> list[Any]:
        query = copy.copy(self.queryset.query)
        if query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked within a transaction.")
        if not self.sql:
            return []
        compiler = copy.copy(self.compiler)
        # Not the proxy, which looks the connection up again for every attribute.
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.get_converters = lambda _: self.converters
        compiler.execute_sql = lambda *_, **__: [self._fetched(values)]
        query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
        found: Any = QuerySet(self.queryset.model, query=query)
        for name in ("_iterable_class", "_fields", "_prefetch_related_lookups"):
            setattr(found, name, getattr(self.queryset, name))
        return list(found)

    def _fetched(self, values: tuple[Any, ...]) -> list[Any]:
        with _prepared_cursor() as cursor:
            cursor.execute(self.sql, [values[place] for place in self.places])
            return cast("list[Any]", cursor.fetchall())


class _PreparedCursor(Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        done = super().execute(query, params, prepare=True, **options)
        if connection.queries_logged:  # where Django looks for the text with its values
            text = ClientCursor(self.connection).mogrify(query, params)
            self._query: Any = SimpleNamespace(query=text.encode())
        return done


def _prepared_cursor() -> Any:
    """As `connection.cursor`, with what watches statements, for one that Postgres keeps the plan
    of (`DATABASE_PREPARES`)."""
    made: Any = connections[DEFAULT_DB_ALIAS]
    made.close_if_health_check_failed()
    made.ensure_connection()
    with made.wrap_database_errors:
        return made._prepare_cursor(_PreparedCursor(made.connection))


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
