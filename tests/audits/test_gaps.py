"""Each transition of a queue beside its rival, in both orders, the rival run in the gap.

Two reopenings, a reopening beside a submit, a ruling, a claim and a withdrawal are in
`test_reopening`; a claim beside an assigning in `test_assigning`; many at once in `test_leases`.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from audits.models import (
    Adjudication,
    AuditLogEntry,
    Decision,
    Queue,
    Read,
    Reopening,
    ReviewSlot,
    Settlement,
    Skip,
    WithdrawalReason,
)
from audits.services.leases import Claimed, Nothing, claim_slot, skip_slot
from audits.services.queues import change_queue
from audits.services.reads import Lease, save_decision, submit_read
from audits.services.reopening import reopen_read
from audits.services.withdrawals import case_withdraw
from inference.decisions import Verdict
from tests.audits.gap import in_the_gap, outcome
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue, make_user
from tests.audits.test_adjudication import adjudicator_of, decided
from tests.audits.test_reopening import settle

pytestmark = pytest.mark.django_db(transaction=True)

YES, NO = Verdict.CONFIRMED, Verdict.DISMISSED
both_orders = pytest.mark.parametrize("reverse", [False, True])


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def raced(jobs: list[Callable[[], Any]], *, reverse: bool) -> list[Any]:
    """The answers in the order of ``jobs``, whichever of them went first."""
    first, rival = in_the_gap(*(reversed(jobs) if reverse else jobs))
    return [rival, first] if reverse else [first, rival]


def held(queue: Queue, name: str = "ada") -> Lease:
    reader = make_user(name)
    claimed = claim_slot(queue=queue, reviewer=reader)
    assert isinstance(claimed, Claimed)
    return lease_of(claimed, reader)


def run_out(lease: Lease) -> None:
    past = timezone.now() - timedelta(seconds=1)
    ReviewSlot.objects.filter(pk=lease.slot_id).update(leased_until=past)


def save(lease: Lease) -> Decision:
    flag = ReviewSlot.objects.get(pk=lease.slot_id).item.audit.flags.get()
    return save_decision(lease=lease, answer=answer_to(flag))[0]


def skip(lease: Lease) -> None:
    skip_slot(
        slot_id=lease.slot_id,
        reviewer=lease.reviewer,
        token=lease.token,
        fence=lease.fence,
        reason="other",
    )


def submit(lease: Lease) -> Read:
    return submit_read(lease=lease, nothing_else_missed=True)


def logged(action: str) -> int:
    return AuditLogEntry.objects.filter(action=action).count()


@both_orders
def test_a_save_beside_the_claim_that_takes_its_expired_slot(reverse: bool) -> None:
    queue = make_queue(make_audit())
    lease, rival = held(queue), make_user("ben")
    run_out(lease)
    claimed, saved = raced(
        [lambda: claim_slot(queue=queue, reviewer=rival), lambda: save(lease)], reverse=reverse
    )
    slot = ReviewSlot.objects.get()
    if reverse:
        # The save held the slot, so the claim passed it by; nobody has it yet.
        assert (saved, claimed.reason) == ("lease_expired", "all_yours_done")
        assert slot.reviewer == lease.reviewer
    else:
        assert saved == "lease_taken" and slot.reviewer == claimed.read.reviewer == rival
    # Kept either way, in the read of the lease it was made under.
    assert Decision.objects.get().read.reviewer == lease.reviewer


@both_orders
def test_a_skip_beside_the_claim_that_takes_its_expired_slot(reverse: bool) -> None:
    queue = make_queue(make_audit())
    lease, rival = held(queue), make_user("ben")
    run_out(lease)
    claimed, skipped = raced(
        [lambda: claim_slot(queue=queue, reviewer=rival), lambda: skip(lease)], reverse=reverse
    )
    assert skipped == ("lease_expired" if reverse else "lease_taken")
    assert isinstance(claimed, Claimed) and claimed.read.reviewer == rival
    assert not Skip.objects.exists() and logged("slot.skipped") == 0


@both_orders
def test_a_skip_of_a_live_lease_beside_a_claim(reverse: bool) -> None:
    queue = make_queue(make_audit())
    lease, rival = held(queue), make_user("ben")
    claimed, _ = raced(
        [lambda: claim_slot(queue=queue, reviewer=rival), lambda: skip(lease)], reverse=reverse
    )
    assert isinstance(claimed, Nothing) and ReviewSlot.objects.get().state == "free"
    assert isinstance(claim_slot(queue=queue, reviewer=rival), Claimed)
    assert isinstance(claim_slot(queue=queue, reviewer=lease.reviewer), Nothing)


def test_a_second_submit_in_the_gap_is_the_same_read() -> None:
    lease = decided(make_queue(make_audit()), "ada", YES)
    first, second = in_the_gap(lambda: submit(lease), lambda: submit(lease))
    assert (first.pk, first.submitted_at) == (second.pk, second.submitted_at)
    assert logged("read.submitted") == 1 and Settlement.objects.count() == 1


@both_orders
def test_a_submit_beside_the_claim_that_takes_its_expired_slot(reverse: bool) -> None:
    queue = make_queue(make_audit())
    lease, rival = decided(queue, "ada", YES), make_user("ben")
    run_out(lease)
    claimed, submitted = raced(
        [lambda: claim_slot(queue=queue, reviewer=rival), lambda: submit(lease)], reverse=reverse
    )
    assert submitted == ("lease_expired" if reverse else "lease_taken")
    assert isinstance(claimed, Claimed) and claimed.read.reviewer == rival
    assert not Read.objects.filter(submitted_at__isnull=False).exists()


def test_one_persons_second_claim_in_the_gap_gets_the_same_slot() -> None:
    queue, reader = make_queue(make_audit(), make_audit()), make_user("ada")
    first, second = in_the_gap(
        lambda: claim_slot(queue=queue, reviewer=reader),
        lambda: claim_slot(queue=queue, reviewer=reader),
    )
    assert first.slot.pk == second.slot.pk and first.slot.fence == second.slot.fence
    assert ReviewSlot.objects.filter(state="leased").count() == 1


def test_another_persons_claim_in_the_gap_gets_the_next_slot_without_waiting() -> None:
    queue = make_queue(make_audit(), make_audit())
    ada, ben = make_user("ada"), make_user("ben")
    first, second = in_the_gap(
        lambda: claim_slot(queue=queue, reviewer=ada),
        lambda: claim_slot(queue=queue, reviewer=ben),
    )
    assert first.slot.pk != second.slot.pk


@both_orders
def test_a_submit_sent_again_beside_the_ruling_changes_nothing(reverse: bool) -> None:
    queue = make_queue(make_audit(), reads_per_item=2)
    leases = [decided(queue, "ada", YES), decided(queue, "ben", NO)]
    reads = [submit(lease) for lease in leases]
    judge, opened = adjudicator_of(queue), Adjudication.objects.get()
    settled, again = raced(
        [lambda: settle(opened, judge), lambda: submit(leases[0])], reverse=reverse
    )
    assert settled.state == "settled" and again.pk == reads[0].pk
    assert (logged("read.submitted"), logged("adjudication.settled")) == (2, 1)
    assert Settlement.objects.get().rule == "adjudicated"


@both_orders
def test_a_decision_beside_the_ruling_is_refused(reverse: bool) -> None:
    queue = make_queue(make_audit(), reads_per_item=2)
    leases = [decided(queue, "ada", YES), decided(queue, "ben", NO)]
    for lease in leases:
        submit(lease)
    judge, opened = adjudicator_of(queue), Adjudication.objects.get()
    settled, saved = raced(
        [lambda: settle(opened, judge), lambda: save(leases[0])], reverse=reverse
    )
    assert saved == "already_submitted" and settled.state == "settled"
    assert Decision.objects.count() == 2


@both_orders
@pytest.mark.parametrize("state", ["paused", "closed"])
def test_a_pause_beside_a_claim(state: str, reverse: bool) -> None:
    queue, reader, curator = make_queue(make_audit()), make_user("ada"), make_user("carl")
    _, claimed = raced(
        [
            lambda: change_queue(queue_id=queue.pk, actor=curator, state=Queue.State(state)),
            lambda: claim_slot(queue=queue, reviewer=reader),
        ],
        reverse=reverse,
    )
    # A claim before the pause stands and may be ended; after it there is none.
    assert isinstance(claimed, Claimed if reverse else Nothing)
    assert Queue.objects.get(pk=queue.pk).state == state
    if reverse:
        save(lease_of(claimed, reader))
        submit(lease_of(claimed, reader))


@both_orders
def test_a_reopening_beside_the_closing_of_its_queue(reverse: bool) -> None:
    queue, curator = make_queue(make_audit()), make_user("carl")
    read, judge = submit(decided(queue, "ada", YES)), adjudicator_of(queue)
    _, reopened = raced(
        [
            lambda: change_queue(queue_id=queue.pk, actor=curator, state=Queue.State.CLOSED),
            lambda: reopen_read(
                read_id=read.pk, adjudicator=judge, reopening_id=uuid.uuid4(), reason="Again."
            ),
        ],
        reverse=reverse,
    )
    assert isinstance(reopened, Reopening) if reverse else reopened == "closed"


@both_orders
def test_a_withdrawal_beside_the_claim_of_its_slot(reverse: bool) -> None:
    audit = make_audit()
    queue, reader = make_queue(audit), make_user("ada")
    _, claimed = raced(
        [lambda: withdraw(audit.case_id), lambda: claim_slot(queue=queue, reviewer=reader)],
        reverse=reverse,
    )
    assert isinstance(claimed, Claimed if reverse else Nothing)
    slot = ReviewSlot.objects.get()
    assert (slot.state, slot.reviewer) == ("closed", None)
    if reverse:
        assert outcome(lambda: save(lease_of(claimed, reader))) == "withdrawn"


def withdraw(case_id: uuid.UUID) -> object:
    return case_withdraw(case_id=case_id, reason=WithdrawalReason.OTHER, actor=None)
