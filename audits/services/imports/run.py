"""Running an import: all rows are noted first, then made cases of, batch by batch.

One worker at a time (a lock that its database session holds, so that it goes with the worker).
Whatever dies in the middle is sent again and goes on where rows still wait.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone

from audits.models import IMPORT_RUNNING, Import, ImportRow, ImportState, RowOutcome
from audits.selectors.duplicates import Neighbour, Neighbours, stored_neighbours
from audits.services.imports.archives import ZipContainer
from audits.services.imports.batches import (
    Outcome,
    batch_store,
    known_cases,
    outcomes_write,
)
from audits.services.imports.containers import Container
from audits.services.imports.layouts import Layout, layout_of
from audits.services.imports.ready import Ready, made_ready
from audits.services.imports.rows import ImportRefused, Row
from audits.services.imports.states import (
    ImportStopped,
    import_checked,
    import_fail,
    import_finish,
)
from audits.services.imports.uploads import upload_open

logger = logging.getLogger(__name__)

BATCH_ROWS = 32
BATCH_BYTES = 48 * 2**20
NOTE_ROWS = 1000
MAX_RUNS = 8

Tell = Callable[[int, list[Outcome]], None]


@dataclass(frozen=True, slots=True)
class Place:
    """The command's input: files of its own machine, and how they are laid out."""

    container: Container
    layout: Layout | None = None


def _quiet(total: int, outcomes: list[Outcome]) -> None:
    """Nobody listens: what there is to know stands in the rows."""


def import_run(*, import_id: UUID, place: Place | None = None, tell: Tell = _quiet) -> bool:
    """Do what is left of an import; False if another worker is at it.

    ``tell`` hears the number of rows (0 while it is unknown) and the outcomes as they come.
    An import that can't be done fails with the reason; one that the database deserted is left to
    be sent again.
    """
    with _alone(import_id) as is_ours:
        if not is_ours:
            return False
        run = Import.objects.select_related("source", "created_by").get(pk=import_id)
        if run.state not in IMPORT_RUNNING:
            return True
        try:
            _take(run)
            _run(run, place, tell)
        except ImportStopped as stopped:
            logger.info("import %s was stopped: it is %s", run.pk, stopped)
        except ImportRefused as refused:
            import_fail(run=run, code=refused.code, message=refused.message)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("import %s failed", run.pk)
            message = f"Something went wrong here: {type(error).__name__}. It was logged."
            import_fail(run=run, code="internal_error", message=message)
    return True


@contextmanager
def _alone(import_id: UUID) -> Iterator[bool]:
    key = f"import:{import_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        row = cursor.fetchone()
    try:
        yield bool(row and row[0])
    finally:
        if row and row[0]:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def _take(run: Import) -> None:
    """Count the workers: an import that kills each of them is given up."""
    running = [state.value for state in IMPORT_RUNNING]
    Import.objects.filter(pk=run.pk, state__in=running).update(
        runs=F("runs") + 1, active_at=timezone.now()
    )
    run.refresh_from_db(fields=["runs", "state"])
    if run.runs > MAX_RUNS:
        message = f"{MAX_RUNS} workers were lost over this import."
        raise ImportRefused("worker_lost", message)


def _run(run: Import, place: Place | None, tell: Tell) -> None:
    container = _container(run, place)
    layout = (place and place.layout) or layout_of(container, run.layout)
    if run.state == ImportState.CHECKING and run.total is None:
        total = _note_rows(run, layout.rows(), tell)
        run = import_checked(run=run, total=total, layout=layout.name, notes=layout.notes)
    tell(run.total or 0, [])
    waiting = _waiting_numbers(run)
    left = (row for row in layout.rows() if row.number in waiting)
    ready = made_ready(rows=left, container=container, source=run.source)
    earlier = Neighbours()
    for batch in _batches(ready):
        outcomes = _look(run, batch, earlier) if run.dry_run else batch_store(run=run, batch=batch)
        tell(run.total or 0, outcomes)
    if _waiting_numbers(run):
        raise ImportRefused("input_changed", "The files changed while they were read.")
    import_finish(run=run)


def _container(run: Import, place: Place | None) -> Container:
    return place.container if place else ZipContainer(upload_open(run=run))


def _note_rows(run: Import, rows: Iterable[Row], tell: Tell) -> int:
    """A row for each row, before any is worked on; noting again adds none."""
    total, page = 0, list[ImportRow]()
    for row in rows:
        total += 1
        page.append(_noted(run, row))
        if len(page) == NOTE_ROWS:
            _note(run, page, tell)
            page = []
    _note(run, page, tell)
    if run.rows.count() != total:
        raise ImportRefused("input_changed", "The files changed since the import began.")
    if not total:
        raise ImportRefused("no_rows", "There is nothing to import in these files.")
    return total


def _note(run: Import, page: list[ImportRow], tell: Tell) -> None:
    ImportRow.objects.bulk_create(page, ignore_conflicts=True)
    state = Import.objects.filter(pk=run.pk, state=run.state)
    if not state.update(active_at=timezone.now()):
        raise ImportStopped("no longer " + run.state)
    decided = [row for row in page if row.outcome != RowOutcome.WAITING]
    tell(
        0, [Outcome(row.number, RowOutcome(row.outcome), row.field, row.reason) for row in decided]
    )


def _noted(run: Import, row: Row) -> ImportRow:
    if row.problem:
        field, reason = row.problem
        return ImportRow(
            run=run, number=row.number, outcome=RowOutcome.FAILED, field=field, reason=reason
        )
    if row.skip:
        return ImportRow(
            run=run, number=row.number, outcome=RowOutcome.SKIPPED, field="row", reason=row.skip
        )
    return ImportRow(run=run, number=row.number)


def _waiting_numbers(run: Import) -> set[int]:
    rows = ImportRow.objects.filter(run=run, outcome=RowOutcome.WAITING)
    return set(rows.values_list("number", flat=True).iterator(chunk_size=10_000))


def _batches(ready: Iterable[Ready]) -> Iterator[list[Ready]]:
    """Batches bounded in rows and in bytes: memory stays flat."""
    batch: list[Ready] = []
    for each in ready:
        batch.append(each)
        if len(batch) == BATCH_ROWS or sum(one.bytes for one in batch) >= BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def _look(run: Import, batch: list[Ready], earlier: Neighbours) -> list[Outcome]:
    """A dry run's outcomes: what would be refused, what is known, what is nearly the same."""
    if Import.objects.filter(pk=run.pk, state=ImportState.CHECKING).count() == 0:
        raise ImportStopped("cancelled")
    images = [ready.prepared for ready in batch if ready.prepared]
    known = known_cases([image.pixels_sha256 for image in images])
    stored = stored_neighbours(image.perceptual_hash for image in images)
    outcomes = []
    for ready in batch:
        if ready.prepared is None or ready.new is None:
            field, reason = ready.problem or ("row", "The row holds nothing.")
            outcomes.append(Outcome(ready.row.number, RowOutcome.FAILED, field, reason))
            continue
        case = known.get((ready.new.source, ready.prepared.pixels_sha256))
        value = ready.prepared.perceptual_hash
        near: Neighbour | None = stored.nearest(value, but=case) or earlier.nearest(value)
        earlier.add(value, ready.row.number)
        outcome = RowOutcome.KNOWN if case else RowOutcome.VALID
        outcomes.append(Outcome(ready.row.number, outcome, case=case, near=near))
    return outcomes_write(run=run, outcomes=outcomes)
