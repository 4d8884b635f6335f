"""People: administrators list them, give and take roles; curators say who works in a queue."""

import threading

import pytest
from django.db import connection

from audits.models import AuditLogEntry, QueueMembership, SecondFactor, User
from tests.audits.conftest import PASSWORD, client_of
from tests.audits.reviewing import make_audit, make_queue

pytestmark = pytest.mark.django_db


def test_listed_by_name_with_what_they_may_do(reader: User, administrator: User) -> None:
    queue = make_queue(make_audit())
    QueueMembership.objects.create(queue=queue, user=reader, role="adjudicator")
    client = client_of(administrator)
    rows = client.get("/api/v1/people").json()["results"]
    assert [row["username"] for row in rows] == ["ada", "root"]
    ada = rows[0]
    assert ada["name"] == "Ada King" and ada["active"] and not ada["second_factor"]
    assert not ada["administrator"] and not ada["curator"] and "password" not in ada
    assert ada["queues"] == [{"id": str(queue.pk), "name": queue.name, "role": "adjudicator"}]
    found = client.get("/api/v1/people?q=king%20ad").json()["results"]
    assert [row["username"] for row in found] == ["ada"]
    assert client.get("/api/v1/people?q=nobody").json()["results"] == []


def test_roles_are_given_and_taken(reader: User, administrator: User) -> None:
    client, ada = client_of(administrator), client_of(reader)
    address = f"/api/v1/people/{reader.pk}"
    assert ada.get("/api/v1/batches").status_code == 403
    assert client.patch(address, {"curator": True}).json()["curator"] is True
    assert ada.get("/api/v1/batches").status_code == 200
    client.patch(address, {"curator": True})  # nothing new, no entry
    assert client.patch(address, {"curator": False}).json()["curator"] is False
    assert ada.get("/api/v1/batches").status_code == 403
    told = AuditLogEntry.objects.filter(action="user.rights_changed", object_id=reader.pk)
    assert [entry.data for entry in told.order_by("at")] == [{"curator": True}, {"curator": False}]
    assert client.patch(address, {"administrator": True}).status_code == 200
    assert ada.get("/api/v1/audit-log").status_code == 200
    assert ada.get("/admin/audits/user/").status_code == 200


def test_a_closed_account_is_out_at_once(reader: User, administrator: User) -> None:
    client, ada = client_of(administrator), client_of(reader)
    address = f"/api/v1/people/{reader.pk}"
    assert client.patch(address, {"active": False}).json()["active"] is False
    assert ada.get("/api/v1/audits").status_code == 401
    given = {"username": "ada", "password": PASSWORD}
    assert client_of().post("/api/v1/auth/token", given).status_code == 400
    client.patch(address, {"active": True})
    assert client_of().post("/api/v1/auth/token", given).status_code == 200


@pytest.mark.parametrize("change", [{"administrator": False}, {"active": False}])
def test_the_last_administrator_stays(administrator: User, change: dict[str, bool]) -> None:
    address = f"/api/v1/people/{administrator.pk}"
    answer = client_of(administrator).patch(address, change)
    assert answer.status_code == 409 and answer.json()["error"]["code"] == "last_administrator"
    administrator.refresh_from_db()
    assert administrator.is_administrator
    assert not AuditLogEntry.objects.filter(action="user.rights_changed").exists()


@pytest.mark.django_db(transaction=True)
def test_two_cannot_take_the_role_from_each_other(transactional_db: None) -> None:
    pair = [User.objects.create_user(name, password=PASSWORD, is_staff=True) for name in "ab"]
    clients = [client_of(each) for each in pair]
    gate = threading.Barrier(2)
    answers: list[int] = []

    def run(at: int) -> None:
        gate.wait()
        address = f"/api/v1/people/{pair[1 - at].pk}"
        try:
            answers.append(clients[at].patch(address, {"administrator": False}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(200) == 1
    assert User.objects.filter(is_staff=True).count() == 1


def test_a_lost_second_factor_is_taken_away(reader: User, administrator: User) -> None:
    SecondFactor.objects.create(user=reader, salt="00", confirmed_at=reader.date_joined)
    client = client_of(administrator)
    assert client.get(f"/api/v1/people/{reader.pk}").json()["second_factor"] is True
    for _ in range(2):
        address = f"/api/v1/people/{reader.pk}/second-factor"
        assert client.delete(address).status_code == 204
    assert client.get(f"/api/v1/people/{reader.pk}").json()["second_factor"] is False
    entry = AuditLogEntry.objects.get(action="user.second_factor_off")
    assert entry.object_id == reader.pk and entry.actor.user == administrator


def test_members_of_a_queue(reader: User, curator: User) -> None:
    queue = make_queue(make_audit())
    queue.open_to_all = False
    queue.save()
    client, ada = client_of(curator), client_of(reader)
    members = f"/api/v1/queues/{queue.pk}/members"
    assert ada.get(f"/api/v1/queues/{queue.pk}").status_code == 404
    given = {"username": "ada", "role": "reviewer"}
    assert [client.post(members, given).status_code for _ in range(2)] == [201, 200]
    assert client.post(members, {**given, "role": "adjudicator"}).status_code == 201
    assert ada.get(f"/api/v1/queues/{queue.pk}").status_code == 200
    rows = client.get(members).json()["results"]
    assert {(row["username"], row["role"]) for row in rows} == {
        ("ada", "reviewer"),
        ("ada", "adjudicator"),
    }
    for row in rows:
        assert client.delete(f"{members}/{row['id']}").status_code == 204
        assert client.delete(f"{members}/{row['id']}").status_code == 404
    assert ada.get(f"/api/v1/queues/{queue.pk}").status_code == 404
    for action in ("membership.added", "membership.removed"):
        assert AuditLogEntry.objects.filter(action=action).count() == 2


def test_a_stranger_is_no_member(curator: User) -> None:
    queue = make_queue(make_audit())
    answer = client_of(curator).post(
        f"/api/v1/queues/{queue.pk}/members", {"username": "ghost", "role": "reviewer"}
    )
    assert answer.status_code == 400 and answer.json()["error"]["fields"]["username"]


def test_a_member_is_removed_only_through_its_queue(reader: User, curator: User) -> None:
    queue, other = make_queue(make_audit()), make_queue(make_audit())
    member = QueueMembership.objects.create(queue=queue, user=reader)
    address = f"/api/v1/queues/{other.pk}/members/{member.pk}"
    assert client_of(curator).delete(address).status_code == 404
    assert QueueMembership.objects.filter(pk=member.pk).exists()
