"""Reads that agree settle, reads that differ are adjudicated: once, by one person, for good."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audits.errors import Conflict
from audits.models import (
    Adjudication,
    Audit,
    AuditLogEntry,
    Queue,
    QueueMembership,
    Ruling,
    Settlement,
    User,
)
from audits.services.adjudication import (
    Chair,
    FlagRuling,
    claim_adjudication,
    settle_adjudication,
)
from audits.services.leases import Claimed, claim_slot
from audits.services.reads import Lease, save_decision, save_missed_finding, submit_read
from inference.decisions import Verdict
from inference.schema import Box
from inference.vocabulary import LABELS, Label
from tests.audits.conftest import PASSWORD, client_of
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue, make_user

pytestmark = pytest.mark.django_db

URL = "/api/v1/adjudications"
YES, NO = Verdict.CONFIRMED, Verdict.DISMISSED


def adjudicator_of(queue: Queue, name: str = "judge") -> User:
    user = User.objects.create_user(name, password=PASSWORD)
    role = QueueMembership.Role.ADJUDICATOR
    QueueMembership.objects.create(queue=queue, user=user, role=role)
    return user


def decided(queue: Queue, name: str, verdict: Verdict, **said: Any) -> Lease:
    """A read of the queue's one audit, decided and not yet submitted."""
    reader = make_user(name)
    claimed = claim_slot(queue=queue, reviewer=reader)
    assert isinstance(claimed, Claimed)
    lease = lease_of(claimed, reader)
    for flag in claimed.slot.item.audit.flags.all():
        save_decision(lease=lease, answer=answer_to(flag, verdict, **said))
    return lease


def added(lease: Lease, label: Label, box: Box | None) -> None:
    save_missed_finding(lease=lease, finding_id=uuid.uuid4(), label=label, box=box, comment="")


def disputed() -> tuple[Queue, Audit, Adjudication]:
    audit = make_audit()
    queue = make_queue(audit, reads_per_item=2)
    for name, verdict in (("one", YES), ("two", NO)):
        submit_read(lease=decided(queue, name, verdict), nothing_else_missed=True)
    return queue, audit, Adjudication.objects.get(item__audit=audit)


def settle_body(audit: Audit, claimed: dict[str, Any], **more: Any) -> dict[str, Any]:
    flag = audit.flags.get()
    ruling = {"id": str(uuid.uuid4()), "flag": str(flag.pk), "verdict": "confirmed"}
    return {
        "lease_token": claimed["lease_token"],
        "fence": claimed["fence"],
        "reason": "The sulcus is blunted.",
        "rulings": [ruling],
        **more,
    }


