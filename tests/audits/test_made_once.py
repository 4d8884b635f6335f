"""Queries whose SQL is made once: each who asks gets their own answer all the same."""

import pytest
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from audits.models import Audit, ReviewSlot, Sending, User
from audits.selectors.audits import visible_audits
from audits.selectors.cases import visible_cases
from audits.services.leases import lock_slot
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_queue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[User, Audit]:
    """Two readers, each with a queue of their own, and a draft that they sent."""
    found = {}
    for name in ("one", "other"):
        audit = make_audit(draft=f"Of {name}.")
        queue = make_queue(audit)
        queue.open_to_all = False
        queue.save()
        user = make_user(name)
        queue.memberships.create(user=user, role="reviewer")
        Sending.objects.create(draft=audit.draft, user=user)
        found[user] = audit
    return found


def test_person_is_not_shown_what_another_was(people: dict[User, Audit]) -> None:
    for user, audit in people.items():
        assert list(visible_audits(user)) == [audit]
        assert list(visible_cases(user)) == [audit.case]


def test_role_is_asked_each_time(people: dict[User, Audit]) -> None:
    user = next(iter(people))
    assert visible_audits(user).count() == 1
    user.is_curator = True
    assert visible_audits(user).count() == 2
    user.is_active = False
    assert visible_audits(user).count() == 0


@pytest.mark.parametrize("role", ["is_staff", "is_curator", ""])
def test_every_role_opens_an_audit(role: str) -> None:
    user = make_user("somebody")
    if role:
        setattr(user, role, True)
        user.save()
    audit = make_audit()
    make_queue(audit)
    assert client_of(user).get(f"/api/v1/audits/{audit.pk}").json()["id"] == str(audit.pk)
    assert client_of(user).get(f"/api/v1/audits/{audit.case_id}").status_code == 404


def test_condition_keeps_its_row_within_other_queries(people: dict[User, Audit]) -> None:
    """Its own aliases are not those of the query around it, however deep that lies."""
    for user, audit in people.items():
        around = visible_audits(user)
        for _ in range(8):
            around = Audit.objects.filter(Exists(around.filter(pk=OuterRef("pk"))))
            assert list(around) == [audit]


def test_prepared_query_takes_the_values_of_each_call() -> None:
    queue = make_queue(make_audit(), make_audit(draft="Another."))
    slots = list(ReviewSlot.objects.filter(queue=queue))
    assert len(slots) == 2
    for slot in (*slots, *slots):
        with transaction.atomic(), CaptureQueriesContext(connection) as sent:
            locked = lock_slot(slot.pk)
        assert locked == slot and "FOR UPDATE" in sent[0]["sql"]
        assert (locked.item, locked.queue) == (slot.item, queue)


@pytest.mark.django_db(transaction=True)
def test_prepared_lock_asks_for_a_transaction() -> None:
    slot = ReviewSlot.objects.get(queue=make_queue(make_audit()))
    with transaction.atomic():
        lock_slot(slot.pk)
    with pytest.raises(transaction.TransactionManagementError):
        lock_slot(slot.pk)
