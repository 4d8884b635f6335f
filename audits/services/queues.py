"""Queues: made, changed, and fed by the audits that end. `audits.services.filling` fills them."""

import uuid
from dataclasses import asdict, dataclass, field

from django.db import IntegrityError, transaction

from audits.errors import Conflict
from audits.models import Audit, Guideline, Queue, ReviewItem, User
from audits.selectors.filters import QueueFilter, other_audits, wanted_audits
from audits.services.filling import add_items, draws
from audits.services.leases import stop_claims
from audits.services.log import record
from audits.services.tombstones import case_hold, cases_hold

OPEN_READING = "Open reading"


@dataclass(frozen=True, slots=True)
class NewQueue:
    """The rules of a queue to be made."""

    name: str
    mode: Queue.Mode = Queue.Mode.FLAGS_FIRST
    order: Queue.Order = Queue.Order.URGENT
    reads_per_item: int = 1
    lease_minutes: int = 15
    guideline: str = ""
    filter: QueueFilter = field(default_factory=QueueFilter)
    unflagged_share: float = 0.0
    informed_share: float = 1.0
    box_iou_bar: float = 0.5
    takes_done_audits: bool = False
    open_to_all: bool = True


def create_queue(*, new: NewQueue, actor: User | None) -> Queue:
    """Make a queue, empty yet. Raises :class:`~audits.errors.Conflict` ``name_taken``."""
    fields = asdict(new) | {"filter": new.filter.as_dict()}
    try:
        with transaction.atomic():
            queue = Queue.objects.create(**fields)
            data = {"reads_per_item": new.reads_per_item, "share": new.unflagged_share}
            record(actor=actor, action="queue.created", target=queue, data=data)
    except IntegrityError as error:
        if "audits_queue_name" not in str(error):
            raise
        raise Conflict("name_taken", f"There is a queue named {new.name} already.") from error
    return queue


@transaction.atomic
def change_queue(
    *,
    queue_id: uuid.UUID,
    actor: User,
    state: Queue.State | None = None,
    guideline: str | None = None,
    lease_minutes: int | None = None,
) -> Queue:
    """Open, pause or close a queue, or give it the next version of its guideline.

    Once this is committed no claim of a paused or closed queue succeeds; leases under way go on.
    A closed queue stays closed.
    """
    queue = Queue.objects.select_for_update(no_key=True).get(pk=queue_id)
    stop_claims(queue)
    if queue.state == Queue.State.CLOSED and state not in (None, Queue.State.CLOSED):
        raise Conflict("closed", "A closed queue stays closed. Make a new one.")
    changed: dict[str, object] = {}
    if state is not None and state != queue.state:
        queue.state = changed["state"] = state
    if lease_minutes is not None and lease_minutes != queue.lease_minutes:
        queue.lease_minutes = changed["lease_minutes"] = lease_minutes
    if guideline is not None and guideline != queue.guideline:
        Guideline.objects.create(queue=queue, version=queue.guideline_version, text=queue.guideline)
        queue.guideline = guideline
        queue.guideline_version += 1
        changed["guideline_version"] = queue.guideline_version
    if changed:
        queue.save()
        record(actor=actor, action="queue.changed", target=queue, data=changed)
    return queue


def enqueue_done_audit(*, audit: Audit) -> None:
    """Put a done audit into every queue that takes done audits. Doing it twice does nothing.

    One whose case was withdrawn while it was done enters none.
    """
    if not cases_hold(cases=[audit.case_id]):
        return
    for queue in Queue.objects.filter(takes_done_audits=True).exclude(state=Queue.State.CLOSED):
        wanted = QueueFilter.of(queue.filter)
        if not queue.filter or wanted_audits(wanted).filter(pk=audit.pk).exists():
            add_audit(queue=queue, audit=audit)
        elif draws(queue, audit.pk) and other_audits(wanted).filter(pk=audit.pk).exists():
            add_audit(queue=queue, audit=audit, drawn=True)


@transaction.atomic
def add_audit(*, queue: Queue, audit: Audit, drawn: bool = False) -> ReviewItem:
    """Add one audit with all its slots; the unique keys make a second call a no-op.

    :raises Conflict: ``drawn_by_chance`` in an informative queue, whose estimates a choice spoils.
    """
    if queue.order == Queue.Order.INFORMATIVE:
        raise Conflict("drawn_by_chance", "This queue draws its audits by chance: fill it.")
    case_hold(case_id=audit.case_id)
    chance = queue.unflagged_share if drawn else 1.0
    added = add_items(queue=queue, chances={audit.pk: chance}, drawn=drawn)
    item = ReviewItem.objects.get(queue=queue, audit=audit)
    if added:
        record(actor=None, action="queue.item_added", target=item, data={"queue": str(queue.id)})
    return item
