"""Filling queues: an audit becomes an item, an item the slots of the reads it needs.

Filling is done in batches, each one transaction; a filling that died is simply done again, since
what is there stays as it is.
"""

import hashlib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from audits.errors import Conflict
from audits.models import Audit, Flag, Queue, ReviewItem, ReviewSlot, User
from audits.selectors.filters import QueueFilter, other_audits, wanted_audits
from audits.services.assigning import assign_in_turn
from audits.services.drawing import draw_from
from audits.services.leases import RANKS
from audits.services.log import record
from audits.services.tombstones import cases_hold

BATCH = 500
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)

# Ranks of the urgent order leave gaps for what may come between.
_URGENT_UNREPORTED, _FLAGGED, _UNFLAGGED = 10, 20, 30


@dataclass(slots=True)
class Filled:
    """What a filling found: audits that match, drawn from the others, added, there before; and
    how many slots of those added were assigned."""

    matched: int = 0
    drawn: int = 0
    added: int = 0
    already: int = 0
    assigned: int = 0


@dataclass(frozen=True, slots=True)
class _Filling:
    queue: Queue
    actor: User
    assign_to: Sequence[User]
    found: Filled


def fill_queue(*, queue: Queue, actor: User, assign_to: Sequence[User] = ()) -> Filled:
    """Add what the queue's filter takes now and is not in it, and the draw from the rest.

    Whether an audit is drawn depends on the queue's seed and the audit alone: filling again draws
    no second time (an ``informative`` queue: `audits.services.drawing`). The slots of what is added
    go to ``assign_to`` in turn, one a person and item; a slot that its person may not read,
    having seen the case, stays anybody's. Raises :class:`~audits.errors.Conflict` ``closed``.
    """
    _require_not_closed(queue)
    filling = _Filling(queue, actor, assign_to, Filled())
    if queue.order == Queue.Order.INFORMATIVE:
        _fill_by_interest(filling)
    else:
        _fill_by_filter(filling)
    return filling.found


def _fill_by_filter(filling: _Filling) -> None:
    queue, filled = filling.queue, filling.found
    wanted = QueueFilter.of(queue.filter)
    for batch in _batches(wanted_audits(wanted)):
        filled.matched += len(batch)
        _add_batch(filling, dict.fromkeys(batch, 1.0), drawn=False)
    if queue.unflagged_share > 0:
        for batch in _batches(other_audits(wanted)):
            drawn = [audit for audit in batch if draws(queue, audit)]
            filled.drawn += len(drawn)
            _add_batch(filling, dict.fromkeys(drawn, queue.unflagged_share), drawn=True)


def _fill_by_interest(filling: _Filling) -> None:
    for chances in draw_from(filling.queue):
        drawn = {
            audit: chance
            for audit, chance in chances.items()
            if chance_of(filling.queue, "draw", audit) < chance * RANKS
        }
        filling.found.matched += len(chances)
        filling.found.drawn += len(drawn)
        _add_batch(filling, drawn, drawn=True)


def draws(queue: Queue, audit_id: uuid.UUID) -> bool:
    """Whether chance takes this audit: with probability ``unflagged_share``, always the same."""
    return chance_of(queue, "draw", audit_id) < queue.unflagged_share * RANKS


def _require_not_closed(queue: Queue) -> None:
    if queue.state == Queue.State.CLOSED:
        raise Conflict("closed", "A closed queue takes no more audits. Make a new one.")


