"""Which models judge here: their versions and rates, what each said, and whether they are up."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.models import (
    Audit,
    BackendKind,
    Generation,
    GenerationOutcome,
    StepName,
    User,
    WorkerBackend,
)
from audits.services import execution
from audits.services.audits import audit_retry, audit_start
from audits.services.backends import BackendMissing, current_parser, model_version_current
from audits.services.workers import backends_of, backends_warm_up, worker_seen
from inference.grounders import GROUNDERS
from inference.grounders.base import BackendUnavailable, Grounder, GroundingFailed
from inference.schema import Attempt, Grounding, Parsing
from inference.vocabulary import LABELS, DraftState, ImageState, Label
from tests.audits.conftest import client_of
from tests.audits.pictures import SquareGrounder
from tests.audits.stored import started, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_else")]

BAD = Attempt("failed", "[{", 40, {"temperature": 0}, 900, 2, "not JSON")
REPAIRED = Attempt("recovered", "[{}", 30, {"temperature": 0.2}, 900, 3, "closed a bracket")
GOOD = Attempt("used", "[]", 20, {"temperature": 0}, 900, 1)


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Attempt, ...]]:
    """The attempts of each call of the grounder, which gives up when the last one failed."""
    script: list[tuple[Attempt, ...]] = []

    def ground(self: SquareGrounder, images: list[Any]) -> list[Grounding]:
        attempts = script.pop(0)
        if attempts[-1].outcome == "failed":
            raise GroundingFailed("The model answered in prose.", attempts)
        return [Grounding(ImageState.GROUNDED, dict.fromkeys(LABELS), attempts=attempts)]

    monkeypatch.setattr(SquareGrounder, "ground", ground)
    return script


def outcomes(audit: Audit) -> list[tuple[int, int, str]]:
    rows = audit.generations.order_by("attempt", "position")
    return list(rows.values_list("attempt", "position", "outcome"))


def test_every_generation_is_kept_and_counted(
    says: list[tuple[Attempt, ...]], api: APIClient
) -> None:
    says += [(BAD, BAD), (BAD, REPAIRED), (GOOD,)]
    first, second = work(started(seed=1)), started(seed=2)
    assert first.failure_code == "grounding_failed"
    audit_retry(audit=first, actor=None)
    first, second = work(first), work(second)
    assert first.state == second.state == "done"
    assert outcomes(first) == [
        (1, 0, "failed"), (1, 1, "failed"), (2, 0, "failed"), (2, 1, "recovered"),
    ]  # fmt: skip
    assert outcomes(second) == [(1, 0, "used")]
    for audit in (first, second):
        counts = {state.value: 0 for state in GenerationOutcome}
        for _, _, outcome in outcomes(audit):
            counts[outcome] += 1
        assert sum(counts.values()) == audit.generations.count()

    body = api.get(f"/api/v1/audits/{first.pk}/generations").json()["results"]
    assert [(row["raw"], row["tokens_out"], row["ms"]) for row in body][-1] == ("[{}", 3, 30)
    assert body[0]["detail"] == "not JSON" and body[0]["model"]["name"] == "squares"
    stats = api.get(f"/api/v1/models/{first.grounder_id}").json()["stats"]
    assert {k: stats[k] for k in ("generations", "used", "recovered", "failed", "retries")} == {
        "generations": 5, "used": 1, "recovered": 1, "failed": 3, "retries": 2,
    }  # fmt: skip
    assert stats["rates"]["schema_valid"] == 0.2 and stats["rates"]["repair"] == 0.2
    assert stats["rates"]["retry"] == 0.4 and stats["rates"]["failure"] == 0.3333
    assert stats["ms"] is not None and stats["rates"]["drop"] is None
    (row,) = [m for m in api.get("/api/v1/stats").json()["models"] if m["kind"] == "grounder"]
    assert row["stats"] | {"counted_at": stats["counted_at"]} == stats
    parser = api.get(f"/api/v1/models/{first.parser_id}").json()["stats"]
    assert parser["emitted"] == 2 and parser["rates"]["drop"] == 0.0
    assert parser["rates"]["schema_valid"] is None


def test_parser_that_was_not_understood_keeps_what_it_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Mumbling:
        version = current_parser().version

        def parse(self, text: str) -> Parsing:
            silent = dict.fromkeys(LABELS)
            return Parsing(DraftState.UNPARSED, silent, reason="No answer.", attempts=(BAD, BAD))

    monkeypatch.setattr(execution, "parser_named", lambda name: Mumbling())
    audit = work(started(Label.PNEUMOTHORAX))
    assert (audit.state, audit.draft_state) == ("done", "unparsed")
    assert "No answer." in audit.notes
    assert [flag.kind for flag in audit.flags.all()] == ["URGENT"]
    assert audit.generations.filter(step="parsing", outcome="failed").count() == 2


def test_the_database_refuses_what_does_not_add_up() -> None:
    audit = started()
    row = {
        "audit": audit, "model": audit.grounder, "step": StepName.GROUNDING.value,
        "attempt": 1, "ms": 1, "raw": "[]",
    }  # fmt: skip
    Generation.objects.create(**row, position=0, outcome="used")
    for position, outcome in ((0, "failed"), (1, "recovered"), (1, "used"), (1, "lost")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Generation.objects.create(**row, position=position, outcome=outcome)
    Generation.objects.create(**row, position=1, outcome="used", member="second")


def test_failures_are_for_administrators(
    says: list[tuple[Attempt, ...]], api: APIClient, administrator: User
) -> None:
    says += [(BAD,), (BAD,)]
    audit = work(started())
    path = f"/api/v1/audits/{audit.pk}/failures"
    assert api.get(path).status_code == 403
    (failure,) = client_of(administrator).get(path).json()["results"]
    assert failure["code"] == "grounding_failed" and "GroundingFailed" in failure["traceback"]
    for query, found in (("state=failed", 1), ("code=grounding_failed", 1), ("code=other", 0)):
        listed = client_of(administrator).get(f"/api/v1/audits?{query}").json()["results"]
        assert len(listed) == found
    shown = client_of(administrator).get(f"/api/v1/audits/{audit.pk}")
    assert shown.status_code == 200 and "Traceback" not in shown.content.decode()


def test_many_are_retried_at_once(
    says: list[tuple[Attempt, ...]], api: APIClient, administrator: User
) -> None:
    says += [(BAD,)] * 3
    audits = [work(started(seed=seed)) for seed in range(3)]
    staff, path = client_of(administrator), "/api/v1/audits/retry"
    assert api.post(path, {"code": "grounding_failed"}).status_code == 403
    assert staff.post(path, {}).json()["error"]["fields"].keys() == {"audits"}
    answer = staff.post(path, {"audits": [audits[0].pk]}).json()
    assert answer == {"retried": 1, "refused": 0, "left": 0}
    answer = staff.post(path, {"code": "grounding_failed"}).json()
    assert answer == {"retried": 2, "refused": 0, "left": 0}
    assert set(Audit.objects.values_list("state", "attempt")) == {("queued", 2)}


def test_older_rows_stay_valid_and_settings_tell_versions_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = BackendKind.GROUNDER
    plain = model_version_current(kind=kind)
    assert (plain.checkpoint, plain.prompt) == ("", "")
    assert model_version_current(kind=kind) == plain
    tuned = replace(SquareGrounder.version, adapter="cxr-auditor-v2", hash="6" * 64)
    monkeypatch.setattr(SquareGrounder, "version", tuned)
    row = model_version_current(kind=kind)
    assert row != plain and row.adapter == "cxr-auditor-v2"


class TestChoice:
    def test_an_audit_may_name_one_of_those_offered(self, settings: Settings) -> None:
        draft = started().draft
        settings.GROUNDERS = ["embedded"]
        other = audit_start(draft=draft, actor=None, grounder="embedded")
        assert other.grounder.name == "embedded"
        assert Audit.objects.filter(draft=draft).count() == 2
        assert audit_start(draft=draft, actor=None).grounder.name == "squares"

    def test_server_without_the_libraries_takes_the_workers_word(
        self, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        def no_torch() -> Grounder:
            raise BackendUnavailable("torch is not installed")

        draft, known = started().draft, model_version_current(kind=BackendKind.GROUNDER)
        monkeypatch.setitem(GROUNDERS, "far", no_torch)
        settings.GROUNDER = "far"
        with pytest.raises(BackendMissing, match="torch"):
            audit_start(draft=draft, actor=None)
        now = timezone.now()
        worker = WorkerBackend.objects.create(
            host="gpu-1", kind="grounder", name="far", version=known, started_at=now, seen_at=now
        )
        assert audit_start(draft=draft, actor=None).grounder == known
        assert Client().get("/ready").json()["checks"]["grounder"] == {"ok": True, "detail": "far"}
        WorkerBackend.objects.filter(pk=worker.pk).update(seen_at=now - timedelta(hours=1))
        answer = Client().get("/ready")
        assert answer.status_code == 503 and not answer.json()["checks"]["grounder"]["ok"]

    def test_steps_of_a_backend_go_to_its_queue(self, settings: Settings) -> None:
        settings.GROUNDERS, settings.BACKEND_QUEUES = ["embedded"], {"embedded": "cpu"}
        grounder, parser = BackendKind.GROUNDER, BackendKind.PARSER
        assert backends_of(queues=["gpu"]) == [(grounder, "squares")]
        assert backends_of(queues=["cpu"]) == [(grounder, "embedded"), (parser, "rules")]


class TestWhoIsUp:
    def test_workers_report_what_they_loaded(self, api: APIClient, settings: Settings) -> None:
        settings.GROUNDERS = ["nothing"]
        backends_warm_up(backends=backends_of(queues=["cpu", "gpu"]))
        worker_seen(names=["squares", "rules", "nothing"])
        offered = {each["name"]: each for each in api.get("/api/v1/backends").json()["results"]}
        assert {name: each["up"] for name, each in offered.items()} == {
            "squares": True, "nothing": False, "rules": True,
        }  # fmt: skip
        assert offered["squares"]["default"] and offered["squares"]["version"] == "1"
        assert "nothing" in offered["nothing"]["detail"]
        ready = Client().get("/ready").json()["backends"]
        assert ready["grounder:squares"] == {"ok": True, "detail": "on 1 workers"}
        assert not ready["grounder:nothing"]["ok"]
        WorkerBackend.objects.update(seen_at=timezone.now() - timedelta(hours=1))
        ready = Client().get("/ready").json()["backends"]
        assert not any(each["ok"] for each in ready.values())

    def test_check_models_says_what_it_took(self, settings: Settings) -> None:
        out = StringIO()
        call_command("check_models", runs=2, stdout=out)
        grounder, parser = out.getvalue().splitlines()
        assert grounder.startswith("grounder squares 1: up, memory ")
        assert grounder.endswith("schema-valid 2/2 (100%)") and "ms a run" in grounder
        assert parser.startswith("parser rules")
        settings.GROUNDERS = ["nothing"]
        out = StringIO()
        with pytest.raises(CommandError, match="Down: nothing"):
            call_command("check_models", stdout=out)
        assert "grounder nothing: DOWN. BackendMissing: " in out.getvalue()
        with pytest.raises(CommandError, match="there are squares, nothing, rules"):
            call_command("check_models", only=["medgemma"])

    def test_check_models_counts_what_was_not_valid(self, says: list[tuple[Attempt, ...]]) -> None:
        says += [(BAD, REPAIRED), (GOOD,)]
        out = StringIO()
        call_command("check_models", only=["squares"], runs=2, stdout=out)
        assert "schema-valid 1/3 (33%)" in out.getvalue()
