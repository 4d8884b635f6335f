"""Batches: chosen once, then started item by item, behind the people who wait.

Every item is one transaction under the batch's lock, so that two workers with the same message,
a worker that dies, or a cancelling in between leave no item done twice or left out.
"""

import logging
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from audits.errors import Conflict, InvalidInput, ServiceError
from audits.models import (
    LIVE_STATES,
    Audit,
    AuditState,
    BackendKind,
    Batch,
    BatchItem,
    Draft,
    Priority,
    User,
)
from audits.services.audits import Auditors, audit_cancel, audit_of, audit_retry
from audits.services.backends import model_version_current
from audits.services.dispatch import task_send
from audits.services.jobs import DATABASE_AWAY, failure_of
from audits.services.log import record
from inference.policies import POLICY

logger = logging.getLogger(__name__)

GO_ON_TASK = "audits.tasks.go_on_with_batch"
AT_A_TIME = 200
"""Items a message: people's steps come in between."""
LOST_AFTER = timedelta(seconds=60)
_INSERTED_AT_A_TIME = 2000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which drafts: all that meet every given part; ``limit`` 0 is no limit."""

    source: str = ""
    cases: tuple[UUID, ...] = ()
    case_codes: tuple[str, ...] = ()
    drafts: tuple[UUID, ...] = ()
    latest_draft_only: bool = True
    limit: int = 0

    def told(self) -> dict[str, Any]:
        """What was asked for, as JSON; what was left open is left out."""
        given = {name: value for name, value in asdict(self).items() if value}
        return {
            name: [str(part) for part in value] if isinstance(value, tuple) else value
            for name, value in given.items()
        }


def drafts_of(selection: Selection) -> QuerySet[Draft]:
    """The selected drafts, oldest first."""
    drafts = Draft.objects.filter(case__withdrawn_at=None).order_by("created_at", "id")
    if selection.source:
        drafts = drafts.filter(case__source__slug=selection.source)
    if selection.cases:
        drafts = drafts.filter(case_id__in=selection.cases)
    if selection.case_codes:
        codes = "|".join(selection.case_codes)
        drafts = drafts.filter(case__pixels_sha256__regex=f"^({codes})")
    if selection.drafts:
        drafts = drafts.filter(pk__in=selection.drafts)
    elif selection.latest_draft_only:
        newest = Window(RowNumber(), partition_by="case_id", order_by=["-created_at", "-id"])
        drafts = drafts.annotate(newest=newest).filter(newest=1)
    return drafts[: selection.limit] if selection.limit else drafts


@transaction.atomic
def batch_create(
    *,
    selection: Selection,
    actor: User | None,
    grounder: str = "",
    parser: str = "",
    retry_failed: bool = False,
) -> Batch:
    """Note the selected drafts and begin to audit them by these backends and current policy.

    Raises ``InvalidInput`` for a selection that holds nothing and a backend that is not offered.
    """
    batch = Batch.objects.create(
        selection=selection.told(),
        grounder=model_version_current(kind=BackendKind.GROUNDER, name=grounder),
        parser=model_version_current(kind=BackendKind.PARSER, name=parser),
        policy=POLICY,
        retry_failed=retry_failed,
        requested_by=actor,
        sent_at=timezone.now(),
    )
    keys = drafts_of(selection).values_list("pk", flat=True)
    items = [
        BatchItem(batch=batch, draft_id=key, position=position)
        for position, key in enumerate(keys.iterator(chunk_size=_INSERTED_AT_A_TIME))
    ]
    if not items:
        raise InvalidInput("selection", "No stored draft fits this selection.")
    BatchItem.objects.bulk_create(items, batch_size=_INSERTED_AT_A_TIME)
    data = {"items": len(items), **selection.told()}
    record(actor=actor, action="batch.created", target=batch, data=data)
    task_send(task=GO_ON_TASK, arguments=[str(batch.pk)], priority=Priority.BATCH)
    return batch


@transaction.atomic
def batch_cancel(*, batch: Batch, actor: User | None) -> Batch:
    """Start no more of it, and stop what it alone has started.

    Audits that were there before, that a person asked for meanwhile, or that another batch waits
    for go on. Raises ``Conflict`` (``already_cancelled``).
    """
    locked = Batch.objects.select_for_update().get(pk=batch.pk)
    if locked.cancelled_at is not None:
        raise Conflict("already_cancelled", "This batch was cancelled before.")
    locked.cancelled_at = locked.sent_at = timezone.now()
    locked.save(update_fields=["cancelled_at", "sent_at"])
    record(actor=actor, action="batch.cancelled", target=locked)
    task_send(task=GO_ON_TASK, arguments=[str(batch.pk)])
    return locked


def batch_retry(*, batch: Batch, actor: User | None) -> int:
    """Try its failed audits once more, at most `AT_A_TIME`; returns how many.

    Raises ``Conflict`` (``batch_cancelled``) for a cancelled one.
    """
    if batch.cancelled_at is not None:
        raise Conflict("batch_cancelled", "This batch was cancelled; create another one.")
    failed = Audit.objects.filter(items__batch=batch, state=AuditState.FAILED.value)
    return audits_retry(audits=failed, actor=actor).retried


@dataclass(frozen=True, slots=True)
class Retried:
    """``refused`` were no longer failed when their turn came; ``left`` fit but wait to be asked."""

    retried: int
    refused: int
    left: int


def audits_retry(*, audits: QuerySet[Audit], actor: User | None) -> Retried:
    """Retry up to `AT_A_TIME` of these failed audits, each in a transaction of its own."""
    failed = audits.filter(state=AuditState.FAILED.value).order_by("finished_at", "id")
    retried = refused = 0
    for audit in list(failed[:AT_A_TIME]):
        try:
            audit_retry(audit=audit, actor=actor)
            retried += 1
        except ServiceError:
            refused += 1
    return Retried(retried, refused, failed.count())


def batch_go_on(*, batch_id: UUID) -> None:
    """Do the next `AT_A_TIME` items, and ask for the rest to be done after what waits by then."""
    batch = Batch.objects.filter(pk=batch_id).first()
    if batch is None:
        logger.warning("a message asks for batch %s, which is not in this database", batch_id)
        return
    do = _start_next if batch.cancelled_at is None else _cancel_next
    for _ in range(AT_A_TIME):
        if not do(batch_id):
            return
    _send_again(batch_id)


@transaction.atomic
def _send_again(batch_id: UUID) -> None:
    Batch.objects.filter(pk=batch_id).update(sent_at=timezone.now())
    task_send(task=GO_ON_TASK, arguments=[str(batch_id)], priority=Priority.BATCH)


@transaction.atomic
def _start_next(batch_id: UUID) -> bool:
    """Start one more item; False if there is none, or the batch was cancelled meanwhile."""
    batch = _locked(batch_id)
    item = unstarted(batch_id).select_related("draft").first()
    if batch.cancelled_at is not None or item is None:
        return False
    try:
        item.audit, item.is_new = _audited(batch, item.draft)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        # An item that can't be started must not keep the others from it.
        failure = failure_of(error)
        item.refusal_code, item.refusal_message = failure.code, failure.message
        logger.warning("an item of batch %s was refused: %s", batch_id, failure.traceback)
    item.save()
    return True


@transaction.atomic
def _audited(batch: Batch, draft: Draft) -> tuple[Audit, bool]:
    by = Auditors(batch.grounder, batch.parser, batch.policy)
    audit, is_new = audit_of(draft=draft, by=by, actor=batch.requested_by, priority=Priority.BATCH)
    if batch.retry_failed and audit.state == AuditState.FAILED:
        audit = audit_retry(audit=audit, actor=batch.requested_by)
    return audit, is_new


@transaction.atomic
def _cancel_next(batch_id: UUID) -> bool:
    """Cancel one more audit that only this batch wants; False if there is none."""
    batch = _locked(batch_id)
    audit = only_wanted_by(batch_id).first()
    if audit is None:
        return False
    try:
        with transaction.atomic():
            audit_cancel(audit=audit, actor=batch.requested_by)
    except Conflict:
        logger.info("audit %s ended before it could be cancelled", audit.pk)
    return True


def _locked(batch_id: UUID) -> Batch:
    batches = Batch.objects.select_related("grounder", "parser", "requested_by")
    return batches.select_for_update(of=("self",)).get(pk=batch_id)


def unstarted(batch_id: UUID) -> QuerySet[BatchItem]:
    items = BatchItem.objects.filter(batch_id=batch_id, audit__isnull=True, refusal_code="")
    return items.order_by("position")


def only_wanted_by(batch_id: UUID) -> QuerySet[Audit]:
    """Live audits that this batch started and nobody else waits for."""
    others = BatchItem.objects.filter(audit=OuterRef("pk"), batch__cancelled_at__isnull=True)
    return Audit.objects.filter(
        ~Exists(others.exclude(batch_id=batch_id)),
        Exists(BatchItem.objects.filter(audit=OuterRef("pk"), batch_id=batch_id, is_new=True)),
        state__in=LIVE_STATES,
        priority=Priority.BATCH.value,
    ).order_by("created_at", "id")


def batches_reconcile() -> int:
    """Send batches with something left to do, whose message or worker is gone, again."""
    stale = Batch.objects.filter(sent_at__lt=timezone.now() - LOST_AFTER)
    open_items = BatchItem.objects.filter(batch=OuterRef("pk"), audit__isnull=True, refusal_code="")
    alive = BatchItem.objects.filter(
        batch=OuterRef("pk"), is_new=True, audit__state__in=LIVE_STATES,
        audit__priority=Priority.BATCH.value,
    )  # fmt: skip
    pending = stale.filter(
        Q(Exists(open_items), cancelled_at__isnull=True)
        | Q(Exists(alive), cancelled_at__isnull=False)
    )
    keys = list(pending.values_list("pk", flat=True)[:100])
    for key in keys:
        _send_again(key)
    return len(keys)
