"""Two versions on the same settled cases: nothing leaves a denominator, and lost answers show."""

import hashlib
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from audits.models import (
    Audit,
    AuditLogEntry,
    Comparison,
    Draft,
    Finding,
    Flag,
    ModelVersion,
    Promotion,
    Queue,
    ReviewItem,
    Settlement,
    User,
)
from audits.selectors.comparing import CaseSet, settled_set, side_of
from inference.vocabulary import LABELS
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_model, make_queue

pytestmark = pytest.mark.django_db

API = "/api/v1"
EFFUSION = "pleural_effusion"
BOX = [0.1, 0.1, 0.4, 0.4]
CASES = 10


def version(name: str, kind: str = "grounder") -> ModelVersion:
    return ModelVersion.objects.create(
        kind=kind,
        name="made-for-tests",
        version=name,
        hash=hashlib.sha256(name.encode()).hexdigest(),
        licence="CC0-1.0",
        may_release_output=True,
    )


def audited(draft: Draft, by: ModelVersion, *, sees: bool) -> Audit:
    """A done audit of the draft that sees an effusion, or nothing."""
    audit = Audit.objects.create(
        case=draft.case,
        draft=draft,
        grounder=by,
        parser=make_model("parser"),
        policy="1",
        state="done",
        image_state="grounded",
        draft_state="parsed",
        image_labels=dict.fromkeys(LABELS, "absent") | ({EFFUSION: "present"} if sees else {}),
        draft_labels=dict.fromkeys(LABELS),
        finished_at=timezone.now(),
    )
    if sees:
        y0, x0, y1, x1 = BOX
        Finding.objects.create(
            audit=audit, position=0, label=EFFUSION, y0=y0, x0=x0, y1=y1, x1=x1, score=0.9
        )
        Flag.objects.create(
            audit=audit, position=0, kind="MISSING", label=EFFUSION, reason="omitted", boxes=[BOX]
        )
    return audit


def settle(item: ReviewItem, *, true: bool) -> None:
    for label in LABELS:
        found = true and label == EFFUSION
        Settlement.objects.create(
            item=item,
            case=item.audit.case,
            label=label,
            basis="missed_finding" if found else "attested",
            rule="single_read",
            finding_true=found,
            box=BOX if found else None,
        )


@pytest.fixture
def versions() -> tuple[ModelVersion, ModelVersion]:
    """A sees no effusion at all; B sees those that are there."""
    return version("old"), version("new")


@pytest.fixture
def queue(versions: tuple[ModelVersion, ModelVersion]) -> Queue:
    """Ten settled cases, every second one with an effusion, audited by both versions."""
    first = [make_audit(flags=(), patient=str(number)) for number in range(CASES)]
    queue = make_queue(*first)
    old, new = versions
    for number, audit in enumerate(first):
        true = number % 2 == 0
        settle(ReviewItem.objects.get(audit=audit), true=true)
        audited(audit.draft, old, sees=False)
        audited(audit.draft, new, sees=true)
    return queue


def body(versions: tuple[ModelVersion, ModelVersion], **more: Any) -> dict[str, Any]:
    return {"a": str(versions[0].pk), "b": str(versions[1].pk), **more}


def denominators(report: dict[str, Any]) -> dict[str, int]:
    """Every n that must not depend on what a version answered."""
    scores = report["scores"]
    return {
        **{f"images {side}": report["accounting"][side]["images"] for side in "ab"},
        **{f"recall {side}": scores[side]["presence"][EFFUSION]["recall"]["n"] for side in "ab"},
        **{f"flags {side}": report["flags"][side]["recall"]["n"] for side in "ab"},
        **{f"mcnemar {label}": row["n"] for label, row in report["mcnemar"].items()},
        **{f"difference {name}": row["n"] for name, row in report["differences"].items()},
    }


