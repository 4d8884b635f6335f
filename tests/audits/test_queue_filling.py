"""Queues made, changed and filled through the API: filter, draw, order, guideline, and races."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from rest_framework.test import APIClient

from audits.errors import Conflict
from audits.models import (
    Audit,
    AuditLogEntry,
    Guideline,
    ModelVersion,
    Queue,
    Read,
    ReviewItem,
    ReviewSlot,
    User,
)
from audits.selectors.filters import QueueFilter
from audits.services.drawing import draw_from
from audits.services.filling import Filled, chance_of, draws, fill_queue
from audits.services.leases import RANKS, Claimed, Nothing, claim_slot
from audits.services.queues import (
    NewQueue,
    add_audit,
    change_queue,
    create_queue,
    enqueue_done_audit,
)
from inference.sampling import LEAST
from inference.vocabulary import LABELS, Label
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_user

pytestmark = pytest.mark.django_db

QUEUES = "/api/v1/queues"
URGENT = (("URGENT", "pneumothorax"), ("MISSING", "pneumothorax"))


def new_queue(actor: User | None = None, **rules: Any) -> Queue:
    return create_queue(new=NewQueue(name=f"q {uuid.uuid4()}", **rules), actor=actor)


def audits_of(queue: Queue) -> set[Audit]:
    return {item.audit for item in queue.items.select_related("audit")}


@pytest.fixture
def desk(curator: User) -> APIClient:
    return client_of(curator)


def test_a_curator_makes_fills_and_pauses_a_queue(desk: APIClient) -> None:
    wanted = make_audit()
    make_audit(flags=())
    rules = {"filter": {"label": "pleural_effusion"}, "guideline": "Look twice."}
    made = desk.post(QUEUES, {"name": "Effusions", "reads_per_item": 2, **rules}, format="json")
    assert made.status_code == 201
    body = made.json()
    assert body["rules"] == {
        "filter": {"label": "pleural_effusion"},
        "unflagged_share": 0.0,
        "informed_share": 1.0,
    }
    assert body["guideline_version"] == 1 and body["order"] == "urgent"
    filled = desk.post(f"{QUEUES}/{body['id']}/fill").json()
    assert filled == {"matched": 1, "drawn": 0, "added": 1, "already": 0, "assigned": 0}
    assert ReviewItem.objects.get(queue=body["id"]).audit == wanted
    changed = desk.patch(f"{QUEUES}/{body['id']}", {"state": "paused"}, format="json").json()
    assert changed["state"] == "paused"
    assert changed["open_to_all"]
    assert changed["counts"] == {"items": 1, "slots": 2, "submitted": 0, "leased": 0, "free": 2}
    claim = desk.post(f"{QUEUES}/{body['id']}/claim", {}, format="json").json()
    assert claim["slot"] is None and claim["reason"] == "paused"
    actions = AuditLogEntry.objects.filter(action__startswith="queue.")
    assert sorted(entry.action for entry in actions) == [
        "queue.changed",
        "queue.created",
        "queue.filled",
    ]


def test_a_reader_sees_no_rules_and_changes_nothing(api: APIClient) -> None:
    make_audit()
    queue = new_queue(filter=QueueFilter(kind="MISSING"), unflagged_share=0.5)
    assert api.get(f"{QUEUES}/{queue.pk}").json()["rules"] is None
    assert all(row["rules"] is None for row in api.get(QUEUES).json()["results"])
    assert api.post(QUEUES, {"name": "Mine"}, format="json").status_code == 403
    assert api.patch(f"{QUEUES}/{queue.pk}", {"state": "closed"}).status_code == 403
    assert api.post(f"{QUEUES}/{queue.pk}/fill").status_code == 403
    queue.refresh_from_db()
    assert queue.state == "open" and not queue.items.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("order", "loudest"),
        ("reads_per_item", 0),
        ("unflagged_share", 1.5),
        ("informed_share", 0),
        ("lease_minutes", 0),
        ("filter", {"label": "no_finding"}),
        ("name", ""),
    ],
)
def test_a_refused_rule_is_named(desk: APIClient, field: str, value: object) -> None:
    before = Queue.objects.count()
    answer = desk.post(QUEUES, {"name": "Q", field: value}, format="json")
    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["error"]["fields"])
    assert Queue.objects.count() == before


def test_a_queue_not_open_to_all_is_no_queue_to_strangers(desk: APIClient, api: APIClient) -> None:
    made = desk.post(QUEUES, {"name": "Closed circle", "open_to_all": False}, format="json").json()
    assert api.get(f"{QUEUES}/{made['id']}").status_code == 404
    assert api.post(f"{QUEUES}/{made['id']}/claim", {}, format="json").status_code == 404


def test_a_name_is_taken_once(desk: APIClient) -> None:
    assert desk.post(QUEUES, {"name": "Twice"}, format="json").status_code == 201
    again = desk.post(QUEUES, {"name": "Twice"}, format="json")
    assert (again.status_code, again.json()["error"]["code"]) == (409, "name_taken")


def test_each_part_of_a_filter_narrows() -> None:
    effusion = make_audit(source="vindr")
    urgent = make_audit(flags=URGENT)
    make_audit(state="running")
    takes = {
        QueueFilter(): {effusion, urgent},
        QueueFilter(source="vindr"): {effusion},
        QueueFilter(label="pneumothorax", kind="MISSING"): {urgent},
        QueueFilter(label="pleural_effusion", kind="URGENT"): set(),
        QueueFilter(urgency="unreported"): {urgent},
        QueueFilter(grounder=str(urgent.grounder_id)): {effusion, urgent},
        QueueFilter(grounder=str(urgent.parser_id)): set(),
        QueueFilter(origin="human"): {effusion, urgent},
        QueueFilter(origin="synthetic"): set(),
    }
    for wanted, audits in takes.items():
        queue = new_queue(filter=wanted)
        fill_queue(queue=queue, actor=make_user(str(uuid.uuid4())))
        assert audits_of(queue) == audits, wanted


def test_what_was_reviewed_can_be_left_out(reader: User) -> None:
    seen, fresh = make_audit(), make_audit()
    first = new_queue()
    fill_queue(queue=first, actor=reader)
    claimed = claim_slot(queue=first, reviewer=reader, audit_id=seen.pk)
    assert isinstance(claimed, Claimed)
    Read.objects.filter(pk=claimed.read.pk).update(
        submitted_at=claimed.read.opened_at, nothing_else_missed=True
    )
    second = new_queue(filter=QueueFilter(not_reviewed=True))
    fill_queue(queue=second, actor=reader)
    assert audits_of(second) == {fresh}


def test_filling_again_adds_only_what_is_new(reader: User) -> None:
    queue = new_queue(reads_per_item=2, unflagged_share=0.5)
    flagged = [make_audit() for _ in range(3)]
    calm = [make_audit(flags=()) for _ in range(12)]
    first = fill_queue(queue=queue, actor=reader)
    drawn = [audit for audit in calm if draws(queue, audit.pk)]
    assert first == Filled(matched=3, drawn=len(drawn), added=3 + len(drawn), already=0)
    assert audits_of(queue) == {*flagged, *drawn}
    make_audit()
    again = fill_queue(queue=queue, actor=reader)
    assert (again.added, again.already) == (1, 3 + len(drawn))
    assert queue.slots.count() == 2 * queue.items.count()


def test_who_was_drawn_stands_for_those_who_were_not(reader: User) -> None:
    queue = new_queue(unflagged_share=0.25)
    make_audit()
    for _ in range(20):
        make_audit(flags=())
    # The seed decides: with this one, some are drawn and some are not.
    Queue.objects.filter(pk=queue.pk).update(seed="0" * 32)
    queue.refresh_from_db()
    fill_queue(queue=queue, actor=reader)
    weights = set(queue.items.values_list("drawn", "sampling_weight"))
    assert weights <= {(False, 1.0), (True, 4.0)} and (False, 1.0) in weights
    for share, count in ((0.0, 1), (1.0, 21)):
        other = new_queue(unflagged_share=share)
        fill_queue(queue=other, actor=reader)
        assert other.items.count() == count
        assert {weight for _, weight in other.items.values_list("id", "sampling_weight")} == {1.0}


def test_an_audit_that_ends_meets_the_filter_or_the_draw() -> None:
    narrow = new_queue(takes_done_audits=True, filter=QueueFilter(label="cardiomegaly"))
    drawing = new_queue(
        takes_done_audits=True, filter=QueueFilter(label="cardiomegaly"), unflagged_share=1.0
    )
    effusion, heart = make_audit(), make_audit(flags=(("MISSING", "cardiomegaly"),))
    for audit in (effusion, heart, effusion, heart):
        enqueue_done_audit(audit=audit)
    assert audits_of(narrow) == {heart}
    assert dict(drawing.items.values_list("audit", "drawn")) == {effusion.pk: True, heart.pk: False}


def test_the_database_refuses_a_weight_without_a_draw() -> None:
    queue = new_queue()
    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewItem.objects.create(queue=queue, audit=make_audit(), sampling_weight=3.0)


def test_orders(reader: User) -> None:
    sure = make_audit(scores={"cardiomegaly": 0.99})
    unsure = make_audit(flags=(), scores={"cardiomegaly": 0.52, "nodule_mass": None})
    first = {}
    for order in (Queue.Order.URGENT, Queue.Order.UNCERTAIN):
        queue = new_queue(order=order, unflagged_share=1.0)
        fill_queue(queue=queue, actor=reader)
        claimed = claim_slot(queue=queue, reviewer=reader)
        assert isinstance(claimed, Claimed)
        first[order] = claimed.slot.item.audit_id
    assert first == {Queue.Order.URGENT: sure.pk, Queue.Order.UNCERTAIN: unsure.pk}


def test_an_informative_queue_draws_once_by_chances_that_it_keeps(reader: User) -> None:
    absent: dict[Label, str] = dict.fromkeys(LABELS, "absent")
    dull = [make_audit(flags=(), image_labels=absent) for _ in range(12)]
    rare = {**absent, Label.NODULE_MASS: "present"}
    telling = [make_audit(image_labels=rare) for _ in range(4)]
    queue = new_queue(order=Queue.Order.INFORMATIVE)
    first = fill_queue(queue=queue, actor=reader)
    items = list(queue.items.select_related("audit"))
    chances = {item.audit_id: 1 / item.sampling_weight for item in items}
    assert (first.matched, first.drawn, first.added) == (16, len(items), len(items))
    # No scores and no second version: what is left is how rare a nodule is, 12 of 16 without.
    rare_chance = LEAST + (1 - LEAST) * 0.75 / 3
    for audit in (*dull, *telling):
        chance = rare_chance if audit in telling else LEAST
        assert (audit.pk in chances) == (draw_of(queue, audit.pk) < chance)
        assert chances.get(audit.pk, chance) == pytest.approx(chance)
    # What comes in or changes later has no chance here, so that the weights stay true.
    make_audit(image_labels=rare)
    assert fill_queue(queue=queue, actor=reader).added == 0
    ranks = queue.slots.order_by("rank").values_list("item__audit", flat=True)
    assert list(ranks) == sorted(chances, key=lambda pk: draw_of(queue, pk) / chances[pk])


def draw_of(queue: Queue, audit: uuid.UUID) -> float:
    return chance_of(queue, "draw", audit) / RANKS


def test_nothing_enters_an_informative_queue_by_choice(desk: APIClient) -> None:
    queue = new_queue(order=Queue.Order.INFORMATIVE)
    with pytest.raises(Conflict, match="by chance"):
        add_audit(queue=queue, audit=make_audit())
    for field in ({"takes_done_audits": True}, {"unflagged_share": 0.5}):
        asked = {"name": "Q", "order": "informative", **field}
        refused = desk.post(QUEUES, asked, format="json")
        assert (
            refused.status_code == 400 and field.keys() <= refused.json()["error"]["fields"].keys()
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            new_queue(order=Queue.Order.INFORMATIVE, **field)


def test_two_versions_that_differ_make_a_case_interesting() -> None:
    queue = new_queue(order=Queue.Order.INFORMATIVE, informed_share=0.5)
    heart = {Label.CARDIOMEGALY: "absent"}
    same, other = make_audit(image_labels=heart), make_audit(image_labels=heart)
    for audit, state in ((same, "absent"), (other, "present")):
        second = ModelVersion.objects.create(
            kind="grounder", name="second", version=str(audit.pk), hash=audit.pk.hex * 2,
            licence="CC0-1.0", may_release_output=True,
        )  # fmt: skip
        Audit.objects.create(
            case=audit.case, draft=audit.draft, grounder=second, parser=audit.parser, policy="1",
            state="done", finished_at=audit.finished_at, image_state="grounded",
            draft_state="parsed", image_labels={Label.CARDIOMEGALY: state}, draft_labels={},
        )  # fmt: skip
    chances = {pk: chance for part in draw_from(queue) for pk, chance in part.items()}
    assert chances[same.pk] == pytest.approx(0.5 * LEAST)
    assert chances[other.pk] == pytest.approx(0.5 * (LEAST + (1 - LEAST) / 3))


def test_a_random_queue_gives_every_item(reader: User) -> None:
    for _ in range(6):
        make_audit()
    queue = new_queue(order=Queue.Order.RANDOM)
    fill_queue(queue=queue, actor=reader)
    claims = [claim_slot(queue=queue, reviewer=make_user(f"r{at}")) for at in range(6)]
    got = {claim.slot.pk for claim in claims if isinstance(claim, Claimed)}
    assert got == set(ReviewSlot.objects.filter(queue=queue).values_list("pk", flat=True))


def test_a_read_is_pinned_to_the_guideline_it_began_under(reader: User, desk: APIClient) -> None:
    make_audit(), make_audit()
    queue = new_queue(guideline="one")
    fill_queue(queue=queue, actor=reader)
    before = claim_slot(queue=queue, reviewer=reader)
    url = f"{QUEUES}/{queue.pk}"
    assert desk.patch(url, {"guideline": "two"}, format="json").json()["guideline_version"] == 2
    assert desk.patch(url, {"guideline": "two"}, format="json").json()["guideline_version"] == 2
    after = claim_slot(queue=Queue.objects.get(pk=queue.pk), reviewer=make_user("later"))
    assert isinstance(before, Claimed) and isinstance(after, Claimed)
    assert (before.read.guideline_version, after.read.guideline_version) == (1, 2)
    kept = Guideline.objects.filter(queue=queue).order_by("version")
    assert [(row.version, row.text) for row in kept] == [(1, "one")]
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.filter(version=1).update(text="other")


def test_a_closed_queue_takes_nothing_and_stays_closed(desk: APIClient) -> None:
    make_audit()
    queue = new_queue()
    url = f"{QUEUES}/{queue.pk}"
    assert desk.patch(url, {"state": "closed"}, format="json").status_code == 200
    assert desk.post(f"{url}/fill").json()["error"]["code"] == "closed"
    assert desk.patch(url, {"state": "open"}, format="json").json()["error"]["code"] == "closed"
    assert not queue.items.exists()


def side_by_side(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs at once in their own connections; what each returned or raised."""
    results: list[object] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(at: int) -> None:
        gate.wait()
        try:
            results[at] = jobs[at]()
        except Conflict as refused:
            results[at] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_fillings_and_an_ending_audit_beside_each_other_make_each_item_once() -> None:
    curator = make_user("curator")
    audits = [make_audit() for _ in range(20)]
    queue = new_queue(reads_per_item=2, takes_done_audits=True)
    results = side_by_side(
        lambda: fill_queue(queue=queue, actor=curator),
        lambda: fill_queue(queue=queue, actor=curator),
        lambda: [enqueue_done_audit(audit=audit) for audit in audits],
    )
    assert queue.items.count() == 20 and queue.slots.count() == 40
    fills = [result for result in results if isinstance(result, Filled)]
    assert [fill.added + fill.already for fill in fills] == [20, 20]
    by_ending = AuditLogEntry.objects.filter(
        action="queue.item_added", data__queue=str(queue.pk)
    ).count()
    assert sum(fill.added for fill in fills) + by_ending == 20


@pytest.mark.django_db(transaction=True)
def test_pausing_waits_for_a_claim_under_way_and_no_later_one_succeeds() -> None:
    curator, early, late = make_user("curator"), make_user("early"), make_user("late")
    make_audit(), make_audit()
    queue = new_queue()
    fill_queue(queue=queue, actor=curator)
    claimed, pausing = threading.Event(), threading.Event()

    def claim_slowly() -> object:
        with transaction.atomic():
            result = claim_slot(queue=queue, reviewer=early)
            claimed.set()
            pausing.wait(0.3)  # never set before this commits: pausing waits for it
            assert not pausing.is_set()
        return result

    def pause() -> None:
        claimed.wait(30)
        change_queue(queue_id=queue.pk, actor=curator, state=Queue.State.PAUSED)
        pausing.set()

    first, _ = side_by_side(claim_slowly, pause)
    assert isinstance(first, Claimed)
    # The caller still holds the queue as it was: open.
    assert queue.state == Queue.State.OPEN
    assert claim_slot(queue=queue, reviewer=late) == Nothing("paused")
