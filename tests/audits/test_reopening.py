"""A submitted read is reopened by an adjudicator: kept as it was, counted no more, read again."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from audits.errors import Conflict
from audits.models import (
    Adjudication,
    Audit,
    AuditLogEntry,
    Decision,
    Queue,
    QueueMembership,
    Read,
    Reopening,
    ReviewSlot,
    Settlement,
    User,
    WithdrawalReason,
)
from audits.selectors.agreement import queue_agreement
from audits.services.adjudication import Chair, FlagRuling, claim_adjudication, settle_adjudication
from audits.services.leases import Claimed, Nothing, claim_slot, skip_slot
from audits.services.reads import Lease, save_decision, submit_read
from audits.services.releases.build import build_release, publish_release, request_release
from audits.services.reopening import reopen_read
from audits.services.withdrawals import case_withdraw
from inference.decisions import Reason, Verdict
from tests.audits.conftest import client_of
from tests.audits.gap import in_the_gap
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue, make_user
from tests.audits.test_adjudication import adjudicator_of, decided
from tests.audits.test_blind import EFFUSION, blind_queue, read_blind
from tests.audits.test_releases import rows

pytestmark = pytest.mark.django_db

URL = "/api/v1/reads"
YES, NO = Verdict.CONFIRMED, Verdict.DISMISSED
WHY = "The lead covers the sulcus; look again."


def submit(lease: Lease) -> Read:
    return submit_read(lease=lease, nothing_else_missed=True)


def read_as(queue: Queue, name: str, verdict: Verdict) -> Read:
    return submit(decided(queue, name, verdict))


def again(queue: Queue, reader: User, verdict: Verdict, **said: Any) -> Read:
    """The reader claims, answers and submits once more."""
    claimed = claim_slot(queue=queue, reviewer=reader)
    assert isinstance(claimed, Claimed)
    for flag in claimed.slot.item.audit.flags.all():
        save_decision(lease=lease_of(claimed, reader), answer=answer_to(flag, verdict, **said))
    return submit(lease_of(claimed, reader))


def reopen(read: Read, judge: User, reopening: uuid.UUID | None = None) -> Reopening:
    return reopen_read(
        read_id=read.pk,
        adjudicator=judge,
        reopening_id=reopening or uuid.uuid4(),
        reason=WHY,
    )


def body(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "reason": WHY, **more}


def standing_verdicts() -> list[str]:
    return list(Settlement.objects.filter(reopened_at=None).values_list("verdict", flat=True))


class TestThroughTheApi:
    def test_a_read_is_listed_looked_at_and_reopened_once(self) -> None:
        queue = make_queue(make_audit())
        read = read_as(queue, "one", YES)
        judge = client_of(adjudicator_of(queue))
        (listed,) = judge.get(URL, {"queue": str(queue.pk)}).json()["results"]
        assert (listed["id"], listed["reopened"]) == (str(read.pk), None)
        shown = judge.get(f"{URL}/{read.pk}").json()
        assert shown["decisions"][0]["verdict"] == "confirmed"
        assert str(read.reviewer_id) not in str(shown)
        sent = body()
        for _ in range(2):
            answer = judge.post(f"{URL}/{read.pk}/reopen", sent, format="json")
            assert answer.status_code == 200 and answer.json()["reopened"]["reason"] == WHY
        other = judge.post(f"{URL}/{read.pk}/reopen", body(), format="json")
        assert other.json()["error"]["code"] == "already_reopened"
        entry = AuditLogEntry.objects.get(action="read.reopened")
        assert entry.object_id == read.pk and WHY not in str(entry.data)
        assert judge.get(URL, {"reopened": "false"}).json()["results"] == []

    def test_the_reader_gets_it_back_with_the_reason_and_what_they_said(self) -> None:
        queue = make_queue(make_audit())
        read = read_as(queue, "one", YES)
        judge, reader = client_of(adjudicator_of(queue)), client_of(read.reviewer)
        judge.post(f"{URL}/{read.pk}/reopen", body(), format="json")
        slot = reader.post(f"/api/v1/queues/{queue.pk}/claim", {}, format="json").json()["slot"]
        assert slot["fence"] == 2 and slot["read"]["decisions"] == []
        (earlier,) = slot["earlier"]
        assert earlier["reopened"]["reason"] == WHY
        assert earlier["decisions"][0]["verdict"] == "confirmed"
        again(queue, read.reviewer, NO)
        (first, second) = judge.get(f"{URL}/{read.pk}").json()["history"]
        assert first["reopened"]["reason"] == WHY and second["reopened"] is None

    def test_it_needs_a_reason_and_an_id(self) -> None:
        queue = make_queue(make_audit())
        read = read_as(queue, "one", YES)
        judge = client_of(adjudicator_of(queue))
        for missing, field in ((body(reason=" "), "reason"), ({"reason": WHY}, "id")):
            answer = judge.post(f"{URL}/{read.pk}/reopen", missing, format="json")
            assert answer.status_code == 400 and field in answer.json()["error"]["fields"]
        assert not Reopening.objects.exists()

    def test_only_the_queues_adjudicators_who_did_not_read_the_case(self) -> None:
        queue = make_queue(make_audit(), reads_per_item=2)
        read, other = read_as(queue, "one", YES), read_as(queue, "two", YES)
        member = QueueMembership.Role.ADJUDICATOR
        QueueMembership.objects.create(queue=queue, user=other.reviewer, role=member)
        refused = [
            read.reviewer,
            other.reviewer,
            adjudicator_of(make_queue(), "elsewhere"),
            make_user("curator", is_curator=True),
            make_user("root", is_staff=True),
        ]
        for user in refused:
            client = client_of(user)
            assert client.get(URL).json()["results"] == []
            assert client.get(f"{URL}/{read.pk}").status_code == 404
            answer = client.post(f"{URL}/{read.pk}/reopen", body(), format="json")
            assert answer.status_code == 404
        assert not Reopening.objects.exists() and len(standing_verdicts()) == 1

    def test_a_read_under_way_is_nobodys_to_reopen(self) -> None:
        queue = make_queue(make_audit())
        lease = decided(queue, "one", YES)
        judge = client_of(adjudicator_of(queue))
        begun = Read.objects.get(slot=lease.slot_id)
        assert judge.get(URL).json()["results"] == []
        assert judge.post(f"{URL}/{begun.pk}/reopen", body(), format="json").status_code == 404

    def test_the_list_costs_the_same_whatever_its_length(
        self, django_assert_max_num_queries: Any
    ) -> None:
        queue = make_queue(*(make_audit() for _ in range(3)))
        judge, reader = adjudicator_of(queue), make_user("one")
        for _ in range(3):
            reopen(again(queue, reader, YES), judge)
        client = client_of(judge)
        with django_assert_max_num_queries(6):
            assert len(client.get(URL).json()["results"]) == 3


class TestWhatHolds:
    def test_what_was_submitted_stays_and_counts_no_more(self) -> None:
        queue = make_queue(make_audit())
        read = read_as(queue, "one", YES)
        before = list(Decision.objects.values())
        reopen(read, adjudicator_of(queue))
        assert list(Decision.objects.values()) == before
        assert Read.objects.get(pk=read.pk).submitted_at == read.submitted_at
        report = queue_agreement(queue=queue)
        assert report["reads"] == 0 and report["precision"] == []
        again(queue, read.reviewer, NO, reason=Reason.NOT_ON_IMAGE)
        assert standing_verdicts() == ["dismissed"]
        assert Settlement.objects.count() == 2
        (whole, *_) = queue_agreement(queue=queue)["precision"]
        assert (whole["n"], whole["value"]) == (1, 0.0)

    def test_agreement_is_between_the_reads_that_stand(self) -> None:
        queue = make_queue(make_audit(), reads_per_item=2)
        read_as(queue, "one", YES)
        second = read_as(queue, "two", NO)
        opened = Adjudication.objects.get()
        assert queue_agreement(queue=queue)["rows"][0]["percent"]["value"] == 0.0
        reopen(second, adjudicator_of(queue))
        opened.refresh_from_db()
        assert opened.state == "reopened" and queue_agreement(queue=queue)["rows"] == []
        again(queue, second.reviewer, YES)
        assert queue_agreement(queue=queue)["rows"][0]["percent"]["value"] == 1.0
        assert standing_verdicts() == ["confirmed"] and Adjudication.objects.count() == 1

    def test_reads_that_differ_again_open_another_adjudication(self) -> None:
        queue = make_queue(make_audit(), reads_per_item=2)
        read_as(queue, "one", YES)
        second = read_as(queue, "two", NO)
        reopen(second, adjudicator_of(queue))
        again(queue, second.reviewer, NO)
        assert sorted(Adjudication.objects.values_list("state", flat=True)) == ["open", "reopened"]

    def test_what_an_adjudicator_ruled_on_stands(self) -> None:
        queue = make_queue(make_audit(), reads_per_item=2)
        read, _ = read_as(queue, "one", YES), read_as(queue, "two", NO)
        judge = adjudicator_of(queue)
        settle(Adjudication.objects.get(), judge)
        with pytest.raises(Conflict) as refused:
            reopen(read, judge)
        assert refused.value.code == "already_settled" and not Reopening.objects.exists()

    def test_a_closed_queue_reopens_nothing(self) -> None:
        queue = make_queue(make_audit())
        read = read_as(queue, "one", YES)
        Queue.objects.filter(pk=queue.pk).update(state="closed")
        with pytest.raises(Conflict) as refused:
            reopen(read, adjudicator_of(queue))
        assert refused.value.code == "closed" and standing_verdicts() == ["confirmed"]

    def test_the_slot_is_the_readers_until_they_skip_it(self) -> None:
        queue = make_queue(make_audit())
        read = read_as(queue, "one", YES)
        reopen(read, adjudicator_of(queue))
        other = make_user("two")
        assert claim_slot(queue=queue, reviewer=other) == Nothing("all_yours_done")
        claimed = claim_slot(queue=queue, reviewer=read.reviewer)
        assert isinstance(claimed, Claimed)
        lease = lease_of(claimed, read.reviewer)
        skip_slot(
            slot_id=lease.slot_id,
            reviewer=lease.reviewer,
            token=lease.token,
            fence=lease.fence,
            reason="conflict_of_interest",
        )
        assert isinstance(claim_slot(queue=queue, reviewer=other), Claimed)

    def test_whose_account_is_closed_gets_nothing_back(self) -> None:
        queue = make_queue(make_audit())
        read = read_as(queue, "one", YES)
        User.objects.filter(pk=read.reviewer_id).update(is_active=False)
        reopen(read, adjudicator_of(queue))
        assert isinstance(claim_slot(queue=queue, reviewer=make_user("two")), Claimed)

    def test_a_blind_reader_goes_on_at_the_flags(self) -> None:
        audit = make_audit(flags=(("MISSING", EFFUSION),))
        queue, reader = blind_queue(audit), make_user("one")
        read_blind(reader, queue, audit, {EFFUSION: "present"})
        read = Read.objects.get()
        reopen(read, adjudicator_of(queue))
        claimed = client_of(reader).post(f"/api/v1/queues/{queue.pk}/claim", {}, format="json")
        slot = claimed.json()["slot"]
        assert slot["step"] == "flags" and len(slot["commits"]) == 2

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE audits_reopening SET reason = 'other'",
            "DELETE FROM audits_reopening",
            "UPDATE audits_read SET reopened_at = NULL WHERE reopened_at IS NOT NULL",
            "UPDATE audits_read SET nothing_else_missed = NOT nothing_else_missed",
            "UPDATE audits_settlement SET reopened_at = NULL WHERE reopened_at IS NOT NULL",
            "UPDATE audits_settlement SET verdict = 'dismissed', reopened_at = now()",
        ],
    )
    def test_the_record_is_never_edited(self, change: str) -> None:
        queue = make_queue(make_audit())
        read = read_as(queue, "one", YES)
        reopen(read, adjudicator_of(queue))
        again(queue, read.reviewer, YES)
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            transaction.get_connection().cursor() as cursor,
        ):
            cursor.execute(change)


def settle(opened: Adjudication, judge: User) -> Adjudication:
    held = claim_adjudication(adjudication_id=opened.pk, adjudicator=judge)
    assert held.lease_token is not None
    chair = Chair(held.pk, judge, held.lease_token, held.fence)
    flag = uuid.UUID(held.differs[0]["flag"])
    ruling = FlagRuling(id=uuid.uuid4(), flag_id=flag, verdict=YES)
    return settle_adjudication(chair=chair, reason="Seen.", flags=[ruling], labels=[])


@pytest.mark.django_db(transaction=True)
class TestReleases:
    @pytest.fixture(autouse=True)
    def _media(self, settings: Settings, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path / "media"

    def test_a_release_holds_the_reads_that_stand_when_it_is_made(self) -> None:
        queue = make_queue(make_audit())
        read = read_as(queue, "one", YES)
        judge = adjudicator_of(queue)
        ready = request_release(actor=judge)
        build_release(release_id=ready.pk)
        reopen(read, judge)
        with pytest.raises(Conflict) as refused:
            publish_release(release_id=ready.pk, actor=judge)
        assert refused.value.code == "terms_changed"
        second = again(queue, read.reviewer, NO)
        later = request_release(actor=judge)
        build_release(release_id=later.pk)
        later.refresh_from_db()
        assert [row["verdict"] for row in rows(later, "decisions")] == ["dismissed"]
        assert [row["verdict"] for row in rows(later, "settlements")] == ["dismissed"]
        assert [member.read_id for member in later.reads.all()] == [second.pk]


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def two(self) -> tuple[Queue, Read, Lease, User]:
        """One of two reads is in, the other is decided and not submitted."""
        queue = make_queue(make_audit(), reads_per_item=2)
        lease = decided(queue, "two", NO)
        return queue, read_as(queue, "one", YES), lease, adjudicator_of(queue)

    def test_two_reopenings_are_one(self) -> None:
        queue = make_queue(make_audit())
        read = read_as(queue, "one", YES)
        judges = [adjudicator_of(queue, name) for name in ("j1", "j2")]
        first, rival = in_the_gap(lambda: reopen(read, judges[0]), lambda: reopen(read, judges[1]))
        assert isinstance(first, Reopening) and rival == "already_reopened"
        assert AuditLogEntry.objects.filter(action="read.reopened").count() == 1

    def test_the_same_reopening_sent_twice_is_one(self) -> None:
        queue = make_queue(make_audit())
        read, judge, same = read_as(queue, "one", YES), adjudicator_of(queue), uuid.uuid4()
        first, rival = in_the_gap(
            lambda: reopen(read, judge, same), lambda: reopen(read, judge, same)
        )
        assert first == rival and Reopening.objects.count() == 1

    def test_a_submit_in_the_gap_settles_nothing(self) -> None:
        _, read, lease, judge = self.two()
        first, rival = in_the_gap(lambda: reopen(read, judge), lambda: submit(lease))
        assert isinstance(first, Reopening) and isinstance(rival, Read)
        assert not Settlement.objects.exists() and not Adjudication.objects.exists()

    def test_in_the_gap_of_a_submit_it_ends_what_that_opened(self) -> None:
        queue, read, lease, judge = self.two()
        in_the_gap(lambda: submit(lease), lambda: reopen(read, judge))
        assert Adjudication.objects.get().state == "reopened"
        again(queue, read.reviewer, NO)
        assert standing_verdicts() == ["dismissed"]

    @pytest.mark.parametrize("settles_first", [True, False])
    def test_a_ruling_and_a_reopening_exclude_each_other(self, settles_first: bool) -> None:
        _, read, lease, judge = self.two()
        submit(lease)
        opened = Adjudication.objects.get()
        jobs = [lambda: settle(opened, judge), lambda: reopen(read, judge)]
        if not settles_first:
            jobs.reverse()
        in_the_gap(*jobs)
        ruled = Adjudication.objects.get().state == "settled"
        assert ruled is settles_first
        assert (Reopening.objects.count(), len(standing_verdicts())) == (
            (0, 1) if ruled else (1, 0)
        )

    def test_a_claim_in_the_gap_gets_nothing_that_is_not_theirs(self) -> None:
        queue = make_queue(make_audit())
        read, judge = read_as(queue, "one", YES), adjudicator_of(queue)
        other = make_user("two")
        _, rival = in_the_gap(
            lambda: reopen(read, judge), lambda: claim_slot(queue=queue, reviewer=other)
        )
        assert isinstance(rival, Nothing)
        assert ReviewSlot.objects.get().assigned_to == read.reviewer

    @pytest.mark.parametrize("withdraws_first", [True, False])
    def test_beside_a_withdrawal(self, withdraws_first: bool) -> None:
        audit = make_audit()
        queue = make_queue(audit)
        read, judge = read_as(queue, "one", YES), adjudicator_of(queue)
        jobs = [lambda: withdrawn(audit), lambda: reopen(read, judge)]
        if not withdraws_first:
            jobs.reverse()
        in_the_gap(*jobs)
        assert ReviewSlot.objects.get().state == ("submitted" if withdraws_first else "closed")
        kept = list(Reopening.objects.values_list("reason", flat=True))
        assert kept == ([] if withdraws_first else ["[withdrawn]"])


def withdrawn(audit: Audit) -> object:
    return case_withdraw(case_id=audit.case_id, reason=WithdrawalReason.OTHER, actor=None)
