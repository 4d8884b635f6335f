"""A step in a worker's hands: its lease kept alive, its one answer or failure handed in."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from audits.errors import ServiceError
from audits.models import Audit, StepName
from audits.services import results
from audits.services.audits import Steps
from audits.services.steps import (
    StepFailure,
    StepLease,
    step_done,
    step_fail,
    step_lock,
    steps_renew,
)
from inference.grounders.base import BackendUnavailable, GroundingFailed
from inference.schema import Attempt

logger = logging.getLogger(__name__)

_RENEWALS_PER_LEASE = 4
DATABASE_AWAY = (OperationalError, InterfaceError)
"""The database went away, not the step: its lease runs out and it is sent again."""


class StepRefused(ServiceError):
    """The step can't be done as asked; the sentence becomes the failure's message."""


@dataclass(frozen=True, slots=True)
class Job:
    """A step this worker holds, with its audit."""

    lease: StepLease
    audit: Audit


@dataclass(frozen=True, slots=True)
class Answer:
    """What a step brought: how to store it, the raw record, and what the model really said.

    ``ms`` is the time the answer took; None for one that is worked out while it is stored.
    """

    store: Callable[[Audit, Steps], None]
    ms: int | None = None
    raw: Any = None
    attempts: Sequence[Attempt] = ()
    failure: StepFailure | None = None


def job_of(lease: StepLease) -> Job:
    audits = Audit.objects.select_related("case", "draft", "grounder", "parser")
    return Job(lease, audits.get(pk=lease.audit_id))


def alone(lease: StepLease | None, work: Callable[[Job], Answer]) -> None:
    """Do the one step of the lease, if there is one to do."""
    if lease is not None:
        with kept_alive([lease]):
            attempted(job_of(lease), work)


def attempted(job: Job, work: Callable[[Job], Answer | None]) -> bool:
    """Do the work and hand in its answer, or its failure if it breaks. Whether it held."""
    try:
        answer = work(job)
        if answer is not None:
            hand_in(job, answer)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        hand_in(job, _broken(job, error))
        return False
    return True


def hand_in(job: Job, answer: Answer) -> None:
    """Store the answer and end the step, in one transaction, if the lease still holds."""
    with transaction.atomic():
        held = step_lock(lease=job.lease)
        if held is None:
            return
        audit, steps = held
        step = job.lease.step
        started = time.perf_counter()
        answer.store(audit, steps)
        ms = ms_since(started) if answer.ms is None else answer.ms
        results.generations_store(audit=audit, step=step, attempts=answer.attempts)
        if answer.failure is None:
            step_done(audit=audit, steps=steps, step=step, result=answer.raw, ms=ms)
        else:
            step_fail(
                audit=audit, steps=steps, step=step, failure=answer.failure, result=answer.raw
            )


@contextmanager
def kept_alive(leases: list[StepLease]) -> Iterator[None]:
    """Renew the leases (more may be added) from a thread until the block ends or none is held."""
    ended = threading.Event()
    interval = settings.STEP_LEASE_SECONDS / _RENEWALS_PER_LEASE

    def renew() -> None:
        while not ended.wait(interval) and _renewed(leases):
            pass

    thread = threading.Thread(target=renew, name=f"leases {leases[0].step}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _renewed(leases: list[StepLease]) -> bool:
    """Whether there is still something to renew; a database that is away is asked again."""
    try:
        return steps_renew(leases=tuple(leases)) > 0
    except DATABASE_AWAY as error:
        logger.warning("the leases could not be renewed: %s", error)
        return True
    finally:
        connection.close()


def ms_since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)


def changed(what: str, asked: str) -> StepRefused:
    return StepRefused(
        "model_changed",
        f"This audit asks for the {what} {asked}, but the workers now run another version. "
        "Start a new audit of the draft.",
    )


def _broken(job: Job, error: Exception) -> Answer:
    failure = failure_of(error)
    attempts = error.attempts if isinstance(error, GroundingFailed) else ()

    def store(audit: Audit, steps: Steps) -> None:
        if job.lease.step == StepName.PARSING:
            # The audit goes on with the image alone, and says so.
            results.parsing_store(audit=audit, parsing=results.unparsed(failure.message))

    return Answer(store, attempts=attempts, failure=failure)


def failure_of(error: Exception) -> StepFailure:
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, ServiceError):
        return StepFailure(error.code, error.message, trace)
    if isinstance(error, BackendUnavailable):
        return StepFailure("backend_unavailable", str(error), trace)
    if isinstance(error, GroundingFailed):
        return StepFailure("grounding_failed", str(error), trace)
    return StepFailure("internal_error", f"Unexpected {type(error).__name__}.", trace)
