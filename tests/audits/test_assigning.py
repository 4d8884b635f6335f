"""Assigned slots: first to their person, never to another, until unassigned."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.errors import InvalidInput
from audits.models import Audit, AuditLogEntry, Exposure, Queue, ReviewSlot, Skip, User
from audits.services.assigning import assign_slots, unassign_slots
from audits.services.filling import fill_queue
from audits.services.leases import (
    Claimed,
    Nothing,
    claim_slot,
    reclaim_slot,
    release_slot,
)
from tests.audits.conftest import client_of
from tests.audits.gap import in_the_gap
from tests.audits.reviewing import lease_of, make_audit, make_queue, make_user
from tests.audits.test_blind import blind_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor() -> User:
    return make_user("carl", is_curator=True)


def assign(queue: Queue, reader: User, actor: User, *audits: Audit) -> int:
    keys = [audit.pk for audit in audits]
    return assign_slots(queue=queue, reader=reader, audits=keys, actor=actor)


def claimed_audit(queue: Queue, reader: User) -> uuid.UUID | str:
    claimed = claim_slot(queue=queue, reviewer=reader)
    return claimed.slot.item.audit_id if isinstance(claimed, Claimed) else claimed.reason


def test_a_claim_gives_what_is_assigned_first_and_to_nobody_else(actor: User) -> None:
    urgent = make_audit(flags=(("URGENT", "pneumothorax"),))
    calm = make_audit(flags=())
    queue = make_queue(urgent, calm)
    ada, ben = make_user("ada"), make_user("ben")
    assert assign(queue, ada, actor, calm) == 1
    assert claimed_audit(queue, ben) == urgent.pk
    assert claimed_audit(queue, make_user("cyd")) == "all_leased"
    assert claimed_audit(queue, ada) == calm.pk


def test_it_stays_assigned_when_it_is_given_back_or_runs_out(actor: User) -> None:
    audit = make_audit()
    queue = make_queue(audit)
    ada, ben = make_user("ada"), make_user("ben")
    assign(queue, ada, actor, audit)
    held = lease_of(claim_slot(queue=queue, reviewer=ada), ada)
    release_slot(slot_id=held.slot_id, reviewer=ada, token=held.token, fence=held.fence)
    assert claimed_audit(queue, ben) == "all_yours_done"
    claim_slot(queue=queue, reviewer=ada)
    ReviewSlot.objects.update(leased_until=timezone.now() - timedelta(minutes=1))
    assert claimed_audit(queue, ben) == "all_yours_done"
    assert isinstance(reclaim_slot(slot_id=held.slot_id, reviewer=ada), Claimed)


def test_once_unassigned_it_is_anybodys(actor: User) -> None:
    audit = make_audit()
    queue = make_queue(audit)
    ada, ben = make_user("ada"), make_user("ben")
    assign(queue, ada, actor, audit)
    for freed in (1, 0):
        assert unassign_slots(queue=queue, reader_id=ada.pk, actor=actor) == freed
    assert claimed_audit(queue, ben) == audit.pk
    actions = AuditLogEntry.objects.filter(action__startswith="slots.")
    assert list(actions.order_by("at").values_list("action", "data")) == [
        ("slots.assigned", {"reader": str(ada.pk), "slots": 1}),
        ("slots.unassigned", {"reader": str(ada.pk), "slots": 1}),
    ]


def test_assigning_twice_is_once_and_all_or_none(actor: User) -> None:
    first, second, skipped = make_audit(), make_audit(), make_audit()
    queue = make_queue(first, second, skipped, reads_per_item=2)
    ada = make_user("ada")
    assert [assign(queue, ada, actor, first), assign(queue, ada, actor, first)] == [1, 0]
    item = queue.items.get(audit=skipped)
    Skip.objects.create(item=item, reviewer=ada, reason="other")
    for refused in (skipped, make_audit()):
        with pytest.raises(InvalidInput) as error:
            assign(queue, ada, actor, second, refused)
        assert str(refused.pk) in str(error.value) and str(second.pk) not in str(error.value)
    assert ReviewSlot.objects.filter(assigned_to=ada).count() == 1


def test_the_next_free_items_are_assigned_by_number(actor: User) -> None:
    calm = [make_audit() for _ in range(3)]
    urgent = make_audit(flags=(("URGENT", "pneumothorax"),))
    queue = make_queue(*calm, urgent, reads_per_item=2)
    ada, ben = make_user("ada"), make_user("ben")
    held = claimed_audit(queue, ben)  # one of two slots of the urgent one
    url, client = f"/api/v1/queues/{queue.pk}/assignments", client_of(actor)

    def assigned(reader: User, number: int) -> int:
        answer = client.post(url, {"username": reader.username, "number": number}, format="json")
        return int(answer.json()["assigned"])

    assert [assigned(ada, 2), assigned(ada, 1), assigned(ben, 9), assigned(ada, 9)] == [2, 1, 3, 1]
    kept = ReviewSlot.objects.filter(assigned_to=ada).values_list("item__audit", flat=True)
    assert held == urgent.pk and set(kept) == {each.pk for each in (*calm, urgent)}
    assert not ReviewSlot.objects.filter(assigned_to=ben, item__audit=urgent).exists()
    for both in ({}, {"number": 1, "audits": [str(urgent.pk)]}):
        answer = client.post(url, {"username": "ada", **both}, format="json")
        assert answer.status_code == 400 and "number" in answer.json()["error"]["fields"]


def test_a_lease_that_runs_is_not_taken_and_one_that_ran_out_is(actor: User) -> None:
    audit = make_audit()
    queue = make_queue(audit)
    ada, ben = make_user("ada"), make_user("ben")
    held = lease_of(claim_slot(queue=queue, reviewer=ben), ben)
    with pytest.raises(InvalidInput):
        assign(queue, ada, actor, audit)
    ReviewSlot.objects.update(leased_until=timezone.now() - timedelta(minutes=1))
    assert assign(queue, ada, actor, audit) == 1
    answer = client_of(ben).post(f"/api/v1/slots/{held.slot_id}/reclaim")
    assert answer.json()["error"]["code"] == "not_leased"
    assert claimed_audit(queue, ada) == audit.pk


def test_a_person_is_never_kept_two_slots_of_an_item(actor: User) -> None:
    audit = make_audit()
    queue = make_queue(audit, reads_per_item=2)
    ada = make_user("ada")
    assert claimed_audit(queue, ada) == audit.pk
    assert assign(queue, ada, actor, audit) == 0
    assert not ReviewSlot.objects.filter(assigned_to=ada).exists()


@pytest.mark.parametrize(("readers", "each"), [(1, [6]), (2, [6, 6]), (3, [4, 4, 4])])
def test_a_filling_assigns_in_turn(actor: User, readers: int, each: list[int]) -> None:
    for _ in range(6):
        make_audit()
    queue = make_queue(reads_per_item=2)
    people = [make_user(f"reader {number}") for number in range(readers)]
    filled = fill_queue(queue=queue, actor=actor, assign_to=people)
    assert (filled.added, filled.assigned) == (6, sum(each))
    assert [person.assigned_slots.count() for person in people] == each
    assert fill_queue(queue=queue, actor=actor, assign_to=people).assigned == 0


def test_who_knows_the_case_is_not_kept_a_blind_read_of_it(actor: User) -> None:
    known, new = make_audit(), make_audit()
    queue, ada = blind_queue(), make_user("ada")
    Exposure.objects.create(user=ada, case=known.case)
    filled = fill_queue(queue=queue, actor=actor, assign_to=[ada])
    assert (filled.added, filled.assigned) == (2, 1)
    assert ada.assigned_slots.get().item.audit == new
    with pytest.raises(InvalidInput):
        assign(queue, ada, actor, known)


def test_through_the_api(actor: User) -> None:
    audit = make_audit()
    queue = make_queue(reads_per_item=2)
    curator, ada = client_of(actor), make_user("ada")
    url = f"/api/v1/queues/{queue.pk}"
    filled = curator.post(f"{url}/fill", {"assign_to": ["ada"]}, format="json").json()
    assert (filled["added"], filled["assigned"]) == (1, 1)
    (listed,) = curator.get(f"{url}/assignments").json()["results"]
    assert (listed["username"], listed["waiting"], listed["submitted"]) == ("ada", 1, 0)
    gone = curator.delete(f"{url}/assignments/{ada.pk}").json()
    assert gone == {"unassigned": 1}
    again: dict[str, Any] = {"username": "ada", "audits": [str(audit.pk)]}
    assert curator.post(f"{url}/assignments", again, format="json").json() == {"assigned": 1}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("fill", {"assign_to": ["nobody"]}),
        ("assignments", {"username": "nobody", "audits": [str(uuid.UUID(int=1))]}),
        ("assignments", {"username": "olga", "audits": [str(uuid.UUID(int=1))]}),
    ],
)
def test_who_may_not_read_here_is_assigned_nothing(
    actor: User, path: str, body: dict[str, Any]
) -> None:
    make_audit()
    queue = make_queue()
    Queue.objects.filter(pk=queue.pk).update(open_to_all=False)
    make_user("olga")
    answer = client_of(actor).post(f"/api/v1/queues/{queue.pk}/{path}", body, format="json")
    field = "assign_to" if path == "fill" else "username"
    assert answer.status_code == 400 and field in answer.json()["error"]["fields"]
    assert not queue.items.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("assigns_first", [True, False])
def test_a_claim_beside_the_assigning_of_its_slot(assigns_first: bool) -> None:
    audit, actor = make_audit(), make_user("carl", is_curator=True)
    queue = make_queue(audit)
    ada, ben = make_user("ada"), make_user("ben")
    jobs = [
        lambda: assign(queue, ada, actor, audit),
        lambda: claim_slot(queue=queue, reviewer=ben),
    ]
    if not assigns_first:
        jobs.reverse()
    first, rival = in_the_gap(*jobs)
    slot = ReviewSlot.objects.get()
    if assigns_first:
        assert first == 1 and isinstance(rival, Nothing)
        assert (slot.assigned_to, slot.reviewer) == (ada, None)
    else:
        assert isinstance(first, Claimed) and rival == "invalid"
        assert (slot.assigned_to, slot.reviewer) == (None, ben)


@pytest.mark.django_db(transaction=True)
def test_a_claim_of_ones_own_beside_the_assigning_takes_one_slot_of_the_item() -> None:
    audit, actor = make_audit(), make_user("carl", is_curator=True)
    queue = make_queue(audit, reads_per_item=2)
    ada = make_user("ada")
    in_the_gap(
        lambda: assign(queue, ada, actor, audit), lambda: claim_slot(queue=queue, reviewer=ada)
    )
    slot = ReviewSlot.objects.get(reviewer=ada)
    assert slot.assigned_to == ada and ReviewSlot.objects.filter(assigned_to=ada).count() == 1
