"""Blind reading: the image first, then the draft, then the flags, and nothing before its step."""

import json
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import krippendorff
import numpy as np
import pytest
from django.db import IntegrityError, InternalError, connections, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from audits.models import (
    Audit,
    BlindCommit,
    Claim,
    Exposure,
    Finding,
    LedgerRow,
    Mention,
    Queue,
    ReviewSlot,
    Sending,
    Skip,
    User,
)
from audits.services.queues import add_audit
from inference.vocabulary import LABELS
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_queue, make_user
from tests.audits.test_permissions import METHODS, NAMED, OPEN, address
from tests.audits.test_review_api import decide, say

pytestmark = pytest.mark.django_db

API = "/api/v1"
DRAFT = "Zebra-striped lungs, no pneumothorax."
STATES = dict.fromkeys((label.value for label in LABELS), "absent")
SPOKEN = ("zebra", "quagga", "okapi")
"""Words of the draft and of what models said; none may be in any answer before its step."""


@pytest.fixture
def audit() -> Audit:
    """A done audit with something of every kind that could leak."""
    made = make_audit(
        flags=(("MISSING", "pneumothorax"), ("URGENT", "pneumothorax")),
        draft=DRAFT,
        scores={"pneumothorax": 0.87654321},
    )
    Finding.objects.create(
        audit=made,
        position=0,
        label="pneumothorax",
        y0=0.1,
        x0=0.1,
        y1=0.4,
        x1=0.4,
        score=0.87654321,
    )
    Mention.objects.create(
        audit=made, position=0, label="pneumothorax", state="absent", start=0, end=5, text="Zebra"
    )
    Claim.objects.create(
        audit=made, position=0, start=0, end=5, text="Zebra", type="absence", alignment="uncertain"
    )
    LedgerRow.objects.create(
        audit=made, position=0, step="grounding", reason="unknown_label", raw="quagga", attempt=1
    )
    return made


@pytest.fixture
def queue(audit: Audit) -> Queue:
    return blind_queue(audit)


def blind_queue(*audits: Audit, **rules: Any) -> Queue:
    queue = make_queue()
    queue.mode, queue.order = Queue.Mode.BLIND_FIRST, Queue.Order.RANDOM
    for name, value in rules.items():
        setattr(queue, name, value)
    queue.save()
    for audit in audits:
        add_audit(queue=queue, audit=audit)
    return queue


def claim(api: APIClient, queue: Queue) -> dict[str, Any]:
    answer = api.post(f"{API}/queues/{queue.pk}/claim", {})
    assert answer.status_code == 200, answer.content
    slot: dict[str, Any] = answer.json()["slot"]
    assert slot is not None, answer.json()
    return slot


def commit(api: APIClient, slot: dict[str, Any], step: str, **more: Any) -> Any:
    more.setdefault("id", str(uuid.uuid4()))
    if step == "image":
        more.setdefault("states", STATES)
    return say(api, slot, "commit", step=step, **more)


def test_a_blind_read_goes_through_its_steps(api: APIClient, queue: Queue, audit: Audit) -> None:
    slot = claim(api, queue)
    assert (slot["step"], slot["commits"]) == ("image", [])
    seen = {**STATES, "pneumothorax": "uncertain"}
    boxes = [{"label": "pneumothorax", "box": [0.1, 0.2, 0.3, 0.4]}]
    first = commit(api, slot, "image", states=seen, boxes=boxes, active_seconds=12.5)
    assert (first.status_code, first.json()["next"]) == (201, "draft")
    assert (first.json()["states"], first.json()["boxes"]) == (seen, boxes)
    shown = api.get(f"{API}/audits/{audit.pk}").json()
    assert (shown["shown"], shown["draft"]["text"], shown["flags"]) == ("draft", DRAFT, [])
    assert commit(api, slot, "draft").json()["next"] == "flags"
    whole = api.get(f"{API}/audits/{audit.pk}").json()
    assert whole["shown"] == "flags" and len(whole["flags"]) == 2 and whole["mentions"]
    again = api.get(f"{API}/slots/{slot['id']}").json()
    assert [kept["step"] for kept in again["commits"]] == ["image", "draft"]
    for flag in audit.flags.all():
        assert decide(api, slot, flag).status_code == 201
    assert say(api, slot, "submit", nothing_else_missed=True).status_code == 200


