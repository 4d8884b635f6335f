"""Who sees which case, draft, audit and queue."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audits.models import Audit, Queue, QueueMembership, User
from audits.selectors.queues import adjudicable_queues, claimable_queues
from audits.services.cases import draft_create
from tests.audits.conftest import client_of
from tests.audits.pictures import picture
from tests.audits.reviewing import make_audit, make_queue

pytestmark = pytest.mark.django_db


def closed_queue(*audits: Audit) -> Queue:
    queue = make_queue(*audits)
    queue.open_to_all = False
    queue.save()
    return queue


def addresses(audit: Audit) -> list[str]:
    case = f"/api/v1/cases/{audit.case_id}"
    files = [f"{case}/{name}" for name in ("image", "pixels", "thumbnail")]
    return [f"/api/v1/audits/{audit.pk}", case, *files]


def seen(user: User, audit: Audit) -> bool:
    """Whether all doors agree that the person sees the audit and its case."""
    client = client_of(user)
    found = {client.get(path).status_code == 200 for path in addresses(audit)}
    for path, pk in (("audits", audit.pk), ("cases", audit.case_id)):
        rows = client.get(f"/api/v1/{path}").json()["results"]
        found.add(str(pk) in {row["id"] for row in rows})
    assert len(found) == 1, found
    return found.pop()


def test_stray_audit_is_seen_by_curators_only(
    reader: User, curator: User, administrator: User
) -> None:
    audit = make_audit()
    assert [seen(user, audit) for user in (reader, curator, administrator)] == [False, True, True]
    assert client_of(reader).get("/api/v1/stats").json()["cases"] == 0


def test_members_see_and_claim_in_a_closed_queue(reader: User, curator: User) -> None:
    audit = make_audit()
    queue = closed_queue(audit)
    client, claim = client_of(reader), f"/api/v1/queues/{queue.pk}/claim"
    assert not seen(reader, audit)
    shown = client.get("/api/v1/queues").json()["results"]
    assert [row["name"] for row in shown] == ["Open reading"]
    assert client.post(claim).status_code == 404
    assert client_of(curator).post(claim).status_code == 403  # sees all queues, reads in none

    QueueMembership.objects.create(queue=queue, user=reader)
    assert seen(reader, audit)
    assert client.post(claim).json()["slot"]["audit"] == str(audit.pk)


def test_adjudicators_see_their_queue_and_do_not_read_in_it(reader: User) -> None:
    audit = make_audit()
    queue = closed_queue(audit)
    QueueMembership.objects.create(queue=queue, user=reader, role="adjudicator")
    assert seen(reader, audit)
    assert client_of(reader).post(f"/api/v1/queues/{queue.pk}/claim").status_code == 403
    assert queue in adjudicable_queues(reader) and queue not in claimable_queues(reader)
    assert client_of(reader).get("/api/v1/auth/session").json()["user"]["roles"] == [
        "reviewer",
        "adjudicator",
    ]


def test_administrators_do_not_adjudicate_where_nobody_named_them(administrator: User) -> None:
    closed_queue(make_audit())
    assert not adjudicable_queues(administrator).exists()


def test_whoever_sent_the_same_draft_sees_what_becomes_of_it(reader: User) -> None:
    """The case is stored once; the second sender is not told of an audit they can't open."""
    other = User.objects.create_user("eve")

    def given() -> dict[str, Any]:
        return {"image": SimpleUploadedFile("a.png", picture()), "draft": "Clear."}

    answers = [
        client_of(user).post("/api/v1/cases", given(), format="multipart")
        for user in (reader, other)
    ]
    (audit,) = Audit.objects.all()
    assert {answer.json()["audit"]["id"] for answer in answers} == {str(audit.pk)}
    assert seen(reader, audit) and seen(other, audit)


def test_draft_of_another_sender_of_the_same_picture_stays_theirs(reader: User) -> None:
    audit = make_audit()
    draft_create(case=audit.case, text="Mine.", origin="human", actor=reader)
    case = client_of(reader).get(f"/api/v1/cases/{audit.case_id}").json()
    assert [draft["text"] for draft in case["drafts"]] == ["Mine."]
    assert case["audits"] == []
    assert client_of(reader).get(f"/api/v1/audits/{audit.pk}").status_code == 404


def test_readers_of_a_queue_do_not_cancel_what_others_sent(reader: User) -> None:
    audit = make_audit()
    make_queue(audit)
    for step in ("cancel", "retry"):
        answer = client_of(reader).post(f"/api/v1/audits/{audit.pk}/{step}")
        assert answer.status_code == 403
