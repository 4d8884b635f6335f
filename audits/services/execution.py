"""What a worker does for one step: claim it, work with the lease kept alive, hand in the result."""

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from audits.errors import ServiceError
from audits.models import Audit, StepName, StepState
from audits.services import results
from audits.services.backends import current_grounder, current_parser, is_version
from audits.services.files import read_file
from audits.services.steps import (
    StepFailure,
    StepLease,
    step_claim,
    step_done,
    step_fail,
    step_lock,
    step_renew,
)
from inference.claims import align_claims, draft_score
from inference.comparator import compare
from inference.grounders.base import BackendUnavailable, GroundingFailed
from inference.images import read_image
from inference.vocabulary import DraftState, ImageState

_RENEWALS_PER_LEASE = 4


class StepRefused(ServiceError):
    """The step can't be done as asked; the sentence becomes the failure's message."""


def ground_step(*, audit_id: UUID, attempt: int) -> None:
    lease = step_claim(audit_id=audit_id, step=StepName.GROUNDING, attempt=attempt)
    if lease is not None:
        _run(lease, _ground)


def parse_step(*, audit_id: UUID, attempt: int) -> None:
    lease = step_claim(audit_id=audit_id, step=StepName.PARSING, attempt=attempt)
    if lease is not None:
        _run(lease, _parse)


def compare_step(*, audit_id: UUID, attempt: int) -> None:
    lease = step_claim(audit_id=audit_id, step=StepName.COMPARING, attempt=attempt)
    if lease is not None:
        _run(lease, _compare)


def _run(lease: StepLease, work: Callable[[StepLease, Audit], None]) -> None:
    audit = Audit.objects.select_related("case", "draft", "grounder", "parser").get(
        pk=lease.audit_id
    )
    try:
        with kept_alive(lease):
            work(lease, audit)
    except (OperationalError, InterfaceError):
        # The database went away, not the step: the lease runs out and the step is sent again.
        raise
    except Exception as error:
        _hand_in_failure(lease, failure_of(error))


@contextmanager
def kept_alive(lease: StepLease) -> Iterator[None]:
    """Renew the lease from a thread until the block ends or the lease is lost."""
    ended = threading.Event()
    interval = settings.STEP_LEASE_SECONDS / _RENEWALS_PER_LEASE

    def renew() -> None:
        try:
            while not ended.wait(interval) and step_renew(lease=lease):
                connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name=f"lease {lease.step}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def failure_of(error: Exception) -> StepFailure:
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, ServiceError):
        return StepFailure(error.code, error.message, trace)
    if isinstance(error, BackendUnavailable):
        return StepFailure("backend_unavailable", str(error), trace)
    if isinstance(error, GroundingFailed):
        return StepFailure("grounding_failed", str(error), trace)
    return StepFailure("internal_error", f"Unexpected {type(error).__name__}.", trace)


def _hand_in_failure(lease: StepLease, failure: StepFailure) -> None:
    with transaction.atomic():
        held = step_lock(lease=lease)
        if held is None:
            return
        audit, steps = held
        if lease.step == StepName.PARSING:
            # The audit goes on with the image alone, and says so.
            results.parsing_store(audit=audit, parsing=results.unparsed(failure.message))
        step_fail(audit=audit, steps=steps, step=lease.step, failure=failure)


def _ground(lease: StepLease, audit: Audit) -> None:
    grounder = current_grounder()
    if not is_version(row=audit.grounder, version=grounder.version):
        raise StepRefused("model_changed", _changed("grounder", str(audit.grounder)))
    pixels = read_image(read_file(name=audit.case.image))
    started = time.perf_counter()
    grounding = grounder.ground([pixels])[0]
    ms = _ms_since(started)
    with transaction.atomic():
        held = step_lock(lease=lease)
        if held is None:
            return
        locked, steps = held
        results.grounding_store(audit=locked, grounding=grounding)
        raw = results.raw_grounding(grounding)
        if grounding.image_state == ImageState.FAILED:
            message = " ".join(grounding.notes) or "The model's answer could not be used."
            failure = StepFailure("grounding_failed", message)
            step_fail(audit=locked, steps=steps, step=lease.step, failure=failure, result=raw)
        else:
            step_done(audit=locked, steps=steps, step=lease.step, result=raw, ms=ms)


def _parse(lease: StepLease, audit: Audit) -> None:
    parser = current_parser()
    if not is_version(row=audit.parser, version=parser.version):
        raise StepRefused("model_changed", _changed("parser", str(audit.parser)))
    started = time.perf_counter()
    parsing = parser.parse(audit.draft.text)
    ms = _ms_since(started)
    with transaction.atomic():
        held = step_lock(lease=lease)
        if held is None:
            return
        locked, steps = held
        results.parsing_store(audit=locked, parsing=parsing)
        raw = results.raw_parsing(parsing)
        step_done(audit=locked, steps=steps, step=lease.step, result=raw, ms=ms)


def _compare(lease: StepLease, audit: Audit) -> None:
    started = time.perf_counter()
    with transaction.atomic():
        held = step_lock(lease=lease)
        if held is None:
            return
        locked, steps = held
        grounding = results.load_grounding(steps[StepName.GROUNDING].result)
        parsed = steps[StepName.PARSING]
        parsing = (
            results.load_parsing(parsed.result)
            if parsed.state == StepState.DONE
            else results.unparsed(parsed.failure_message)
        )
        _judge(locked, audit.draft.text, grounding, parsing)
        ms = _ms_since(started)
        step_done(audit=locked, steps=steps, step=lease.step, result=None, ms=ms)


def _judge(
    audit: Audit, text: str, grounding: results.GroundingRecord, parsing: results.ParsingRecord
) -> None:
    comparison = compare(
        image_state=grounding.image_state,
        image_labels=grounding.labels,
        findings=grounding.findings,
        draft_state=parsing.draft_state,
        mentions=parsing.mentions,
    )
    claims = align_claims(
        text,
        image_state=grounding.image_state,
        image_labels=grounding.labels,
        draft_state=parsing.draft_state,
        mentions=parsing.mentions,
    )
    unread = [parsing.reason] if parsing.draft_state == DraftState.UNPARSED else []
    notes = [*grounding.notes, *parsing.notes, *filter(None, unread), *comparison.notes]
    results.comparison_store(
        audit=audit,
        comparison=comparison,
        claims=claims,
        score=draft_score(claims, parsing.draft_state),
        notes=notes,
    )


def _ms_since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)


def _changed(what: str, asked: str) -> str:
    return (
        f"This audit asks for the {what} {asked}, but the workers now run another version. "
        "Start a new audit of the draft."
    )
