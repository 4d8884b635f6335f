"""Finds imports whose worker is gone, and uploads that nobody goes on with."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audits.models import IMPORT_ENDED, IMPORT_RUNNING, Import, ImportChunk, ImportState
from audits.services.imports.states import import_fail, import_lock, import_send
from audits.services.imports.uploads import chunks_remove

logger = logging.getLogger(__name__)

BATCH = 50
LOST_AFTER = timedelta(seconds=60)
"""A worker writes a sign of life with every batch; a lock keeps a slow one's double away."""


def imports_reconcile() -> int:
    """Send lost imports again, end abandoned ones, remove what ended ones left; how many."""
    done = sum(map(_resend, _lost()))
    keep = timezone.now() - timedelta(hours=settings.IMPORT_KEEP_HOURS)
    waiting = Import.objects.filter(
        state__in=[ImportState.UPLOADING.value, ImportState.CHECKED.value],
        size__isnull=False,
        active_at__lt=keep,
    )
    for run in waiting[:BATCH]:
        message = f"Nobody went on with this upload for {settings.IMPORT_KEEP_HOURS} hours."
        import_fail(run=run, code="abandoned", message=message)
        done += 1
    ended = [state.value for state in IMPORT_ENDED]
    left = ImportChunk.objects.filter(run__state__in=ended).values_list("run", flat=True)
    for run in Import.objects.filter(pk__in=left.distinct()[:BATCH]):
        done += chunks_remove(run=run)
    return done


def _lost() -> list[Import]:
    """Uploads only: what the command imports lies on the command's machine, to be run again."""
    running = [state.value for state in IMPORT_RUNNING]
    since = timezone.now() - LOST_AFTER
    found = Import.objects.filter(state__in=running, size__isnull=False, active_at__lt=since)
    return list(found.order_by("active_at")[:BATCH])


@transaction.atomic
def _resend(run: Import) -> int:
    locked = import_lock(import_id=run.pk)
    if locked.state not in IMPORT_RUNNING or locked.active_at != run.active_at:
        return 0
    # Noted as alive, so that a long queue does not fill with messages for one import.
    locked.active_at = timezone.now()
    locked.save(update_fields=["active_at"])
    import_send(run=locked)
    logger.warning("import %s had lost its worker or message and was sent again", run.pk)
    return 1
