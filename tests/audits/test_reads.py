"""What readers say: kept once, never edited, counted only when submitted."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audits.errors import Conflict, InvalidInput, NotFound, ServiceError
from audits.models import Audit, AuditLogEntry, Decision, MissedFinding, Read, ReviewSlot, User
from audits.selectors.reads import live_decisions, live_missed_findings
from audits.services.leases import Claimed, claim_slot, reclaim_slot
from audits.services.reads import (
    Lease,
    remove_missed_finding,
    save_decision,
    save_missed_finding,
    submit_read,
    undo_decision,
)
from inference.decisions import Reason, Verdict
from inference.vocabulary import Label
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue, make_user

pytestmark = pytest.mark.django_db

TWO_FLAGS = (("MISSING", "pneumothorax"), ("UNSUPPORTED", "nodule_mass"))


@pytest.fixture
def audit() -> Audit:
    return make_audit(flags=TWO_FLAGS)


@pytest.fixture
def reader() -> User:
    return make_user("reader")


@pytest.fixture
def lease(audit: Audit, reader: User) -> Lease:
    claimed = claim_slot(queue=make_queue(audit), reviewer=reader)
    assert isinstance(claimed, Claimed)
    return lease_of(claimed, reader)


def expire(lease: Lease) -> None:
    past = timezone.now() - timedelta(seconds=1)
    ReviewSlot.objects.filter(pk=lease.slot_id).update(leased_until=past)


def take_over(lease: Lease) -> Lease:
    expire(lease)
    rival = make_user("rival")
    claimed = claim_slot(queue=ReviewSlot.objects.get(pk=lease.slot_id).queue, reviewer=rival)
    assert isinstance(claimed, Claimed)
    return lease_of(claimed, rival)


def submit_all(lease: Lease, audit: Audit) -> Read:
    for flag in audit.flags.all():
        save_decision(lease=lease, answer=answer_to(flag))
    return submit_read(lease=lease, nothing_else_missed=True)


def test_the_same_save_twice_is_one_decision(lease: Lease, audit: Audit) -> None:
    answer = answer_to(audit.flags.get(kind="MISSING"))
    first, created = save_decision(lease=lease, answer=answer)
    second, again = save_decision(lease=lease, answer=answer)
    assert (first, created, again) == (second, True, False)
    assert AuditLogEntry.objects.filter(action="decision.saved").count() == 1


def test_an_id_that_is_taken_by_another_answer_is_refused(lease: Lease, audit: Audit) -> None:
    flag = audit.flags.get(kind="MISSING")
    answer = answer_to(flag)
    save_decision(lease=lease, answer=answer)
    with pytest.raises(InvalidInput) as refused:
        save_decision(lease=lease, answer=answer_to(flag, Verdict.INDETERMINATE, id=answer.id))
    assert "id" in refused.value.fields


def test_a_change_of_mind_supersedes_and_undo_brings_the_first_back(
    lease: Lease, audit: Audit
) -> None:
    flag = audit.flags.get(kind="MISSING")
    first, _ = save_decision(lease=lease, answer=answer_to(flag))
    second, _ = save_decision(lease=lease, answer=answer_to(flag, Verdict.DISMISSED))
    assert second.supersedes == first
    assert live_decisions(read=first.read)[flag.pk] == second
    assert undo_decision(lease=lease, decision_id=second.pk) == second
    assert undo_decision(lease=lease, decision_id=second.pk) == second
    assert live_decisions(read=first.read)[flag.pk] == first
    assert Decision.objects.count() == 2


def test_undo_without_a_name_takes_back_the_newest_until_none_is_left(
    lease: Lease, audit: Audit
) -> None:
    made = [save_decision(lease=lease, answer=answer_to(flag))[0] for flag in audit.flags.all()]
    assert undo_decision(lease=lease) == made[1]
    assert undo_decision(lease=lease) == made[0]
    assert undo_decision(lease=lease) is None


def test_layers_follow_from_the_table(lease: Lease, audit: Audit) -> None:
    answer = answer_to(
        audit.flags.get(kind="UNSUPPORTED"), Verdict.DISMISSED, reason=Reason.DRAFT_MISREAD
    )
    decision, _ = save_decision(lease=lease, answer=answer)
    said = (decision.finding_true, decision.box_right, decision.draft_read_right)
    assert said == (None, None, False)


def test_an_answer_that_does_not_fit_the_flag_stores_nothing(lease: Lease, audit: Audit) -> None:
    answer = answer_to(
        audit.flags.get(kind="UNSUPPORTED"), Verdict.DISMISSED, reason=Reason.DRAFT_SAYS_IT
    )
    with pytest.raises(InvalidInput) as refused:
        save_decision(lease=lease, answer=answer)
    assert "reason" in refused.value.fields
    assert not Decision.objects.exists()


def test_a_flag_of_another_audit_is_refused(lease: Lease) -> None:
    with pytest.raises(InvalidInput) as refused:
        save_decision(lease=lease, answer=answer_to(make_audit().flags.get()))
    assert "flag" in refused.value.fields
    assert not Decision.objects.exists()


def test_a_save_after_expiry_is_kept_and_counts_after_reclaim(
    lease: Lease, audit: Audit, reader: User
) -> None:
    expire(lease)
    answer = answer_to(audit.flags.get(kind="MISSING"))
    with pytest.raises(Conflict) as refused:
        save_decision(lease=lease, answer=answer)
    assert (refused.value.code, refused.value.extra) == ("lease_expired", {"kept": True})
    back = lease_of(reclaim_slot(slot_id=lease.slot_id, reviewer=reader), reader)
    decision, created = save_decision(lease=back, answer=answer)
    assert (decision.pk, created) == (answer.id, False)


def test_a_save_after_somebody_took_the_slot_is_kept_and_never_counted(
    lease: Lease, audit: Audit
) -> None:
    rival = take_over(lease)
    answer = answer_to(audit.flags.get(kind="MISSING"))
    with pytest.raises(Conflict) as refused:
        save_decision(lease=lease, answer=answer)
    assert (refused.value.code, refused.value.extra) == ("lease_taken", {"kept": True})
    submit_all(rival, audit)
    kept = Decision.objects.get(pk=answer.id)
    assert kept.read.submitted_at is None
    assert Decision.objects.filter(read__submitted_at__isnull=False).count() == 2


def test_somebody_without_a_read_can_not_write(lease: Lease, audit: Audit) -> None:
    stolen = Lease(lease.slot_id, make_user("thief"), lease.token, lease.fence)
    with pytest.raises(NotFound):
        save_decision(lease=stolen, answer=answer_to(audit.flags.get(kind="MISSING")))
    assert not Decision.objects.exists()


def test_a_read_is_incomplete_until_every_flag_is_decided(lease: Lease, audit: Audit) -> None:
    save_decision(lease=lease, answer=answer_to(audit.flags.get(kind="MISSING")))
    with pytest.raises(ServiceError) as refused:
        submit_read(lease=lease, nothing_else_missed=True)
    assert refused.value.code == "incomplete"
    assert refused.value.fields == {"decisions": ["1 flag left to decide."]}
    assert Read.objects.get().submitted_at is None


def test_a_read_must_say_whether_anything_else_was_missed(lease: Lease, audit: Audit) -> None:
    for flag in audit.flags.all():
        save_decision(lease=lease, answer=answer_to(flag))
    with pytest.raises(ServiceError) as refused:
        submit_read(lease=lease, nothing_else_missed=False)
    assert list(refused.value.fields) == ["nothing_else_missed"]
    save_missed_finding(
        lease=lease, finding_id=uuid.uuid4(), label=Label.CARDIOMEGALY, box=(0.5, 0.3, 0.8, 0.7)
    )
    assert submit_read(lease=lease, nothing_else_missed=False).submitted_at is not None


def test_submitting_twice_is_once(lease: Lease, audit: Audit) -> None:
    first = submit_all(lease, audit)
    assert submit_read(lease=lease, nothing_else_missed=True).submitted_at == first.submitted_at
    assert AuditLogEntry.objects.filter(action="read.submitted").count() == 1


def test_nothing_can_be_said_after_submit(lease: Lease, audit: Audit) -> None:
    submit_all(lease, audit)
    with pytest.raises(Conflict) as refused:
        save_decision(lease=lease, answer=answer_to(audit.flags.get(kind="MISSING")))
    assert refused.value.code == "already_submitted"
    with pytest.raises(Conflict):
        undo_decision(lease=lease)
    with pytest.raises(Conflict):
        save_missed_finding(lease=lease, finding_id=uuid.uuid4(), label=Label.NODULE_MASS, box=None)
    assert Decision.objects.count() == 2
    assert not MissedFinding.objects.exists()


def test_a_resent_save_after_submit_answers_as_before(lease: Lease, audit: Audit) -> None:
    answers = [answer_to(flag) for flag in audit.flags.all()]
    for answer in answers:
        save_decision(lease=lease, answer=answer)
    submit_read(lease=lease, nothing_else_missed=True)
    assert save_decision(lease=lease, answer=answers[0])[1] is False


def test_a_missed_finding_is_added_once_and_can_be_taken_back(lease: Lease) -> None:
    finding_id = uuid.uuid4()
    for _ in range(2):
        missed, _ = save_missed_finding(
            lease=lease, finding_id=finding_id, label=Label.NODULE_MASS, box=(0.1, 0.1, 0.2, 0.2)
        )
    assert list(live_missed_findings(read=missed.read)) == [missed]
    for _ in range(2):
        remove_missed_finding(lease=lease, finding_id=finding_id)
    assert not live_missed_findings(read=missed.read).exists()
    with pytest.raises(NotFound):
        remove_missed_finding(lease=lease, finding_id=uuid.uuid4())


@pytest.mark.parametrize("table", ["decision", "missedfinding", "skip", "retraction"])
@pytest.mark.parametrize("statement", ["DELETE FROM audits_{}", "UPDATE audits_{} SET id = id"])
def test_the_database_refuses_to_change_what_was_said(
    lease: Lease, audit: Audit, table: str, statement: str
) -> None:
    decision, _ = save_decision(lease=lease, answer=answer_to(audit.flags.get(kind="MISSING")))
    undo_decision(lease=lease)
    save_missed_finding(lease=lease, finding_id=uuid.uuid4(), label=Label.NODULE_MASS, box=None)
    other = make_user("other")
    claimed = claim_slot(queue=make_queue(make_audit()), reviewer=other)
    assert isinstance(claimed, Claimed)
    decision.read.slot.item.skips.create(reviewer=other, reason="other")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.django_db(transaction=True)
def test_submits_at_once_make_one_submitted_read(lease: Lease, audit: Audit) -> None:
    for flag in audit.flags.all():
        save_decision(lease=lease, answer=answer_to(flag))
    start = threading.Barrier(4)
    ends = []

    def work() -> None:
        start.wait()
        ends.append(submit_read(lease=lease, nothing_else_missed=True).submitted_at)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == 4
    assert len(set(ends)) == 1
    assert AuditLogEntry.objects.filter(action="read.submitted").count() == 1