def _batches(audits: QuerySet[Audit]) -> Iterator[list[uuid.UUID]]:
    last = uuid.UUID(int=0)
    while batch := list(
        audits.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield batch
        last = batch[-1]


@transaction.atomic
def _add_batch(filling: _Filling, chances: Mapping[uuid.UUID, float], *, drawn: bool) -> None:
    # Two fillings take turns, and none goes on in a queue that was closed meanwhile.
    locked = Queue.objects.select_for_update(no_key=True).get(pk=filling.queue.pk)
    _require_not_closed(locked)
    found = filling.found
    added = add_items(queue=locked, chances=chances, drawn=drawn)
    assigned = assign_in_turn(
        queue=locked, readers=filling.assign_to, audits=added, before=found.added
    )
    found.added += len(added)
    found.already += len(chances) - len(added)
    found.assigned += assigned
    if added:
        data = {"added": len(added), "drawn": drawn, "assigned": assigned}
        record(actor=filling.actor, action="queue.filled", target=locked, data=data)


def add_items(
    *, queue: Queue, chances: Mapping[uuid.UUID, float], drawn: bool = False
) -> list[uuid.UUID]:
    """Items and slots of these audits, where they are not there yet; the audits that were new.

    ``chances`` are those with which each was drawn, 1 where none was. Whoever adds the same audit
    meanwhile wins here or there: its item and slots are made once.
    """
    known = set(
        ReviewItem.objects.filter(queue=queue, audit__in=chances).values_list("audit", flat=True)
    )
    facts = {row["pk"]: row for row in _facts(list(chances)) if row["pk"] not in known}
    standing = cases_hold(cases={row["case_id"] for row in facts.values()})
    facts = {pk: row for pk, row in facts.items() if row["case_id"] in standing}
    # One that was drawn stands for all it was drawn from.
    mine = [
        ReviewItem(queue=queue, audit_id=audit, drawn=drawn, sampling_weight=1 / chances[audit])
        for audit in sorted(facts)
    ]
    ReviewItem.objects.bulk_create(mine, ignore_conflicts=True)
    items = list(ReviewItem.objects.filter(queue=queue, audit__in=facts).order_by("audit"))
    ReviewSlot.objects.bulk_create(
        (slot for item in items for slot in _slots(queue, item, facts[item.audit_id])),
        ignore_conflicts=True,
    )
    made = {item.pk for item in mine}
    return [item.audit_id for item in items if item.pk in made]


def _facts(audits: Sequence[uuid.UUID]) -> Iterator[dict[str, Any]]:
    """What the orders go by."""
    flags = Flag.objects.filter(audit=OuterRef("pk"))
    rows = (
        Audit.objects.filter(pk__in=audits)
        .annotate(
            flagged=Exists(flags),
            unreported=Exists(flags.filter(kind="URGENT", reported=False)),
        )
        .values("pk", "case_id", "scores", "created_at", "flagged", "unreported")
    )
    for row in rows:
        yield dict(row)


def _slots(queue: Queue, item: ReviewItem, facts: dict[str, Any]) -> Iterator[ReviewSlot]:
    rank = _rank(queue, item, facts)
    for number in range(1, queue.reads_per_item + 1):
        yield ReviewSlot(item=item, number=number, queue=queue, rank=rank)


def _rank(queue: Queue, item: ReviewItem, facts: dict[str, Any]) -> int:
    """The place in the queue's order; lower is read first."""
    if queue.order == Queue.Order.INFORMATIVE:
        # Below RANKS: it was drawn because its number is below its chance.
        return min(RANKS - 1, int(chance_of(queue, "draw", facts["pk"]) * item.sampling_weight))
    if queue.order == Queue.Order.RANDOM:
        return chance_of(queue, "rank", facts["pk"])
    if queue.order == Queue.Order.OLDEST:
        return int((facts["created_at"] - _EPOCH).total_seconds() // 60)
    if queue.order == Queue.Order.UNCERTAIN:
        # The nearest any label comes to a coin's toss, in thousandths.
        scores = [score for score in facts["scores"].values() if score is not None]
        return min((round(abs(2 * score - 1) * 1000) for score in scores), default=1000)
    if facts["unreported"]:
        return _URGENT_UNREPORTED
    return _FLAGGED if facts["flagged"] else _UNFLAGGED


def chance_of(queue: Queue, what: str, audit_id: uuid.UUID) -> int:
    """A number in 0..2^31-1 that the queue's seed and the audit decide."""
    digest = hashlib.sha256(f"{queue.seed}:{what}:{audit_id}".encode()).digest()
    return int.from_bytes(digest[:4]) % RANKS
