"""What a queue reports of its readers and of the auditor, checked against other counts."""

import uuid
from typing import Any

import krippendorff
import numpy as np
import pytest

from audits.models import Queue, QueueMembership, ReviewItem, User
from audits.services.leases import Claimed, claim_slot
from audits.services.reads import save_decision, save_missed_finding, submit_read, undo_decision
from inference.decisions import Reason, Verdict
from inference.vocabulary import Label
from tests.audits.conftest import client_of
from tests.audits.reviewing import answer_to, lease_of, make_audit, make_queue, make_user

pytestmark = pytest.mark.django_db

YES, NO, PERHAPS = Verdict.CONFIRMED, Verdict.DISMISSED, Verdict.INDETERMINATE


def read(queue: Queue, reader: User, audit: Any, verdict: Verdict, *, missed: bool = False) -> None:
    claimed = claim_slot(queue=queue, reviewer=reader, audit_id=audit.pk)
    assert isinstance(claimed, Claimed)
    lease = lease_of(claimed, reader)
    for flag in audit.flags.all():
        # A change of mind, and an answer taken back: neither counts.
        save_decision(lease=lease, answer=answer_to(flag, PERHAPS))
        why = {"reason": Reason.NOT_ON_IMAGE} if verdict is NO else {}
        save_decision(lease=lease, answer=answer_to(flag, verdict, **why))
        save_decision(lease=lease, answer=answer_to(flag, PERHAPS))
        undo_decision(lease=lease)
    if missed:
        save_missed_finding(
            lease=lease, finding_id=uuid.uuid4(), label=Label.CARDIOMEGALY, box=None, comment=""
        )
    submit_read(lease=lease, nothing_else_missed=True)


def report(queue: Queue, user: User) -> dict[str, Any]:
    answer = client_of(user).get(f"/api/v1/queues/{queue.pk}/agreement")
    assert answer.status_code == 200
    return dict(answer.json())


def test_agreement_equals_what_others_compute(curator: User) -> None:
    said = [(YES, YES), (YES, NO), (NO, NO), (YES, YES), (PERHAPS, NO), (YES, YES)]
    audits = [make_audit() for _ in said]
    queue = make_queue(*audits, reads_per_item=2)
    readers = [make_user("one"), make_user("two")]
    for audit, verdicts in zip(audits, said, strict=True):
        for reader, verdict in zip(readers, verdicts, strict=True):
            read(queue, reader, audit, verdict)
    told = report(queue, curator)
    assert (told["items"], told["reads"]) == (6, 12)
    together, group = told["rows"]
    assert (together["kind"], together["label"]) == (None, None)
    assert (group["kind"], group["label"]) == ("MISSING", "pleural_effusion")
    assert group["n"] == 6 and group["percent"]["value"] == pytest.approx(4 / 6)
    words = [[verdict.value for verdict in pair] for pair in said]
    alpha = krippendorff.alpha(np.array(words).T, level_of_measurement="nominal")
    assert group["krippendorff_alpha"]["value"] == pytest.approx(alpha)
    # Gwet's AC1 by hand: 7 confirmed, 4 dismissed, 1 indeterminate of 12, three categories.
    chance = sum(share * (1 - share) for share in (7 / 12, 4 / 12, 1 / 12)) / 2
    assert group["gwet_ac1"]["value"] == pytest.approx((4 / 6 - chance) / (1 - chance))
    assert group["percent"]["low"] <= group["percent"]["value"] <= group["percent"]["high"]
    # Four of six settled; three of them were right.
    assert told["precision"][0]["n"] == 4
    assert told["precision"][0]["value"] == pytest.approx(3 / 4)
    assert told["recall"] is None


def test_recall_weighs_what_was_drawn(curator: User, reader: User) -> None:
    raised, missed = make_audit(), make_audit(flags=())
    queue = make_queue(raised)
    Queue.objects.filter(pk=queue.pk).update(unflagged_share=0.25)
    queue.refresh_from_db()
    item = ReviewItem.objects.create(queue=queue, audit=missed, drawn=True, sampling_weight=4.0)
    item.slots.create(number=1, queue=queue)
    read(queue, reader, raised, YES)
    read(queue, reader, missed, YES, missed=True)
    recall = {row["label"]: row for row in report(queue, curator)["recall"]}
    # One raised stands for itself, one missed for four.
    assert recall[None]["value"] == pytest.approx(1 / 5) and recall[None]["n"] == 2
    assert recall["pleural_effusion"]["value"] == 1
    assert recall["cardiomegaly"]["value"] == 0


def test_an_open_read_does_not_count(curator: User) -> None:
    audit = make_audit()
    queue = make_queue(audit, reads_per_item=2)
    read(queue, make_user("one"), audit, YES)
    assert isinstance(claim_slot(queue=queue, reviewer=make_user("two")), Claimed)
    told = report(queue, curator)
    assert told["rows"] == [] and told["precision"] == [] and told["reads"] == 1


def test_curators_and_the_queues_adjudicators_only(reader: User) -> None:
    queue = make_queue(make_audit())
    url = f"/api/v1/queues/{queue.pk}/agreement"
    assert client_of(reader).get(url).status_code == 403
    role = QueueMembership.Role.ADJUDICATOR
    QueueMembership.objects.create(queue=queue, user=reader, role=role)
    assert client_of(reader).get(url).status_code == 200


def test_the_queries_do_not_grow(curator: User, django_assert_max_num_queries: Any) -> None:
    audits = [make_audit() for _ in range(4)]
    queue = make_queue(*audits)
    for at, audit in enumerate(audits):
        read(queue, make_user(f"r{at}"), audit, YES)
    client = client_of(curator)
    with django_assert_max_num_queries(10):
        told = client.get(f"/api/v1/queues/{queue.pk}/agreement").json()
    assert told["precision"][0]["n"] == 4
