"""The import's state machine: one function per transition, each with its log row.

A row's lock on the import comes first, before any content, case or draft.
"""

import logging
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from audits.errors import Conflict, InvalidInput
from audits.models import IMPORT_ENDED, Import, ImportState, Source, User
from audits.models.imports import LAYOUTS
from audits.services.imports.uploads import chunks_remove
from audits.services.log import record

logger = logging.getLogger(__name__)

TASK = "audits.tasks.run_import"


def import_lock(*, import_id: UUID) -> Import:
    return Import.objects.select_for_update().get(pk=import_id)


@dataclass(frozen=True, slots=True)
class Options:
    """How an import is done. ``sha256`` is the upload's, if the sender knows it; with
    ``skip_duplicates`` a picture that is nearly a stored one stays out."""

    layout: str = "auto"
    sha256: str = ""
    start_audits: bool = False
    skip_duplicates: bool = False


DEFAULTS = Options()


@transaction.atomic
def import_create(
    *, source: Source, actor: User | None, size: int, options: Options = DEFAULTS
) -> Import:
    """An import that waits for ``size`` bytes of its ZIP."""
    if options.layout not in LAYOUTS:
        raise InvalidInput("layout", f"One of: {', '.join(LAYOUTS)}.")
    if not 1 <= size <= settings.IMPORT_MAX_BYTES:
        limit = settings.IMPORT_MAX_BYTES // 2**30
        raise InvalidInput("size", f"An upload has from 1 byte to {limit} GB.")
    run = Import.objects.create(source=source, size=size, created_by=actor, **asdict(options))
    record(actor=actor, action="import.created", target=run, data={"source": source.slug})
    return run


def import_of_place(
    *, digest: str, source: Source, options: Options, dry_run: bool
) -> tuple[Import, bool]:
    """The command's import of a place of its own machine, and whether it goes on with one that
    was cut off: the same place, unchanged, with the same options."""
    states = (ImportState.CHECKING.value, ImportState.IMPORTING.value)
    known = Import.objects.filter(input_digest=digest, state__in=states)
    if found := known.first():
        return found, True
    with suppress(IntegrityError), transaction.atomic():
        run = Import.objects.create(
            source=source,
            state=ImportState.CHECKING.value,
            input_digest=digest,
            dry_run=dry_run,
            started_at=timezone.now(),
            **asdict(options),
        )
        record(actor=None, action="import.created", target=run, data={"source": source.slug})
        return run, False
    return known.get(), True


@transaction.atomic
def import_start(*, run: Import, actor: User | None, dry_run: bool = False) -> Import:
    """uploading | checked -> checking, and a worker is told.

    Raises ``Conflict`` if bytes are missing or it has started already.
    """
    locked = import_lock(import_id=run.pk)
    if locked.state not in (ImportState.UPLOADING, ImportState.CHECKED):
        raise Conflict("already_started", f"This import has started: it is {locked.state}.")
    if locked.received != locked.size:
        raise Conflict(
            "upload_incomplete",
            f"{locked.received:,} of {locked.size or 0:,} bytes are here: send the rest first.",
            extra={"received": locked.received},
        )
    # What a dry run said of each row is said anew, of what is true by now.
    locked.rows.all().delete()
    locked.state = ImportState.CHECKING.value
    locked.dry_run = dry_run
    locked.total = None
    locked.runs = 0
    locked.started_at = locked.active_at = timezone.now()
    locked.save()
    record(actor=actor, action="import.started", target=locked, data={"dry_run": dry_run})
    import_send(run=locked)
    return locked


def import_send(*, run: Import) -> None:
    """Tell a worker, once the transaction is committed; a lost message is sent again."""
    transaction.on_commit(partial(_publish, run.pk), robust=True)


def _publish(import_id: UUID) -> None:
    try:
        current_app.send_task(TASK, args=[str(import_id)])
    except (OperationalError, OSError) as error:
        logger.warning("import %s not sent, to be sent again: %s", import_id, error)


@transaction.atomic
def import_checked(*, run: Import, total: int, layout: str, notes: list[str]) -> Import:
    """checking -> importing, all rows being known; a dry run looks into them first."""
    locked = import_lock(import_id=run.pk)
    _still(locked, ImportState.CHECKING)
    locked.total, locked.layout, locked.notes = total, layout, notes
    locked.active_at = timezone.now()
    if not locked.dry_run:
        locked.state = ImportState.IMPORTING.value
    locked.save()
    return locked


@transaction.atomic
def import_finish(*, run: Import) -> Import:
    """importing -> done, or checking -> checked for a dry run (whose upload waits for the real
    one; a dry run by the command has nothing to wait for and stays checked)."""
    locked = import_lock(import_id=run.pk)
    _still(locked, ImportState.CHECKING if locked.dry_run else ImportState.IMPORTING)
    if locked.dry_run:
        locked.state = ImportState.CHECKED.value
        locked.active_at = timezone.now()
    else:
        _end(locked, ImportState.DONE)
    locked.save()
    record(actor=None, action=f"import.{locked.state}", target=locked, data={"rows": locked.total})
    return locked


@transaction.atomic
def import_fail(*, run: Import, code: str, message: str) -> None:
    """-> failed, unless it has ended meanwhile. What was imported stays, and stays told."""
    locked = import_lock(import_id=run.pk)
    if locked.state in IMPORT_ENDED:
        return
    locked.failure_code, locked.failure_message = code, message
    _end(locked, ImportState.FAILED)
    locked.save()
    record(actor=None, action="import.failed", target=locked, data={"code": code})


@transaction.atomic
def import_cancel(*, run: Import, actor: User | None) -> Import:
    """-> cancelled: the batch at hand is finished, nothing after it is begun."""
    locked = import_lock(import_id=run.pk)
    if locked.state in IMPORT_ENDED:
        raise Conflict("already_ended", f"This import has ended: it is {locked.state}.")
    data: dict[str, Any] = {"was": locked.state}
    _end(locked, ImportState.CANCELLED)
    locked.save()
    record(actor=actor, action="import.cancelled", target=locked, data=data)
    return locked


class ImportStopped(Exception):
    """Somebody cancelled the import, or another worker ended it."""


def _still(run: Import, state: ImportState) -> None:
    if run.state != state:
        raise ImportStopped(run.state)


def _end(run: Import, state: ImportState) -> None:
    run.state = state.value
    run.finished_at = run.active_at = timezone.now()
    transaction.on_commit(partial(_remove_upload, run), robust=True)


def _remove_upload(run: Import) -> None:
    chunks_remove(run=run)
