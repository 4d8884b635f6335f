"""Long lists: read by an index, row after row, however few rows this database holds.

Postgres plans by size, and these tables are small: with scans of whole tables, sorts and hashes
made dear it takes an index wherever one serves.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audits.models import Audit, Draft, Queue, User
from audits.selectors.queues import with_counts
from audits.services.leases import claim_slot
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_queue, make_user

pytestmark = pytest.mark.django_db

DEAR = ("seqscan", "sort", "hashjoin", "mergejoin", "material")


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        for name in DEAR:
            cursor.execute(f"SET LOCAL enable_{name} = off")
        cursor.execute(f"EXPLAIN (COSTS OFF) {sql}")
        lines = [line for (line,) in cursor.fetchall()]
        for name in DEAR:
            cursor.execute(f"SET LOCAL enable_{name} = on")
    return "\n".join(lines)


def plan_of_page(user: User, path: str, table: str = "audits_audit") -> str:
    """Of the query that finds the rows of a list's page."""
    client = client_of(user)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    (rows,) = (
        one["sql"]
        for one in captured
        if f'FROM "{table}"' in one["sql"].partition(" WHERE ")[0] and " LIMIT 51" in one["sql"]
    )
    return plan(rows)


@pytest.fixture
def queue(db: None) -> Queue:
    audits = [make_audit(draft=f"Heart {n}.") for n in range(60)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return make_queue(*audits)


@pytest.fixture(params=["reader", "curator"])
def who(request: Any, reader: User, curator: User) -> User:
    return reader if request.param == "reader" else curator


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("order=newest", "audit_newest"),
        ("order=oldest", "audit_newest"),
        ("order=urgent", "audit_most_urgent"),
        ("state=failed", "audit_troubled"),
        ("code=model_failed", "audit_troubled"),
        ("kind=URGENT&label=pneumothorax", "flag_"),
    ],
)
def test_work_list_is_read_by_an_index(queue: Queue, who: User, query: str, index: str) -> None:
    found = plan_of_page(who, f"/api/v1/audits?{query}")
    assert index in found, found


def test_words_and_codes_have_an_index_each(queue: Queue, curator: User) -> None:
    """Asked for in one condition over drafts and cases, neither could be used."""
    with CaptureQueriesContext(connection) as captured:
        list(Draft.objects.filter(text__icontains="pneumoperitoneum"))
    assert "draft_words" in plan(captured[0]["sql"])
    coded = plan_of_page(curator, "/api/v1/audits?q=00112233")
    assert "case_pixels" in coded and "OR (upper(" not in coded, coded


@pytest.mark.parametrize("path", ["audits", "cases"])
def test_reader_is_checked_row_by_row(queue: Queue, reader: User, path: str) -> None:
    """What a person may see is looked up for the rows of the page, not for the whole site."""
    found = plan_of_page(reader, f"/api/v1/{path}", f"audits_{path.removesuffix('s')}")
    by_queue = [line for line in found.splitlines() if "open_to_all" not in line]
    hashed = set(re.findall(r"ANY \((?:\w+\.)?(\w+) = \(hashed", "\n".join(by_queue)))
    assert hashed <= {"queue_id"} and "Anti Join" not in found, found


@pytest.mark.parametrize("order", ["newest", "oldest", "urgent"])
def test_deep_page_begins_where_the_cursor_is(queue: Queue, curator: User, order: str) -> None:
    client = client_of(curator)
    following = client.get(f"/api/v1/audits?order={order}&limit=50").json()["next"]
    found = plan_of_page(curator, following)
    (condition,) = (line for line in found.splitlines() if "Index Cond: (ROW(" in line)
    assert "created_at" in condition and "id" in condition, found


def test_queues_are_counted_in_their_index(queue: Queue) -> None:
    with CaptureQueriesContext(connection) as captured:
        with_counts(Queue.objects.filter(pk=queue.pk)).get()
    found = plan(captured[0]["sql"])
    assert found.count("slot_by_state") >= 4, found
    assert "Seq Scan on audits_reviewslot" not in found


def test_claim_takes_the_first_slot_of_its_index(queue: Queue) -> None:
    with CaptureQueriesContext(connection) as captured:
        claim_slot(queue=queue, reviewer=make_user("claimer"))
    (take,) = (one["sql"] for one in captured if "SKIP LOCKED" in one["sql"])
    found = plan(take)
    assert "slot_claim_order" in found and "Anti Join" not in found, found


def test_flags_that_nobody_raises_are_known_to_be_rare(db: None) -> None:
    """Kinds and labels are weighed together, or a flag that is nowhere is looked for everywhere."""
    for _ in range(20):
        make_audit(flags=(("MISSING", "cardiomegaly"), ("URGENT", "pneumothorax")))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audits_flag")
        cursor.execute(
            "EXPLAIN SELECT * FROM audits_flag WHERE kind = 'URGENT' AND label = 'cardiomegaly'"
        )
        (first, *_) = [line for (line,) in cursor.fetchall()]
    assert "rows=1 " in first, first
    assert Audit.objects.count() == 20