def test_nothing_is_decided_before_the_flags(api: APIClient, queue: Queue, audit: Audit) -> None:
    slot = claim(api, queue)
    flag = audit.flags.first()
    for step in ("image", "draft"):
        missed = {"id": str(uuid.uuid4()), "label": "nodule_mass"}
        for answer in (
            decide(api, slot, flag),
            say(api, slot, "missed-findings", **missed),
            say(api, slot, "undo"),
            say(api, slot, "submit", nothing_else_missed=True),
        ):
            error = answer.json()["error"]
            assert (answer.status_code, error["code"], error["step"]) == (409, "blind_step", step)
        commit(api, slot, step)
    assert decide(api, slot, flag).status_code == 201


def test_steps_go_in_order_and_once(api: APIClient, queue: Queue) -> None:
    slot = claim(api, queue)
    early = commit(api, slot, "draft")
    assert (early.status_code, early.json()["error"]["step"]) == (409, "image")
    same = str(uuid.uuid4())
    assert commit(api, slot, "image", id=same).status_code == 201
    assert commit(api, slot, "image", id=same).status_code == 200
    assert commit(api, slot, "draft", id=same).status_code == 400
    assert commit(api, slot, "image").json()["error"]["step"] == "draft"
    assert commit(api, slot, "draft").status_code == 201
    assert commit(api, slot, "draft").json()["error"]["step"] == "flags"
    assert BlindCommit.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"states": None}, "states"),
        ({"states": {"pneumothorax": "present"}}, "states"),
        ({"states": {**STATES, "fracture": "present"}}, "states"),
        ({"states": {**STATES, "pneumothorax": "perhaps"}}, "states"),
        ({"boxes": [{"label": "pneumothorax", "box": [0, 0, 1, 1]}]}, "boxes"),
        ({"boxes": [{"label": "pneumothorax", "box": [1, 0, 0, 1]}]}, "boxes"),
        ({"step": "flags"}, "step"),
        ({"active_seconds": -1}, "active_seconds"),
    ],
)
def test_a_senseless_commit_is_refused_by_name(
    api: APIClient, queue: Queue, more: dict[str, Any], field: str
) -> None:
    slot = claim(api, queue)
    asked = {"step": "image", "states": STATES, "id": str(uuid.uuid4()), **more}
    answer = say(api, slot, "commit", **asked)
    assert answer.status_code == 400
    assert [name.partition(".")[0] for name in answer.json()["error"]["fields"]] == [field]
    assert not BlindCommit.objects.exists()


def test_the_draft_step_takes_no_states(api: APIClient, queue: Queue) -> None:
    slot = claim(api, queue)
    commit(api, slot, "image")
    assert commit(api, slot, "draft", states=STATES).status_code == 400


def test_a_flags_first_read_has_no_steps(api: APIClient, audit: Audit) -> None:
    slot = claim(api, make_queue(audit))
    assert slot["step"] == "flags"
    assert commit(api, slot, "image").json()["error"]["code"] == "blind_step"


def test_commits_are_never_edited(api: APIClient, queue: Queue) -> None:
    commit(api, claim(api, queue), "image")
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        BlindCommit.objects.update(states=dict.fromkeys(STATES, "present"))
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        BlindCommit.objects.all().delete()


# What is shown to whom, asked of every address there is.