def test_a_better_version_is_seen_to_be_better(
    curator: User, queue: Queue, versions: tuple[ModelVersion, ModelVersion]
) -> None:
    answer = client_of(curator).post(f"{API}/comparisons", body(versions, queue=str(queue.pk)))
    assert answer.status_code == 201
    made = answer.json()
    assert (made["cases"], made["left_out"], made["red"], made["warnings"]) == (10, 0, False, [])
    report = made["report"]
    assert report["accounting"]["b"]["used"] == CASES
    assert report["mcnemar"][EFFUSION] == {
        "n": 10,
        "both": 5,
        "only_a": 0,
        "only_b": 5,
        "p": 0.0625,
    }
    assert report["differences"]["iou50_rate"]["value"] == 1.0
    assert report["differences"]["iou50_rate"]["sure"]
    assert report["flags"]["a"]["recall"] | {"low": 0, "high": 0} == {
        "value": 0.0,
        "n": 5,
        "low": 0,
        "high": 0,
    }
    assert report["flags"]["b"]["precision"]["value"] == 1.0
    assert len(report["cases"]) == 5
    case = report["cases"][0]
    assert case["labels"] == {EFFUSION: {"truth": "present", "a": False, "b": True}}
    assert Audit.objects.get(pk=case["audits"]["b"]).grounder == versions[1]
    stored = client_of(curator).get(f"{API}/comparisons/{made['id']}").json()
    assert stored == made
    listed = client_of(curator).get(f"{API}/comparisons").json()["results"]
    assert listed == [{name: value for name, value in made.items() if name != "report"}]


def test_unreadable_answers_change_no_denominator_and_turn_it_red(
    curator: User, queue: Queue, versions: tuple[ModelVersion, ModelVersion]
) -> None:
    """The planted bug: a fifth of B's outputs can't be read; one audit fails, one is gone."""
    client = client_of(curator)
    whole = client.post(f"{API}/comparisons", body(versions)).json()
    # An effusion that B found, and a normal image it had right.
    lost, gone = Audit.objects.filter(grounder=versions[1]).order_by("created_at")[:2]
    draft = lost.draft
    lost.delete()
    gone.delete()
    Audit.objects.create(
        case=draft.case,
        draft=draft,
        grounder=versions[1],
        parser=make_model("parser"),
        policy="1",
        state="failed",
        failure_code="grounding_failed",
        failure_message="The answer could not be read.",
        finished_at=timezone.now(),
    )
    broken = client.post(f"{API}/comparisons", body(versions)).json()
    assert denominators(broken["report"]) == denominators(whole["report"])
    assert broken["red"]
    assert "2 of 10" in broken["warnings"][0]
    account = broken["report"]["accounting"]
    assert (account["b"]["used"], account["b"]["failed"], account["b"]["missing"]) == (8, 1, 1)
    assert account["unequal"]
    accuracy = [r["report"]["differences"]["accuracy"]["value"] for r in (whole, broken)]
    assert accuracy[1] < accuracy[0]


