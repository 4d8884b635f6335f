"""A reader's shift over HTTP: claim, decide, submit; and what the API says when it can't be."""

import uuid
from typing import Any

import pytest
from rest_framework.test import APIClient

from audits.models import Audit, Decision, MissedFinding, Queue, Read, ReviewSlot, User
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_queue, make_user

pytestmark = pytest.mark.django_db

API = "/api/v1"


@pytest.fixture
def audit() -> Audit:
    return make_audit(flags=(("MISSING", "pneumothorax"), ("URGENT", "pneumothorax")))


@pytest.fixture
def queue(audit: Audit) -> Queue:
    return make_queue(audit)


@pytest.fixture
def slot(api: APIClient, queue: Queue) -> dict[str, Any]:
    answer = api.post(f"{API}/queues/{queue.pk}/claim", {})
    assert answer.status_code == 200
    claimed: dict[str, Any] = answer.json()["slot"]
    return claimed


def held(slot: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"lease_token": slot["lease_token"], "fence": slot["fence"], **more}


def say(api: APIClient, slot: dict[str, Any], what: str, **more: Any) -> Any:
    return api.post(f"{API}/slots/{slot['id']}/{what}", held(slot, **more), format="json")


def decide(api: APIClient, slot: dict[str, Any], flag: Any, **said: Any) -> Any:
    said.setdefault("id", str(uuid.uuid4()))
    said.setdefault("verdict", "confirmed")
    return say(api, slot, "decisions", flag=str(flag.pk), **said)


def test_a_case_tells_a_curator_alone_what_is_settled(
    api: APIClient, curator: User, slot: dict[str, Any], audit: Audit
) -> None:
    address = f"{API}/cases/{audit.case_id}"
    assert client_of(curator).get(address).json()["settled"] == []
    for flag in audit.flags.all():
        assert decide(api, slot, flag).status_code == 201
    assert say(api, slot, "submit", nothing_else_missed=True).status_code == 200
    settled = {"label": "pneumothorax", "state": "present", "rule": "single_read"}
    assert client_of(curator).get(address).json()["settled"] == [settled]
    assert api.get(address).json()["settled"] is None


def test_audits_are_narrowed_to_a_case(api: APIClient, queue: Queue, audit: Audit) -> None:
    make_queue(make_audit())
    found = api.get(f"{API}/audits", {"case": str(audit.case_id)}).json()["results"]
    assert [row["id"] for row in found] == [str(audit.pk)]
    assert len(api.get(f"{API}/audits").json()["results"]) == 2
    assert api.get(f"{API}/audits", {"case": "x"}).status_code == 400


def test_a_whole_shift(api: APIClient, slot: dict[str, Any], audit: Audit) -> None:
    missing, urgent = audit.flags.order_by("position")
    first = decide(api, slot, missing, verdict="dismissed", reason="draft_misread")
    assert first.status_code == 201
    assert first.json()["layers"] == {
        "finding_true": True,
        "box_right": True,
        "draft_read_right": False,
    }
    left = say(api, slot, "submit", nothing_else_missed=True)
    assert (left.status_code, left.json()["error"]["code"]) == (400, "incomplete")
    moved = decide(
        api,
        slot,
        urgent,
        verdict="confirmed_modified",
        box=[0.1, 0.2, 0.3, 0.4],
        significance="significant",
        active_seconds=6.5,
    )
    assert moved.json()["box"] == [0.1, 0.2, 0.3, 0.4]
    done = say(api, slot, "submit", nothing_else_missed=True)
    assert done.status_code == 200
    assert Read.objects.get().submitted_at is not None
    empty = api.post(f"{API}/queues/{slot['queue']}/claim", {}).json()
    assert (empty["slot"], empty["reason"]) == (None, "empty")


def test_a_reader_overrides_what_follows_for_a_layer(
    api: APIClient, slot: dict[str, Any], audit: Audit
) -> None:
    missing, urgent = audit.flags.order_by("position")
    said = decide(api, slot, missing, layers={"box_right": False, "draft_read_right": None})
    assert said.json()["layers"] == {
        "finding_true": True,
        "box_right": False,
        "draft_read_right": None,
    }
    kept = api.get(f"{API}/slots/{slot['id']}").json()["read"]["decisions"]
    assert [each["layers"] for each in kept] == [said.json()["layers"]]
    refused = decide(api, slot, urgent, layers={"box_right": "perhaps"})
    assert refused.status_code == 400
    assert "layers.box_right" in refused.json()["error"]["fields"]


def test_a_queue_counts_its_slots(api: APIClient, slot: dict[str, Any]) -> None:
    queue = api.get(f"{API}/queues/{slot['queue']}").json()
    assert queue["counts"] == {"items": 1, "slots": 1, "submitted": 0, "leased": 1, "free": 0}
    listed = api.get(f"{API}/queues").json()
    assert queue in listed["results"]


