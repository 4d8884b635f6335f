"""Rows that the database itself writes, so that a benchmark has millions of them in minutes."""

from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model
from django.utils import timezone


def key(kind: str, *parts: str) -> str:
    """The id of a row: the same in every run."""
    return f"md5('{kind}' || {' || 0 || '.join(parts)})::uuid"


def sha(kind: str) -> str:
    return f"encode(sha256(('{kind}' || n)::bytea), 'hex')"


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def fill(model: type[Model], rows: str, **given: str) -> None:
    """Insert a row per row of ``rows``; columns that are not given take the model's defaults."""
    columns: list[str] = []
    values: list[str] = []
    parameters: list[Any] = []
    for field in model._meta.concrete_fields:
        if isinstance(field, AutoField):
            continue
        columns.append(f'"{field.column}"')
        if field.column in given:
            values.append(given[field.column])
        else:
            values.append(f"%s::{field.db_type(connection)}")
            parameters.append(_default(field))
    sql = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM {rows}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _default(field: "Field[Any, Any]") -> Any:
    value = timezone.now() if getattr(field, "auto_now_add", False) else field.get_default()
    return field.get_db_prep_save(value, connection)
