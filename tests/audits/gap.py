"""Running a rival in the gap: after the first has done its work, before it commits."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from audits.errors import ServiceError
from tests.audits.waiting import until


def in_the_gap(first: Callable[[], Any], rival: Callable[[], Any]) -> tuple[Any, Any]:
    """What ``first`` and ``rival`` returned, or the code they were refused with.

    The rival starts once the first has written and holds its locks. The first commits as soon as
    the rival has ended or waits for it, so each order of the two is tested by swapping them.
    """
    answers: list[Any] = []
    backend: list[int] = []

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backend.append(cursor.fetchone()[0])
            answers.append(outcome(rival))
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        done = outcome(first)
        thread.start()
        until(lambda: not thread.is_alive() or _waits(backend), "the rival to end or wait")
    thread.join()
    assert answers, "the rival met an error that no person could mend"
    return done, answers[0]


def outcome(job: Callable[[], Any]) -> Any:
    """What it returned, or the code of the refusal."""
    try:
        return job()
    except ServiceError as refused:
        return refused.code


def _waits(backend: list[int]) -> bool:
    if not backend:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid() = ANY(pg_blocking_pids(%s))", backend)
        return bool(cursor.fetchone()[0])