def everything_answered(user: User, audit: Audit, slot: dict[str, Any] | None) -> str:
    """Every answer of every address to this person, with every method but those that end the
    read; in lower case."""
    ids = {
        "audit_id": audit.pk,
        "case_id": audit.case_id,
        "draft_id": audit.draft_id,
        "model_id": audit.grounder_id,
        **({"slot_id": slot["id"], "queue_id": slot["queue"]} if slot else {}),
    }
    told = []
    lists = ("audits", "cases", "adjudications", "stats")
    for name in sorted(NAMED.keys() - OPEN):
        for method in METHODS:
            with transaction.atomic():
                answer = getattr(client_of(user), method)(address(name, ids))
                told.append(_text(answer))
                transaction.set_rollback(True)
    more = [f"{API}/{name}?limit=200" for name in lists]
    more += [f"{API}/audits?q={word}" for word in SPOKEN]
    more += [f"{API}/audits?label=pneumothorax", f"{API}/audits?kind=URGENT&order=urgent"]
    more += [f"{API}/audits/{audit.pk}?all=1"]
    for url in more:
        answer = client_of(user).get(url)
        # What was asked is told back in the links; what was found is what counts.
        told.append(json.dumps(answer.json().get("results", answer.json())))
    return "\n".join(told).lower()


def _text(answer: Any) -> str:
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")
    return str(answer.content.decode(errors="replace"))


def leaks(told: str, audit: Audit, *, with_draft: bool) -> list[str]:
    """Words, numbers and ids of the audit that stand in the answers and may not."""
    said = [
        *SPOKEN,
        # More digits than the microseconds of a moment, which could spell a shorter one.
        "0.87654321",
        *(str(flag.pk) for flag in audit.flags.all()),
        '"urgent", "label"',
    ]
    allowed = ("zebra",) if with_draft else ()
    return [word for word in said if word in told and word not in allowed]


def test_no_address_tells_what_comes_later(reader: User, queue: Queue, audit: Audit) -> None:
    make_queue(audit)  # the same audit in a queue that shows flags at once
    assert leaks(everything_answered(reader, audit, None), audit, with_draft=False) == []
    slot = claim(client_of(reader), queue)
    image = everything_answered(reader, audit, slot)
    assert leaks(image, audit, with_draft=False) == []
    commit(client_of(reader), slot, "image")
    assert leaks(everything_answered(reader, audit, slot), audit, with_draft=True) == []
    commit(client_of(reader), slot, "draft")
    whole = everything_answered(reader, audit, slot)
    # The same search finds all of it once it is shown: it would find a leak.
    assert {"zebra", "quagga", "0.87654321"} <= set(leaks(whole, audit, with_draft=False))


def test_who_holds_it_sees_the_image_and_nobody_else_who_may_read_it(
    reader: User, queue: Queue, audit: Audit
) -> None:
    slot = claim(client_of(reader), queue)
    other = make_user("bea")
    for name in ("image", "pixels", "thumbnail"):
        url = f"{API}/cases/{audit.case_id}/{name}"
        assert client_of(reader).get(url).status_code == 200
        assert client_of(other).get(url).status_code == 404
    assert client_of(reader).get(f"{API}/cases/{audit.case_id}").status_code == 404
    assert client_of(other).get(f"{API}/audits/{audit.pk}").status_code == 404
    say(client_of(reader), slot, "release")
    assert client_of(reader).get(f"{API}/cases/{audit.case_id}/image").status_code == 404


def test_counts_leave_out_what_is_to_be_read_blind(
    api: APIClient, queue: Queue, audit: Audit
) -> None:
    make_queue(audit)
    assert sum(api.get(f"{API}/stats").json()["flags"].values()) == 0
    slot = claim(api, queue)
    commit(api, slot, "image")
    assert sum(api.get(f"{API}/stats").json()["flags"].values()) == 0
    commit(api, slot, "draft")
    assert sum(api.get(f"{API}/stats").json()["flags"].values()) == 2


@pytest.mark.parametrize("end", ["skip", "closed", "read_by_others", "no_member"])
def test_blindness_ends_with_the_chance_to_read(
    reader: User, queue: Queue, audit: Audit, end: str
) -> None:
    make_queue(audit)
    api = client_of(reader)
    assert api.get(f"{API}/audits/{audit.pk}").status_code == 404
    item = queue.items.get()
    if end == "skip":
        Skip.objects.create(item=item, reviewer=reader, reason="other")
    elif end == "closed":
        Queue.objects.filter(pk=queue.pk).update(state="closed")
    elif end == "no_member":
        Queue.objects.filter(pk=queue.pk).update(open_to_all=False)
    else:
        other = make_user("bea")
        slot = claim(client_of(other), queue)
        commit(client_of(other), slot, "image")
        commit(client_of(other), slot, "draft")
        for flag in audit.flags.all():
            decide(client_of(other), slot, flag)
        assert say(client_of(other), slot, "submit", nothing_else_missed=True).status_code == 200
    assert api.get(f"{API}/audits/{audit.pk}").status_code == 200