class TestSettling:
    def test_one_read_settles_its_flags_alone(self) -> None:
        queue = make_queue(make_audit())
        submit_read(lease=decided(queue, "one", YES), nothing_else_missed=True)
        row = Settlement.objects.get()
        assert (row.rule, row.basis, row.verdict, row.finding_true) == (
            "single_read",
            "flag",
            "confirmed",
            True,
        )
        assert row.box == [0.1, 0.1, 0.4, 0.4]

    def test_nothing_settles_before_every_read_is_in(self) -> None:
        queue = make_queue(make_audit(), reads_per_item=2)
        submit_read(lease=decided(queue, "one", YES), nothing_else_missed=True)
        decided(queue, "two", NO)
        assert not Settlement.objects.exists() and not Adjudication.objects.exists()

    def test_reads_that_agree_settle_by_agreement(self) -> None:
        queue = make_queue(make_audit(), reads_per_item=2)
        for name in ("one", "two"):
            submit_read(lease=decided(queue, name, NO), nothing_else_missed=True)
        assert Settlement.objects.get().rule == "agreement"
        assert not Adjudication.objects.exists()

    def test_what_all_deny_and_attest_settles_as_absent(self) -> None:
        audit = make_audit(image_labels=dict.fromkeys(LABELS, "absent"))
        submit_read(lease=decided(make_queue(audit), "one", YES), nothing_else_missed=True)
        absent = Settlement.objects.filter(basis="attested", finding_true=False)
        assert set(absent.values_list("label", flat=True)) == set(LABELS) - {"pleural_effusion"}

    def test_a_settlement_never_changes(self) -> None:
        submit_read(lease=decided(make_queue(make_audit()), "one", YES), nothing_else_missed=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            Settlement.objects.update(verdict="dismissed")


class TestDifferences:
    def test_verdicts_that_differ_open_one_adjudication(self) -> None:
        _, audit, opened = disputed()
        flag = str(audit.flags.get().pk)
        assert opened.differs == [{"what": "verdict", "label": "pleural_effusion", "flag": flag}]
        assert not Settlement.objects.exists()

    @pytest.mark.parametrize(("bar", "opens"), [(0.5, True), (0.2, False)])
    def test_boxes_differ_under_the_queues_bar(self, bar: float, opens: bool) -> None:
        queue = make_queue(make_audit(), reads_per_item=2)
        Queue.objects.filter(pk=queue.pk).update(box_iou_bar=bar)
        # These two overlap with an IoU of a third.
        for name, box in (("one", (0.0, 0.0, 0.4, 0.4)), ("two", (0.0, 0.2, 0.4, 0.6))):
            lease = decided(queue, name, Verdict.CONFIRMED_MODIFIED, box=box)
            submit_read(lease=lease, nothing_else_missed=True)
        assert [each.differs[0]["what"] for each in Adjudication.objects.all()] == ["box"] * opens
        assert Settlement.objects.exists() is not opens

    def test_a_finding_that_one_reader_added_is_a_difference(self) -> None:
        queue = make_queue(make_audit(), reads_per_item=2)
        first, second = decided(queue, "one", YES), decided(queue, "two", YES)
        added(first, Label.CARDIOMEGALY, None)
        for lease in (first, second):
            submit_read(lease=lease, nothing_else_missed=True)
        assert Adjudication.objects.get().differs == [
            {"what": "label", "label": "cardiomegaly", "flag": None}
        ]
        assert Settlement.objects.get().label == "pleural_effusion"


class TestAdjudicating:
    def test_an_adjudicator_sees_unnamed_reads_and_settles(self) -> None:
        queue, audit, opened = disputed()
        judge = client_of(adjudicator_of(queue))
        (listed,) = judge.get(URL, {"queue": str(queue.pk), "state": "open"}).json()["results"]
        assert listed["id"] == str(opened.pk) and not listed["held"]
        assert judge.get(f"{URL}/{opened.pk}").json()["reads"] is None
        claimed = judge.post(f"{URL}/{opened.pk}/claim").json()
        assert [read["name"] for read in claimed["reads"]] == ["A", "B"]
        verdicts = sorted(read["decisions"][0]["verdict"] for read in claimed["reads"])
        assert verdicts == ["confirmed", "dismissed"]
        readers = User.objects.filter(username__in=["one", "two"])
        assert not any(str(user.pk) in str(claimed) for user in readers)
        body = settle_body(audit, claimed)
        settled = judge.post(f"{URL}/{opened.pk}/settle", body, format="json")
        assert settled.status_code == 200 and settled.json()["state"] == "settled"
        assert settled.json()["outcome"]["reason"] == "The sulcus is blunted."
        row = Settlement.objects.get()
        assert (row.rule, row.verdict, row.adjudication_id) == (
            "adjudicated",
            "confirmed",
            opened.pk,
        )
        again = judge.post(f"{URL}/{opened.pk}/settle", body, format="json")
        assert again.status_code == 200 and Ruling.objects.count() == 1
        other = judge.post(f"{URL}/{opened.pk}/settle", settle_body(audit, claimed), format="json")
        assert other.json()["error"]["code"] == "already_settled"
        with pytest.raises(DatabaseError), transaction.atomic():
            Adjudication.objects.update(reason="other")

    def test_everything_that_differs_must_be_ruled_on_with_a_reason(self) -> None:
        queue, audit, opened = disputed()
        judge = client_of(adjudicator_of(queue))
        claimed = judge.post(f"{URL}/{opened.pk}/claim").json()
        label = {"id": str(uuid.uuid4()), "label": "cardiomegaly", "present": True}
        refused: list[tuple[dict[str, Any], str]] = [
            ({"rulings": []}, "rulings"),
            ({"missed": [label]}, "missed"),
            ({"reason": " "}, "reason"),
        ]
        for change, field in refused:
            body = settle_body(audit, claimed, **change)
            answer = judge.post(f"{URL}/{opened.pk}/settle", body, format="json")
            assert answer.status_code == 400 and field in answer.json()["error"]["fields"]
        assert not Settlement.objects.exists()

    def test_only_adjudicators_of_the_queue_who_did_not_read_the_case_see_it(self) -> None:
        queue, _, opened = disputed()
        member = QueueMembership.Role.ADJUDICATOR
        reader = User.objects.get(username="one")
        QueueMembership.objects.create(queue=queue, user=reader, role=member)
        elsewhere = adjudicator_of(make_queue(), "elsewhere")
        for user in (reader, elsewhere, make_user("curator", is_curator=True)):
            client = client_of(user)
            assert client.get(URL).json()["results"] == []
            for path in ("", "/claim"):
                method = client.post if path else client.get
                assert method(f"{URL}/{opened.pk}{path}").status_code == 404

    def test_one_chair_at_a_time_by_lease(self) -> None:
        queue, audit, opened = disputed()
        first, second = (client_of(adjudicator_of(queue, name)) for name in ("j1", "j2"))
        held = first.post(f"{URL}/{opened.pk}/claim").json()
        taken = second.post(f"{URL}/{opened.pk}/claim")
        assert taken.json()["error"]["code"] == "not_available"
        assert second.get(f"{URL}/{opened.pk}").json()["reads"] is None
        past = timezone.now() - timedelta(seconds=1)
        Adjudication.objects.filter(pk=opened.pk).update(leased_until=past)
        late = first.post(f"{URL}/{opened.pk}/settle", settle_body(audit, held), format="json")
        assert late.json()["error"]["code"] == "lease_expired"
        now = second.post(f"{URL}/{opened.pk}/claim").json()
        assert now["fence"] == held["fence"] + 1
        lost = first.post(f"{URL}/{opened.pk}/settle", settle_body(audit, held), format="json")
        assert lost.json()["error"]["code"] == "lease_taken"
        left = {"lease_token": now["lease_token"], "fence": now["fence"]}
        assert second.post(f"{URL}/{opened.pk}/release", left, format="json").status_code == 204
        assert first.post(f"{URL}/{opened.pk}/claim").status_code == 200

    def test_the_list_costs_the_same_whatever_its_length(
        self, django_assert_max_num_queries: Any
    ) -> None:
        queue, _, _ = disputed()
        judge = client_of(adjudicator_of(queue))
        with django_assert_max_num_queries(6):
            assert len(judge.get(URL).json()["results"]) == 1


def side_by_side(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs at once in their own connections; what each returned or was refused with."""
    results: list[object] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(at: int) -> None:
        gate.wait()
        try:
            results[at] = jobs[at]()
        except Conflict as refused:
            results[at] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_the_last_two_reads_submitted_at_once_open_one_adjudication(self) -> None:
        queue = make_queue(make_audit(), reads_per_item=2)
        leases = [decided(queue, "one", YES), decided(queue, "two", NO)]
        side_by_side(
            *(
                lambda lease=lease: submit_read(lease=lease, nothing_else_missed=True)  # type: ignore[misc]
                for lease in leases
            )
        )
        opened = Adjudication.objects.get()
        log = AuditLogEntry.objects.filter(action="adjudication.opened", object_id=opened.pk)
        assert log.count() == 1

    def test_a_submit_in_the_gap_of_another_waits_and_sees_it(self) -> None:
        queue = make_queue(make_audit(), reads_per_item=2)
        first, second = decided(queue, "one", YES), decided(queue, "two", NO)
        submitted, done = threading.Event(), threading.Event()

        def slowly() -> None:
            with transaction.atomic():
                submit_read(lease=first, nothing_else_missed=True)
                submitted.set()
                assert not done.wait(0.3)

        def rival() -> str:
            submitted.wait(30)
            submit_read(lease=second, nothing_else_missed=True)
            done.set()
            return "submitted"

        assert side_by_side(slowly, rival) == [None, "submitted"]
        assert done.is_set() and Adjudication.objects.count() == 1

    def test_two_adjudicators_at_once_leave_one_chair_and_one_outcome(self) -> None:
        queue, audit, opened = disputed()
        judges = [adjudicator_of(queue, name) for name in ("j1", "j2")]
        claims = side_by_side(
            *(
                lambda judge=judge: claim_adjudication(  # type: ignore[misc]
                    adjudication_id=opened.pk, adjudicator=judge
                )
                for judge in judges
            )
        )
        assert claims.count("not_available") == 1
        (held,) = [claim for claim in claims if isinstance(claim, Adjudication)]
        assert held.adjudicator is not None and held.lease_token is not None
        chair = Chair(opened.pk, held.adjudicator, held.lease_token, held.fence)
        flag = audit.flags.get().pk

        def settle() -> object:
            ruling = FlagRuling(id=uuid.uuid4(), flag_id=flag, verdict=YES)
            return settle_adjudication(chair=chair, reason="Seen.", flags=[ruling], labels=[])

        assert side_by_side(settle, settle).count("already_settled") == 1
        assert Settlement.objects.filter(item__audit=audit).count() == 1
        assert Ruling.objects.filter(adjudication=opened).count() == 1
