"""Filling queues: an audit becomes an item, an item the slots of the reads it needs."""

from django.db import transaction

from audits.models import Audit, Queue, ReviewItem, ReviewSlot
from audits.services.log import record
from inference.vocabulary import FlagKind

OPEN_READING = "Open reading"

# Ranks leave gaps so that a later order (model uncertainty, age) can sit between them.
_RANK_URGENT_UNREPORTED = 10
_RANK_FLAGGED = 20
_RANK_UNFLAGGED = 30


def enqueue_done_audit(*, audit: Audit) -> None:
    """Put a done audit into every queue that takes done audits. Doing it twice does nothing."""
    for queue in Queue.objects.filter(takes_done_audits=True).exclude(state=Queue.State.CLOSED):
        add_audit(queue=queue, audit=audit)


@transaction.atomic
def add_audit(*, queue: Queue, audit: Audit, sampling_weight: float = 1.0) -> ReviewItem:
    """Add one audit with all its slots; the unique keys make a second call a no-op."""
    item, created = ReviewItem.objects.get_or_create(
        queue=queue, audit=audit, defaults={"sampling_weight": sampling_weight}
    )
    if created:
        rank = _rank(audit)
        ReviewSlot.objects.bulk_create(
            ReviewSlot(item=item, number=number, queue=queue, rank=rank)
            for number in range(1, queue.reads_per_item + 1)
        )
        record(actor=None, action="queue.item_added", target=item, data={"queue": str(queue.id)})
    return item


def _rank(audit: Audit) -> int:
    flags = audit.flags.all()
    if flags.filter(kind=FlagKind.URGENT, reported=False).exists():
        return _RANK_URGENT_UNREPORTED
    return _RANK_FLAGGED if flags.exists() else _RANK_UNFLAGGED