# Who was shown flags can't read blind.


def show_audit(api: APIClient, audit: Audit) -> None:
    assert api.get(f"{API}/audits/{audit.pk}").status_code == 200


def show_list(api: APIClient, audit: Audit) -> None:
    assert api.get(f"{API}/audits").json()["results"]


def show_claim(api: APIClient, audit: Audit) -> None:
    assert api.post(f"{API}/queues/{Queue.objects.first().pk}/claim", {}).json()["slot"]


@pytest.mark.parametrize("show", [show_audit, show_list, show_claim])
def test_who_was_shown_flags_is_not_offered_the_case(
    reader: User, audit: Audit, show: Callable[[APIClient, Audit], None]
) -> None:
    Queue.objects.exclude(pk=make_queue(audit).pk).delete()
    api = client_of(reader)
    show(api, audit)
    assert Exposure.objects.filter(user=reader, case=audit.case).exists()
    queue = blind_queue(audit)
    answer = api.post(f"{API}/queues/{queue.pk}/claim", {}).json()
    assert (answer["slot"], answer["reason"], answer["barred"]) == (None, "all_yours_done", 1)
    assert claim(client_of(make_user("bea")), queue)


def test_flags_of_another_audit_of_the_case_bar_it_too(reader: User, audit: Audit) -> None:
    other = Audit.objects.create(
        case=audit.case,
        draft=audit.draft,
        grounder=audit.grounder,
        parser=audit.parser,
        policy="0",
        state="done",
        image_state="grounded",
        draft_state="parsed",
        image_labels=audit.image_labels,
        draft_labels=audit.draft_labels,
        finished_at=timezone.now(),
    )
    make_queue(other)
    show_audit(client_of(reader), other)
    queue = blind_queue(audit)
    assert client_of(reader).post(f"{API}/queues/{queue.pk}/claim", {}).json()["barred"] == 1


def test_who_sent_a_draft_of_the_case_knows_it(reader: User, queue: Queue, audit: Audit) -> None:
    Sending.objects.create(draft=audit.draft, user=reader)
    answer = client_of(reader).post(f"{API}/queues/{queue.pk}/claim", {}).json()
    assert (answer["slot"], answer["barred"]) == (None, 1)


def test_an_administrator_never_reads_blind(administrator: User, queue: Queue) -> None:
    answer = client_of(administrator).post(f"{API}/queues/{queue.pk}/claim", {}).json()
    assert (answer["slot"], answer["barred"]) == (None, 1)


def test_a_curator_who_looks_gives_their_blindness_up(
    curator: User, queue: Queue, audit: Audit
) -> None:
    api = client_of(curator)
    slot = claim(api, queue)
    # While they hold it, it is kept from them like from anybody.
    assert api.get(f"{API}/audits/{audit.pk}").json()["shown"] == "image"
    say(api, slot, "release")
    show_audit(api, audit)
    assert api.post(f"{API}/queues/{queue.pk}/claim", {}).json()["barred"] == 1


def test_a_commit_after_the_flags_were_shown_is_refused(
    reader: User, queue: Queue, audit: Audit
) -> None:
    slot = claim(client_of(reader), queue)
    Exposure.objects.create(user=reader, case=audit.case)  # shown elsewhere in the same moment
    answer = commit(client_of(reader), slot, "image")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "shown_flags")
    assert say(client_of(reader), slot, "skip", reason="other").status_code == 204


def test_another_queue_does_not_offer_what_is_to_be_read_blind(
    reader: User, queue: Queue, audit: Audit
) -> None:
    flags_first = make_queue(audit)
    answer = client_of(reader).post(f"{API}/queues/{flags_first.pk}/claim", {}).json()
    assert (answer["slot"], answer["barred"]) == (None, 1)
    asked = client_of(reader).post(
        f"{API}/queues/{flags_first.pk}/claim", {"audit": str(audit.pk)}, format="json"
    )
    assert asked.json()["error"]["code"] == "not_available"