def test_of_one_label_the_stronger_rule_holds_and_equals_that_differ_leave_it_open(
    curator: User, queue: Queue, versions: tuple[ModelVersion, ModelVersion]
) -> None:
    first, second = Settlement.objects.filter(label=EFFUSION, finding_true=True)[:2]
    for row, rule in ((first, "agreement"), (second, "single_read")):
        again = make_queue(row.item.audit)
        Settlement.objects.create(
            item=again.items.get(),
            case=row.case,
            label=EFFUSION,
            basis="attested",
            rule=rule,
            finding_true=False,
        )
    report = client_of(curator).post(f"{API}/comparisons", body(versions)).json()["report"]
    assert report["mcnemar"][EFFUSION]["n"] == CASES - 1
    assert report["scores"]["b"]["presence"][EFFUSION]["recall"]["n"] == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"b": "same"}, "b"),
        ({"a": "parser"}, "a"),
        ({"a": "00000000-0000-0000-0000-000000000000"}, "a"),
        ({"queue": "00000000-0000-0000-0000-000000000000"}, "queue"),
        ({"source": "nowhere"}, "source"),
        ({"source": "upload"}, "queue"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_compared_says_why(
    curator: User,
    queue: Queue,
    versions: tuple[ModelVersion, ModelVersion],
    change: dict[str, Any],
    field: str,
) -> None:
    named = {"same": str(versions[0].pk), "parser": str(make_model("parser").pk)}
    asked = body(versions) | {name: named.get(str(v), v) for name, v in change.items()}
    answer = client_of(curator).post(f"{API}/comparisons", asked)
    assert answer.status_code == 400
    assert field in answer.json()["error"]["fields"]
    assert not Comparison.objects.exists()


def test_the_command_tells_the_same_and_fails_while_answers_are_lost(
    queue: Queue, versions: tuple[ModelVersion, ModelVersion]
) -> None:
    out = StringIO()
    call_command("compare_versions", "old", "new", set=f"queue:{queue.name}", stdout=out)
    assert "B: 10 used, 0 partial, 0 failed, 0 missing of 10" in out.getvalue()
    assert "iou50_rate: B - A +1.000 (+1.000 to +1.000) *" in out.getvalue()
    Audit.objects.filter(grounder=versions[1]).first().delete()  # type: ignore[union-attr]
    with pytest.raises(CommandError, match="B left 1 of 10"):
        call_command("compare_versions", "old", "new", stdout=StringIO())
    with pytest.raises(CommandError, match="no grounder is called 'other'"):
        call_command("compare_versions", "old", "other")


def test_a_comparison_takes_the_same_queries_whatever_its_size(
    queue: Queue, versions: tuple[ModelVersion, ModelVersion], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(6):
        cases, _ = settled_set(CaseSet(queue=queue), None)
        side = side_of(versions[1], cases)
    assert len(side.audits) == CASES


def test_promoting_and_rolling_back(
    administrator: User, queue: Queue, versions: tuple[ModelVersion, ModelVersion]
) -> None:
    client = client_of(administrator)
    comparison = client.post(f"{API}/comparisons", body(versions)).json()["id"]
    old, new = (f"{API}/models/{each.pk}/promote" for each in versions)
    assert client.post(old, {"reason": "the first"}).json()["previous"] is None
    up = client.post(new, {"reason": "finds more", "comparison": comparison})
    assert up.status_code == 201
    assert (up.json()["previous"]["version"], up.json()["rollback"]) == ("old", False)
    again = client.post(new, {"reason": "finds more"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "already_current")
    back = client.post(old, {"reason": "too many false boxes"}).json()
    assert (back["rollback"], back["previous"]["version"]) == (True, "new")
    current = {row["version"] for row in client.get(f"{API}/models").json()["results"]
               if row["current"]}  # fmt: skip
    assert current == {"old"}
    listed = client.get(f"{API}/promotions?kind=grounder").json()["results"]
    assert [row["reason"] for row in listed] == ["too many false boxes", "finds more", "the first"]
    assert client.get(f"{API}/promotions?kind=judge").status_code == 400
    logged = AuditLogEntry.objects.filter(action="model_version.promoted").order_by("at")
    assert [row.data["reason"] for row in logged] == [
        "the first",
        "finds more",
        "too many false boxes",
    ]
    assert logged[1].data["comparison"] == comparison


def test_a_promotion_needs_a_reason_and_an_administrator(
    api: APIClient, administrator: User, curator: User
) -> None:
    model = version("old")
    url = f"{API}/models/{model.pk}/promote"
    for client in (api, client_of(curator)):
        assert client.post(url, {"reason": "mine"}).status_code == 403
    without = client_of(administrator).post(url, {"reason": "  "})
    assert (without.status_code, "reason" in without.json()["error"]["fields"]) == (400, True)
    assert not Promotion.objects.exists()
