"""What a reader's next claims will most likely give, for the page to load it ahead."""

import uuid
from dataclasses import dataclass

from django.utils import timezone

from audits.models import Queue, User
from audits.services.leases import kept_for, takeable_slots

_MOST = 3
"""Others claim too: the first may be theirs, hardly the third."""
_LOOKED_AT = 4 * _MOST
"""An item that needs several reads has as many slots one after another."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """An audit that may come next, and the case it is of."""

    audit_id: uuid.UUID
    case_id: uuid.UUID


def likely_next(*, queue: Queue, reviewer: User) -> list[Ahead]:
    """The audits a claim would give now, best first: a look that takes, locks and notes nothing.

    None of a blind queue, of whose items nothing is shown before its claim; none where the order
    is a matter of chance; none while the queue is paused.
    """
    is_told = queue.mode == Queue.Mode.FLAGS_FIRST and queue.order != Queue.Order.RANDOM
    if not is_told or queue.state != Queue.State.OPEN:
        return []
    slots = takeable_slots(queue, reviewer, timezone.now())
    mine = slots.filter(assigned_to=reviewer)
    kept = kept_for(reviewer).filter(queue=queue).values("item")
    anybodys = slots.filter(assigned_to=None).exclude(item__in=kept)
    found = [*mine[:_LOOKED_AT], *anybodys[:_LOOKED_AT]]
    items = {slot.item_id: Ahead(slot.item.audit_id, slot.case_id) for slot in found}  # type: ignore[attr-defined]
    return list(items.values())[:_MOST]
