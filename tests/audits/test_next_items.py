"""What a claim would give next: told beforehand, so that the page loads it ahead."""

from typing import Any

import pytest

from audits.models import AuditLogEntry, Exposure, Queue, QueueMembership, ReviewSlot, User
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_queue, make_user

pytestmark = pytest.mark.django_db

API = "/api/v1"
BLIND = {"mode": Queue.Mode.BLIND_FIRST, "order": Queue.Order.RANDOM}


def told(reader: User, queue: Queue) -> list[str]:
    answer = client_of(reader).get(f"{API}/queues/{queue.pk}/next")
    assert answer.status_code == 200, answer.content
    return [row["audit"] for row in answer.json()["results"]]


def claimed(reader: User, queue: Queue) -> dict[str, Any]:
    slot: dict[str, Any] = client_of(reader).post(f"{API}/queues/{queue.pk}/claim").json()["slot"]
    return slot


def submit(reader: User, slot: dict[str, Any], **more: Any) -> Any:
    held = {"lease_token": slot["lease_token"], "fence": slot["fence"]}
    body = {**held, "nothing_else_missed": True, **more}
    return client_of(reader).post(f"{API}/slots/{slot['id']}/submit", body, format="json")


def audits_without_flags(count: int) -> list[Any]:
    return [make_audit(flags=()) for _ in range(count)]


def everything_kept() -> list[Any]:
    tables = (ReviewSlot, Exposure, AuditLogEntry)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_the_next_claims_are_told_in_order_and_nothing_is_taken(reader: User) -> None:
    queue = make_queue(*audits_without_flags(5))
    before = everything_kept()
    names = told(reader, queue)
    assert len(names) == 3
    assert everything_kept() == before
    for name in names:
        slot = claimed(reader, queue)
        assert slot["audit"] == name
        submit(reader, slot)


def test_an_item_that_needs_many_reads_is_told_once(reader: User) -> None:
    queue = make_queue(*audits_without_flags(2), reads_per_item=3)
    names = told(reader, queue)
    assert len(set(names)) == len(names) == 2
    held = claimed(reader, queue)["audit"]
    # What they hold is not what comes next.
    assert told(reader, queue) == [name for name in names if name != held]


def test_what_is_kept_for_a_reader_comes_first_and_for_others_not_at_all(reader: User) -> None:
    first, second = audits_without_flags(2)
    queue = make_queue(first, second)
    other = make_user("bea")
    slot = ReviewSlot.objects.get(item__audit=second)
    slot.assigned_to = reader
    slot.save()
    assert told(reader, queue) == [str(second.pk), str(first.pk)]
    assert told(other, queue) == [str(first.pk)]


@pytest.mark.parametrize(
    "rule",
    [
        BLIND,
        {"order": Queue.Order.RANDOM},
        {"state": Queue.State.PAUSED},
    ],
)
def test_nothing_is_told_where_it_is_not_to_be_seen(reader: User, rule: dict[str, str]) -> None:
    queue = make_queue(*audits_without_flags(2))
    assert len(told(reader, queue)) == 2
    Queue.objects.filter(pk=queue.pk).update(**rule)
    assert told(reader, queue) == []


def test_what_is_to_be_read_blind_elsewhere_is_not_told(reader: User) -> None:
    known, blind = audits_without_flags(2)
    queue = make_queue(known, blind)
    Queue.objects.filter(pk=make_queue(blind).pk).update(**BLIND)
    assert told(reader, queue) == [str(known.pk)]


def test_a_read_that_is_submitted_claims_the_next_one_if_asked(reader: User) -> None:
    queue = make_queue(*audits_without_flags(3))
    slot = claimed(reader, queue)
    following = told(reader, queue)[0]
    alone = submit(reader, slot)
    assert alone.json()["next"] is None
    assert not ReviewSlot.objects.filter(state="leased").exists()
    # Sent again, as after a lost answer: the same read, and now its claim.
    both = submit(reader, slot, claim_next=True).json()
    assert both["read"] == alone.json()["read"]
    assert both["next"]["slot"]["audit"] == following
    assert both["next"]["slot"]["lease_token"]
    last = submit(reader, both["next"]["slot"], claim_next=True).json()["next"]["slot"]
    assert submit(reader, last, claim_next=True).json()["next"] == {
        "slot": None,
        "reason": "empty",
        "next_free_at": None,
        "barred": 0,
    }


def test_who_was_taken_out_of_the_queue_submits_and_gets_nothing_more(reader: User) -> None:
    queue = make_queue(*audits_without_flags(2))
    slot = claimed(reader, queue)
    Queue.objects.filter(pk=queue.pk).update(open_to_all=False)
    assert not QueueMembership.objects.exists()
    answer = submit(reader, slot, claim_next=True)
    assert (answer.status_code, answer.json()["next"]) == (200, None)