def test_what_was_committed_stays_with_the_person(reader: User, queue: Queue) -> None:
    api = client_of(reader)
    slot = claim(api, queue)
    commit(api, slot, "image")
    say(api, slot, "release")
    again = claim(api, queue)
    assert again["fence"] == slot["fence"] + 1
    assert again["step"] == "draft" and again["commits"][0]["states"] == STATES
    say(api, again, "release")
    other = claim(client_of(make_user("bea")), queue)
    assert (other["step"], other["commits"]) == ("image", [])


def test_queues_are_made_blind_and_random(curator: User) -> None:
    api = client_of(curator)
    made = api.post(f"{API}/queues", {"name": "blind", "mode": "blind_first"}, format="json")
    assert (made.status_code, made.json()["order"]) == (201, "random")
    asked = {"name": "worse", "mode": "blind_first", "order": "urgent"}
    refused = api.post(f"{API}/queues", asked, format="json")
    assert list(refused.json()["error"]["fields"]) == ["order"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Queue.objects.create(name="by hand", mode="blind_first", order="urgent")


# Races: the rival runs in the gap.


def side_by_side(*calls: Callable[[], Any]) -> list[Any]:
    answers: list[Any] = [None] * len(calls)
    ready = threading.Barrier(len(calls))

    def run(place: int) -> None:
        ready.wait()
        try:
            answers[place] = calls[place]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_commits_at_once_are_one(reader: User, queue: Queue) -> None:
    slot = claim(client_of(reader), queue)
    answers = side_by_side(*[lambda: commit(client_of(reader), slot, "image")] * 4)
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201, 409, 409, 409]
    assert BlindCommit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_commit_sent_twice_at_once_is_one(reader: User, queue: Queue) -> None:
    slot, same = claim(client_of(reader), queue), str(uuid.uuid4())
    answers = side_by_side(*[lambda: commit(client_of(reader), slot, "image", id=same)] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]


@pytest.mark.django_db(transaction=True)
def test_a_commit_in_the_gap_of_a_lost_lease_is_refused(reader: User, queue: Queue) -> None:
    slot = claim(client_of(reader), queue)
    past = timezone.now() - timedelta(minutes=1)
    ReviewSlot.objects.filter(pk=slot["id"]).update(leased_until=past)
    late = commit(client_of(reader), slot, "image")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "lease_expired")
    other = claim(client_of(make_user("bea")), queue)
    taken = commit(client_of(reader), slot, "image")
    assert taken.json()["error"]["code"] == "lease_taken"
    assert other["step"] == "image" and not BlindCommit.objects.exists()
    # Nor is the image theirs to look at any more.
    assert client_of(reader).get(f"{API}/audits/{slot['audit']}").status_code == 404


# What readers saw blind is compared.

NODULE, EFFUSION = "nodule_mass", "pleural_effusion"
BOX, NEAR = [0.1, 0.1, 0.3, 0.3], [0.1, 0.1, 0.3, 0.2]


def read_blind(
    user: User, queue: Queue, audit: Audit, states: dict[str, str], *boxes: dict[str, Any],
    verdict: str = "confirmed",
) -> None:  # fmt: skip
    api = client_of(user)
    answer = api.post(f"{API}/queues/{queue.pk}/claim", {"audit": str(audit.pk)}, format="json")
    slot = answer.json()["slot"]
    assert commit(api, slot, "image", states={**STATES, **states}, boxes=boxes).status_code == 201
    assert commit(api, slot, "draft").status_code == 201
    for flag in audit.flags.all():
        why = "on_image" if flag.kind == "UNSUPPORTED" else "not_on_image"
        said = {"verdict": verdict, **({"reason": why} if verdict == "dismissed" else {})}
        assert decide(api, slot, flag, **said).status_code == 201
    assert say(api, slot, "submit", nothing_else_missed=True).status_code == 200