def test_the_same_save_sent_again_is_200(
    api: APIClient, slot: dict[str, Any], audit: Audit
) -> None:
    again = str(uuid.uuid4())
    answers = [decide(api, slot, audit.flags.first(), id=again) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"verdict": "maybe"}, "verdict"),
        ({"verdict": "dismissed"}, "reason"),
        ({"reason": "duplicate"}, "reason"),
        ({"verdict": "confirmed_modified"}, "box"),
        ({"box": [0.4, 0.1, 0.2, 0.3]}, "box"),
        ({"box": [0.1, 0.1, 0.2]}, "box"),
        ({"box": [0.1, 0.1, 0.2, 1.5]}, "box"),
        ({"box": [0.1, 0.1, 0.2, "nan"]}, "box"),
        ({"significance": "huge"}, "significance"),
        ({"active_seconds": -1}, "active_seconds"),
        ({"comment": "x" * 4001}, "comment"),
        ({"comment": "null \u0000 byte"}, "comment"),
        ({"id": "not-a-uuid"}, "id"),
        ({"lease_token": None}, "lease_token"),
        ({"fence": "many"}, "fence"),
    ],
)
def test_a_bad_answer_names_its_field_and_stores_nothing(
    api: APIClient, slot: dict[str, Any], audit: Audit, said: dict[str, Any], field: str
) -> None:
    body = held(
        slot,
        id=str(uuid.uuid4()),
        flag=str(audit.flags.get(kind="MISSING").pk),
        verdict="confirmed",
    )
    answer = api.post(f"{API}/slots/{slot['id']}/decisions", {**body, **said}, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["error"]["fields"]
    assert not Decision.objects.exists()


def test_an_expired_lease_says_so_and_keeps_the_answer(
    api: APIClient, slot: dict[str, Any], audit: Audit
) -> None:
    ReviewSlot.objects.update(leased_until="2020-01-01T00:00:00Z")
    late = decide(api, slot, audit.flags.first())
    assert late.status_code == 409
    assert late.json()["error"]["code"] == "lease_expired"
    assert late.json()["error"]["kept"] is True
    back = api.post(f"{API}/slots/{slot['id']}/reclaim").json()
    assert len(back["read"]["decisions"]) == 1


def test_missed_findings_undo_heartbeat_and_skip(
    api: APIClient, slot: dict[str, Any], audit: Audit
) -> None:
    finding = {"id": str(uuid.uuid4()), "label": "nodule_mass", "box": [0.1, 0.1, 0.2, 0.2]}
    assert say(api, slot, "missed-findings", **finding).status_code == 201
    assert say(api, slot, "missed-findings", **finding).status_code == 200
    assert say(api, slot, "missed-findings", id=finding["id"], remove=True).status_code == 204
    assert say(api, slot, "missed-findings", id=str(uuid.uuid4())).status_code == 400
    assert MissedFinding.objects.count() == 1
    decision = decide(api, slot, audit.flags.first()).json()["id"]
    for _ in range(2):
        assert say(api, slot, "undo", decision=decision).json() == {"retracted": decision}
    assert say(api, slot, "undo").json() == {"retracted": None}
    assert say(api, slot, "heartbeat").json()["expires_at"] >= slot["expires_at"]
    assert say(api, slot, "skip", reason="because").status_code == 400
    assert say(api, slot, "skip", reason="image_quality").status_code == 204
    assert api.post(f"{API}/queues/{slot['queue']}/claim", {}).json()["reason"] == "all_yours_done"


def test_a_slot_shows_itself_to_its_reader_without_the_token(
    api: APIClient, slot: dict[str, Any]
) -> None:
    shown = api.get(f"{API}/slots/{slot['id']}").json()
    assert shown["id"] == slot["id"]
    assert shown["lease_token"] is None


@pytest.mark.parametrize(
    "what", ["heartbeat", "decisions", "missed-findings", "undo", "submit", "skip", "release"]
)
def test_another_reader_can_do_nothing_with_a_slot(
    slot: dict[str, Any], audit: Audit, what: str
) -> None:
    stranger = client_of(make_user("stranger"))
    body = {
        "id": str(uuid.uuid4()),
        "flag": str(audit.flags.first().pk),
        "verdict": "confirmed",
        "label": "nodule_mass",
        "nothing_else_missed": True,
        "reason": None if what == "decisions" else "other",
    }
    answer = say(stranger, slot, what, **body)
    assert answer.status_code in (404, 409)
    assert stranger.get(f"{API}/slots/{slot['id']}").status_code == 404
    assert not Decision.objects.exists()
    assert not MissedFinding.objects.exists()
    assert ReviewSlot.objects.get(state="leased").reviewer == User.objects.get(username="ada")


def test_releasing_gives_the_slot_back(api: APIClient, slot: dict[str, Any]) -> None:
    assert say(api, slot, "release").status_code == 204
    assert ReviewSlot.objects.get().state == "free"
    gone = say(api, slot, "heartbeat")
    assert (gone.status_code, gone.json()["error"]["code"]) == (409, "not_leased")
