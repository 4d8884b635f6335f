"""Conditions about a row and a person whose SQL Django makes once a process.

What a person may see is asked in nested queries. Django takes longer to build and compile these
than Postgres to answer them, and their text is the same for all people of one role.
"""

import re
import uuid
from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Expression, Func, Q, UUIDField
from django.db.models.expressions import Combinable
from django.db.models.sql import Query

from audits.models import User

_STAND_IN = uuid.UUID("3f0d5a52-6f0e-4c57-9f5e-6d1f6f3b0a11")
"""The person that the SQL is made for; each who asks takes their place."""
_ALIAS = re.compile(r"\b[A-Z]{1,2}\d+\b")
_COLUMN = re.compile(r"<column (\d+)>")
_numbers = count()


class Column(Expression):
    """The place of a column that is named by who asks."""

    def __init__(self, number: int) -> None:
        super().__init__(output_field=UUIDField())
        self.number = number

    def as_sql(self, *_: Any, **__: Any) -> tuple[str, tuple[()]]:
        return f"<column {self.number}>", ()


class Condition(Func):
    """Stands wherever an ``Exists`` may, also beside ``~``, ``&`` and ``|``."""

    def __init__(self, sql: str, values: tuple[Any, ...], *columns: Any) -> None:
        super().__init__(*columns, output_field=BooleanField())
        self.sql, self.values = sql, values

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        columns = [compiler.compile(column) for column in self.source_expressions]
        assert not any(values for _, values in columns), "columns of the row, nothing worked out"
        return _COLUMN.sub(lambda place: columns[int(place[1])][0], self.sql), self.values


def made_once(build: Callable[..., Combinable | Q]) -> Callable[..., Condition]:
    """``build(user, *columns, **kind)`` gives a condition; it is asked once for each role and kind.

    Of the user it may use the role and the key, nothing else; the columns come as expressions.
    Who calls gives each column by its path, as for ``F``.
    """
    made: dict[tuple[Any, ...], tuple[str, tuple[Any, ...]]] = {}

    @wraps(build)
    def condition(user: User, *columns: Any, **kind: Any) -> Condition:
        key = (*user.rights.values(), len(columns), *sorted(kind.items(), key=lambda one: one[0]))
        if key not in made:
            stand_in = User(pk=_STAND_IN, **user.rights)
            places = [Column(number) for number in range(len(columns))]
            made[key] = _sql_of(build(stand_in, *places, **kind))
        sql, values = made[key]
        own = tuple(user.pk if value == _STAND_IN else value for value in values)
        return Condition(sql, own, *columns)

    return condition


def _sql_of(condition: Combinable | Q) -> tuple[str, tuple[Any, ...]]:
    query = Query(User)
    where = query.build_where(Q(condition))
    sql, values = where.as_sql(query.get_compiler(connection=connection), connection)
    # Its aliases must not be those of the query that it is put into: they would hide its columns.
    number = next(_numbers)
    return f"({_ALIAS.sub(lambda alias: f'{alias[0]}_{number}', sql)})", tuple(values)
