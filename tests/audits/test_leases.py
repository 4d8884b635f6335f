"""Claims under rivalry: one holder a slot, one slot a person and item, nothing lost on expiry."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from audits.errors import Conflict, NotFound
from audits.models import AuditLogEntry, Queue, Read, ReviewItem, ReviewSlot, Skip, User
from audits.services.leases import (
    Claimed,
    Nothing,
    claim_slot,
    extend_lease,
    reclaim_slot,
    release_slot,
    skip_slot,
)
from audits.services.queues import OPEN_READING, add_audit, enqueue_done_audit
from tests.audits.reviewing import lease_of, make_audit, make_queue, make_user

pytestmark = pytest.mark.django_db


def expire(slot: ReviewSlot) -> None:
    past = timezone.now() - timedelta(seconds=1)
    ReviewSlot.objects.filter(pk=slot.pk).update(leased_until=past)


def claim(queue: Queue, reviewer: User, **more: Any) -> Claimed:
    claimed = claim_slot(queue=queue, reviewer=reviewer, **more)
    assert isinstance(claimed, Claimed)
    return claimed


def test_adding_an_audit_twice_makes_its_slots_once() -> None:
    queue = make_queue(reads_per_item=3)
    audit = make_audit()
    assert add_audit(queue=queue, audit=audit) == add_audit(queue=queue, audit=audit)
    assert ReviewSlot.objects.filter(queue=queue).count() == 3


def test_a_done_audit_enters_the_open_queue_and_no_other() -> None:
    other = make_queue()
    taking, _ = Queue.objects.update_or_create(
        name=OPEN_READING, defaults={"takes_done_audits": True}
    )
    enqueue_done_audit(audit=make_audit())
    assert ReviewItem.objects.get().queue == taking
    assert not other.items.exists()


def test_urgent_unreported_is_claimed_before_flagged_before_unflagged() -> None:
    calm = make_audit(flags=())
    flagged = make_audit()
    urgent = make_audit(flags=(("URGENT", "pneumothorax"),))
    queue = make_queue(calm, flagged, urgent)
    reader = make_user("reader")
    order = []
    for _ in range(3):
        claimed = claim(queue, reader)
        order.append(claimed.slot.item.audit_id)
        skip_slot(
            slot_id=claimed.slot.pk,
            reviewer=reader,
            token=claimed.slot.lease_token,
            fence=claimed.slot.fence,
            reason="other",
        )
    assert order == [urgent.pk, flagged.pk, calm.pk]


def test_claiming_again_gives_the_same_lease() -> None:
    queue = make_queue(make_audit(), make_audit())
    reader = make_user("reader")
    first, second = claim(queue, reader), claim(queue, reader)
    assert (first.slot.pk, first.slot.fence, first.slot.lease_token) == (
        second.slot.pk,
        second.slot.fence,
        second.slot.lease_token,
    )
    assert Read.objects.count() == 1


def test_one_person_never_gets_two_slots_of_an_item() -> None:
    queue = make_queue(make_audit(), reads_per_item=2)
    reader = make_user("reader")
    claimed = claim(queue, reader)
    release_slot(
        slot_id=claimed.slot.pk,
        reviewer=reader,
        token=claimed.slot.lease_token,
        fence=claimed.slot.fence,
    )
    again = claim(queue, reader)
    assert ReviewSlot.objects.filter(reviewer=reader).count() == 1
    assert again.slot.fence == claimed.slot.fence + (again.slot.pk == claimed.slot.pk)


def test_an_expired_slot_goes_to_the_next_person_with_a_higher_fence() -> None:
    queue = make_queue(make_audit())
    first, second = make_user("first"), make_user("second")
    lost = claim(queue, first)
    expire(lost.slot)
    taken = claim(queue, second)
    assert taken.slot.pk == lost.slot.pk
    assert taken.slot.fence == lost.slot.fence + 1
    with pytest.raises(Conflict) as refused:
        extend_lease(
            slot_id=lost.slot.pk,
            reviewer=first,
            token=lost.slot.lease_token,
            fence=lost.slot.fence,
        )
    assert refused.value.code == "lease_taken"
    with pytest.raises(Conflict) as refused:
        reclaim_slot(slot_id=lost.slot.pk, reviewer=first)
    assert refused.value.code == "lease_taken"


def test_an_expired_lease_nobody_took_can_be_reclaimed_with_its_read() -> None:
    queue = make_queue(make_audit())
    reader = make_user("reader")
    lost = claim(queue, reader)
    expire(lost.slot)
    with pytest.raises(Conflict) as refused:
        extend_lease(
            slot_id=lost.slot.pk,
            reviewer=reader,
            token=lost.slot.lease_token,
            fence=lost.slot.fence,
        )
    assert refused.value.code == "lease_expired"
    back = reclaim_slot(slot_id=lost.slot.pk, reviewer=reader)
    assert (back.read, back.slot.fence) == (lost.read, lost.slot.fence)
    assert back.slot.leased_until is not None
    assert back.slot.leased_until > timezone.now()


def test_a_stranger_can_not_reclaim() -> None:
    queue = make_queue(make_audit())
    slot = claim(queue, make_user("reader")).slot
    with pytest.raises(NotFound):
        reclaim_slot(slot_id=slot.pk, reviewer=make_user("stranger"))
    with pytest.raises(NotFound):
        reclaim_slot(slot_id=uuid.uuid4(), reviewer=make_user("nobody"))


def test_a_token_of_another_window_is_refused() -> None:
    queue = make_queue(make_audit())
    reader = make_user("reader")
    slot = claim(queue, reader).slot
    with pytest.raises(Conflict) as refused:
        extend_lease(slot_id=slot.pk, reviewer=reader, token=uuid.uuid4(), fence=slot.fence)
    assert refused.value.code == "lease_taken"


def test_a_skip_keeps_its_reason_and_bars_the_person() -> None:
    queue = make_queue(make_audit())
    reader = make_user("reader")
    lease = lease_of(claim(queue, reader), reader)
    skip_slot(
        slot_id=lease.slot_id,
        reviewer=reader,
        token=lease.token,
        fence=lease.fence,
        reason="image_quality",
    )
    assert Skip.objects.get().reason == "image_quality"
    assert claim_slot(queue=queue, reviewer=reader) == Nothing("all_yours_done")
    assert claim(queue, make_user("other")).slot.fence == 2


def test_nothing_to_claim_says_why() -> None:
    queue = make_queue()
    reader, other = make_user("reader"), make_user("other")
    assert claim_slot(queue=queue, reviewer=reader) == Nothing("empty")
    add_audit(queue=queue, audit=make_audit())
    held = claim(queue, other)
    assert claim_slot(queue=queue, reviewer=reader) == Nothing("all_leased", held.slot.leased_until)
    Queue.objects.filter(pk=queue.pk).update(state=Queue.State.PAUSED)
    queue.refresh_from_db()
    assert claim_slot(queue=queue, reviewer=reader) == Nothing("paused")


def test_a_claim_for_an_audit_that_is_taken_is_refused_by_name() -> None:
    audit = make_audit()
    queue = make_queue(audit, make_audit())
    claim(queue, make_user("other"), audit_id=audit.pk)
    with pytest.raises(Conflict) as refused:
        claim_slot(queue=queue, reviewer=make_user("reader"), audit_id=audit.pk)
    assert refused.value.code == "not_available"


def test_every_claim_is_in_the_log() -> None:
    queue = make_queue(make_audit())
    slot = claim(queue, make_user("reader")).slot
    entry = AuditLogEntry.objects.get(action="slot.claimed")
    assert (entry.object_id, entry.data) == (slot.pk, {"fence": 1})


def _in_threads(work: Callable[[int], None], count: int) -> None:
    """Run ``work`` in ``count`` threads that start together; an error in one fails the test."""
    start, errors = threading.Barrier(count), []

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_readers_claiming_at_once_share_every_slot_exactly_once() -> None:
    queue = make_queue(*(make_audit() for _ in range(10)), reads_per_item=2)
    readers = [make_user(f"reader {number}") for number in range(8)]

    def work(number: int) -> None:
        while True:
            claimed = claim_slot(queue=queue, reviewer=readers[number])
            if isinstance(claimed, Nothing):
                return
            ReviewSlot.objects.filter(pk=claimed.slot.pk).update(
                state="submitted", lease_token=None, leased_until=None
            )

    _in_threads(work, len(readers))
    slots = ReviewSlot.objects.filter(queue=queue)
    assert slots.filter(state="submitted").count() == 20
    assert set(slots.values_list("fence", flat=True)) == {1}
    pairs = Counter(slots.values_list("item", "reviewer"))
    assert max(pairs.values()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_leases_one_slot() -> None:
    queue = make_queue(*(make_audit() for _ in range(6)))
    reader = make_user("reader")
    _in_threads(lambda _: claim(queue, reader) and None, 6)
    assert ReviewSlot.objects.filter(reviewer=reader).count() == 1


@pytest.mark.django_db(transaction=True)
def test_rivals_for_an_expired_slot_leave_one_holder() -> None:
    queue = make_queue(make_audit())
    lost = claim(queue, make_user("lost"))
    expire(lost.slot)
    rivals = [make_user(f"rival {number}") for number in range(6)]
    won: list[Claimed] = []

    def work(number: int) -> None:
        claimed = claim_slot(queue=queue, reviewer=rivals[number])
        if isinstance(claimed, Claimed):
            won.append(claimed)

    _in_threads(work, len(rivals))
    assert len(won) == 1
    slot = ReviewSlot.objects.get()
    assert (slot.reviewer, slot.fence) == (won[0].read.reviewer, 2)
