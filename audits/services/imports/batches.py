"""One batch of rows: one transaction, a savepoint a row, one update of all their outcomes."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone

from audits.errors import ServiceError
from audits.models import Case, Import, ImportRow, ImportState, RowOutcome
from audits.selectors.duplicates import Neighbour, Neighbours, stored_neighbours
from audits.services.audits import audit_start
from audits.services.cases import case_store
from audits.services.files import ContentFiles, content_files, lock_content
from audits.services.imports.ready import Ready
from audits.services.imports.states import ImportStopped, import_lock
from audits.services.recorded import reading_store

logger = logging.getLogger(__name__)

Known = dict[tuple[str, str], UUID]
"""Stored cases by (source's slug, pixels' SHA-256)."""

_COLUMNS = (
    *("outcome", "field", "reason", "case", "draft", "is_new_draft", "lost"),
    *("duplicate_of", "duplicate_row", "duplicate_distance"),
)


@dataclass(slots=True)
class Outcome:
    """What became of one row."""

    number: int
    outcome: RowOutcome
    field: str = ""
    reason: str = ""
    case: UUID | None = None
    draft: UUID | None = None
    is_new_draft: bool = False
    near: Neighbour | None = None
    lost: int = 0


def batch_store(*, run: Import, batch: Sequence[Ready]) -> list[Outcome]:
    """Store the rows that still wait, and their outcomes with them.

    If the whole fails for a reason that no row owns to, each is tried alone: one poisoned row
    costs the others nothing. Raises ``ImportStopped`` if the import was cancelled.
    """
    try:
        return _store(run, batch)
    except ImportStopped:
        raise
    except Exception:
        if len(batch) == 1:
            raise
        logger.exception("a batch of import %s failed: its rows are tried one by one", run.pk)
    return [outcome for ready in batch for outcome in _store_alone(run, ready)]


def _store_alone(run: Import, ready: Ready) -> list[Outcome]:
    try:
        return _store(run, [ready])
    except (ImportStopped, OperationalError):
        raise
    except Exception as error:
        logger.exception("row %s of import %s could not be stored", ready.row.number, run.pk)
        reason = f"It could not be stored: {type(error).__name__}."
        return outcomes_write(
            run=run, outcomes=[Outcome(ready.row.number, RowOutcome.FAILED, "row", reason)]
        )


@transaction.atomic
def outcomes_write(*, run: Import, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Write outcomes of rows that still wait; returns those that were written."""
    rows = _waiting(run, [outcome.number for outcome in outcomes])
    return _write(run, rows, outcomes)


@transaction.atomic
def _store(run: Import, batch: Sequence[Ready]) -> list[Outcome]:
    locked = import_lock(import_id=run.pk)
    if locked.state != ImportState.IMPORTING:
        raise ImportStopped(locked.state)
    rows = _waiting(run, [ready.row.number for ready in batch])
    todo = [ready for ready in batch if ready.row.number in rows]
    images = [ready.prepared for ready in todo if ready.prepared]
    # All contents at once and in one order: two imports of the same pictures follow each other.
    for content in sorted({image.pixels_sha256 for image in images}):
        lock_content(content_sha256=content)
    known = known_cases([image.pixels_sha256 for image in images])
    near = stored_neighbours(image.perceptual_hash for image in images)
    with content_files() as files:
        outcomes = [_store_row(locked, ready, files, known, near) for ready in todo]
        return _write(locked, rows, outcomes)


def known_cases(pixels: Sequence[str]) -> Known:
    cases = Case.objects.filter(pixels_sha256__in=pixels).select_related("source")
    return {(case.source.slug, case.pixels_sha256): case.pk for case in cases}


def _waiting(run: Import, numbers: Sequence[int]) -> dict[int, ImportRow]:
    rows = ImportRow.objects.select_for_update().filter(
        run=run, number__in=numbers, outcome=RowOutcome.WAITING
    )
    return {row.number: row for row in rows.order_by("number")}


def _store_row(
    run: Import, ready: Ready, files: ContentFiles, known: Known, near: Neighbours
) -> Outcome:
    number = ready.row.number
    if ready.problem or ready.new is None or ready.prepared is None:
        field, reason = ready.problem or ("row", "The row holds nothing.")
        return Outcome(number, RowOutcome.FAILED, field, reason)
    key = ready.new.source, ready.prepared.pixels_sha256
    neighbour = near.nearest(ready.prepared.perceptual_hash, but=known.get(key))
    if neighbour and run.skip_duplicates and key not in known:
        return _skipped(number, neighbour)
    mark = files.mark()
    try:
        with transaction.atomic():
            outcome = _store_case(run, ready, files)
    except ServiceError as refused:
        files.remove_new(since=mark)
        field = next(iter(refused.fields), refused.code)
        return Outcome(number, RowOutcome.FAILED, field, refused.message)
    outcome.near = neighbour
    if outcome.case is not None and key not in known:
        known[key] = outcome.case
        near.add(ready.prepared.perceptual_hash, outcome.case)
    return outcome


def _skipped(number: int, neighbour: Neighbour) -> Outcome:
    reason = f"Its picture is nearly that of a stored case ({neighbour.distance} bits differ)."
    return Outcome(number, RowOutcome.SKIPPED, "image", reason, near=neighbour)


def _store_case(run: Import, ready: Ready, files: ContentFiles) -> Outcome:
    assert ready.new and ready.prepared
    stored = case_store(new=ready.new, prepared=ready.prepared, files=files, actor=run.created_by)
    case = stored.draft.case
    readings = [reading_store(case=case, reading=each)[0] for each in ready.row.readings]
    if run.start_audits:
        audit_start(draft=stored.draft, actor=run.created_by)
    return Outcome(
        ready.row.number,
        RowOutcome.CREATED if stored.is_new_case else RowOutcome.KNOWN,
        case=case.pk,
        draft=stored.draft.pk,
        is_new_draft=stored.is_new_draft,
        lost=sum(len(reading.ledger) for reading in readings),
    )


def _write(run: Import, rows: dict[int, ImportRow], outcomes: Sequence[Outcome]) -> list[Outcome]:
    written = [outcome for outcome in outcomes if outcome.number in rows]
    for outcome in written:
        _fill(rows[outcome.number], outcome)
    ImportRow.objects.bulk_update([rows[each.number] for each in written], _COLUMNS)
    Import.objects.filter(pk=run.pk, state=run.state).update(active_at=timezone.now())
    return written


def _fill(row: ImportRow, outcome: Outcome) -> None:
    near = outcome.near or Neighbour(0)
    row.outcome = outcome.outcome.value
    row.field, row.reason = outcome.field[:40], outcome.reason
    row.case_id, row.draft_id = outcome.case, outcome.draft
    row.is_new_draft, row.lost = outcome.is_new_draft, outcome.lost
    row.duplicate_of_id, row.duplicate_row = near.case, near.row
    row.duplicate_distance = near.distance if outcome.near else None
