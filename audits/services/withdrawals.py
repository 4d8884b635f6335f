"""Withdrawing a case: it is hidden at once, then everything of the patient is purged.

Three steps, each whole or not there, and the reconciler goes on where one of them stopped:

1. the case is marked (`_mark`): no list shows it, nothing new comes to it;
2. texts, comments, model output and the case's own columns are emptied and its files noted as to
   be deleted (`case_purge`), in one transaction;
3. the files are deleted (`audits.services.files.files_delete`).

Marking waits for whoever adds to the case (`tombstones.cases_hold`) and holds nothing else; purging
then takes its locks in everybody's order and finds all there will ever be.
"""

import logging
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from audits.errors import NotFound
from audits.models import Case, User, WithdrawalReason
from audits.services.files import files_delete, files_forget, lock_content
from audits.services.log import record
from audits.services.purging import case_lock_all, case_rows_empty, releases_take_back
from audits.services.webhooks import emit

logger = logging.getLogger(__name__)

BATCH = 100


def case_withdraw(*, case_id: UUID, reason: WithdrawalReason, actor: User | None) -> Case:
    """Hide the case for ever and purge it; twice is once, and the first reason stays.

    If the purge can't be done now, ``purged_at`` of what is returned is null and the reconciler
    does it. Raises ``NotFound``.
    """
    case = _mark(case_id, reason, actor)
    try:
        case_purge(case_id=case.pk)
    except OperationalError:
        logger.exception("case %s is withdrawn; its purge is left to the reconciler", case.pk)
    case.refresh_from_db()
    return case


@transaction.atomic
def _mark(case_id: UUID, reason: WithdrawalReason, actor: User | None) -> Case:
    known = Case.objects.filter(pk=case_id).first()
    if known is None:
        raise NotFound("case")
    # Whoever stores the same picture meanwhile has either ended or finds the case withdrawn.
    lock_content(content_sha256=known.pixels_sha256)
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    if case.withdrawn_at is None:
        case.withdrawn_at = timezone.now()
        case.withdrawn_for = reason.value
        case.save(update_fields=["withdrawn_at", "withdrawn_for"])
        record(actor=actor, action="case.withdrawn", target=case, data={"reason": reason.value})
        emit(event="case.withdrawn", target=case, data={"reason": reason.value})
    return case


@transaction.atomic
def case_purge(*, case_id: UUID) -> bool:
    """Empty everything of a withdrawn case. False if there is nothing (more) to purge."""
    with connection.cursor() as cursor:
        # Two purges of one case follow each other.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"purge:{case_id}"]
        )
    case = Case.objects.filter(pk=case_id, withdrawn_at__isnull=False, purged_at=None).first()
    if case is None:
        return False
    case_lock_all(case=case)
    counts: dict[str, Any] = case_rows_empty(case=case)
    counts["releases"] = releases_take_back(case=case)
    files = {case.image, case.preview, case.thumbnail}
    files_forget(names=files, content_sha256=case.pixels_sha256)
    _empty(case)
    data = {name: count for name, count in counts.items() if count}
    record(actor=None, action="case.purged", target=case, data={**data, "files": len(files)})
    transaction.on_commit(files_delete, robust=True)
    return True


def _empty(case: Case) -> None:
    """What stays is what the constraint ``case_purged_is_empty`` lets stay."""
    case.image = case.preview = case.thumbnail = ""
    case.patient_hash = case.file_name_hash = case.view = case.sex = ""
    case.file_sha256 = case.pixels_sha256
    case.age = case.study_order = case.perceptual_hash = case.brightness = None
    case.pixel_row_mm = case.pixel_column_mm = None
    case.pixel_spacing_source = case.laterality = case.patient_orientation = ""
    case.purged_at = timezone.now()
    case.save()


def withdrawals_reconcile() -> int:
    """Purge what was marked and not purged, delete files that are still there; returns how many."""
    waiting = Case.objects.filter(withdrawn_at__isnull=False, purged_at=None)
    purged = sum(
        case_purge(case_id=pk)
        for pk in waiting.order_by("withdrawn_at").values_list("pk", flat=True)[:BATCH]
    )
    return purged + files_delete()