def test_agreement_is_on_what_was_seen_before_any_flag(curator: User) -> None:
    said = [
        ("present", "present"),
        ("present", "absent"),
        ("uncertain", "present"),
        ("absent", "absent"),
        ("absent", "absent"),
    ]
    audits = [make_audit(flags=(("MISSING", NODULE),)) for _ in said]
    queue = blind_queue(*audits, reads_per_item=2)
    one, two = make_user("one"), make_user("two")
    for audit, (first, second) in zip(audits, said, strict=True):
        drawn = [{"label": NODULE, "box": BOX}] if first == "present" else []
        near = [{"label": NODULE, "box": NEAR}] if second == "present" else []
        read_blind(one, queue, audit, {NODULE: first}, *drawn)
        read_blind(two, queue, audit, {NODULE: second}, *near, verdict="dismissed")
    # Begun and not submitted: it counts for nothing.
    begun = make_audit(flags=())
    add_audit(queue=queue, audit=begun)
    answer = client_of(one).post(
        f"{API}/queues/{queue.pk}/claim", {"audit": str(begun.pk)}, format="json"
    )
    commit(client_of(one), answer.json()["slot"], "image")
    report = client_of(curator).get(f"{API}/queues/{queue.pk}/agreement").json()
    blind = {row["label"]: row for row in report["rows"] if row["blind"]}
    ours = blind[NODULE]
    names = ["present", "uncertain", "absent"]
    table = np.array([[names.index(a), names.index(b)] for a, b in said], dtype=float)
    alpha = krippendorff.alpha(
        reliability_data=table.T, level_of_measurement="nominal", value_domain=[0, 1, 2]
    )
    # Gwet's AC1 by its definition: irrCAC, which computes it too, asks for a scipy of 2024.
    shares = np.array([np.mean(table == place) for place in range(3)])
    chance = float(np.sum(shares * (1 - shares)) / 2)
    ac1 = (3 / 5 - chance) / (1 - chance)
    assert ours["n"] == 5 and ours["percent"]["value"] == pytest.approx(3 / 5)
    assert ours["krippendorff_alpha"]["value"] == pytest.approx(alpha)
    assert ours["gwet_ac1"]["value"] == pytest.approx(ac1)
    assert (ours["box_iou"]["value"], ours["box_iou"]["n"]) == (pytest.approx(0.5), 1)
    assert blind[EFFUSION]["percent"]["value"] == 1.0 and blind[EFFUSION]["box_iou"] is None
    assert blind[None]["n"] == 25
    flags = [row for row in report["rows"] if not row["blind"] and row["kind"]]
    assert flags[0]["percent"]["value"] == 0.0


def test_how_far_the_flags_carried_readers_is_told(curator: User) -> None:
    audits = [make_audit(flags=(("MISSING", NODULE), ("UNSUPPORTED", EFFUSION))) for _ in range(3)]
    queue = blind_queue(*audits)
    reader = make_user("one")
    # Saw no nodule and confirmed the flag; saw the effusion and confirmed that it is unsupported.
    read_blind(reader, queue, audits[0], {NODULE: "absent", EFFUSION: "present"})
    # Saw the nodule and let the flag go; saw no effusion, and let that flag go too.
    read_blind(reader, queue, audits[1], {NODULE: "present"}, verdict="dismissed")
    read_blind(reader, queue, audits[2], {NODULE: "uncertain", EFFUSION: "uncertain"})
    told = client_of(curator).get(f"{API}/queues/{queue.pk}/agreement").json()["automation"]
    rows = {(row["kind"], row["label"]): row for row in told}
    assert rows[(None, None)]["n"] == 6 and rows[(None, None)]["unsure"] == 2
    missing = rows[("MISSING", NODULE)]
    assert (missing["followed"]["value"], missing["followed"]["n"]) == (1.0, 1)
    assert (missing["left"]["value"], missing["left"]["n"]) == (1.0, 1)
    unsupported = rows[("UNSUPPORTED", EFFUSION)]
    assert (unsupported["followed"]["value"], unsupported["unsure"]) == (1.0, 1)
