"""Steps are done once: leases, attempts, late and double results, and steps that fail."""

import pytest
from django.db import transaction
from pytest_django import Settings

from audits.errors import Conflict
from audits.models import Audit, Finding, Flag, StepName
from audits.services import execution, grounding, jobs
from audits.services.audits import audit_cancel, audit_retry, audit_start
from audits.services.backends import current_parser
from audits.services.steps import step_claim, step_renew
from inference.vocabulary import Label
from tests.audits.pictures import BREAK, PARTIAL
from tests.audits.stored import entries, expire, started, step_of, work

pytestmark = pytest.mark.django_db

GROUNDING, PARSING, COMPARING = StepName


@pytest.mark.parametrize("order", [(GROUNDING, PARSING), (PARSING, GROUNDING)])
def test_either_order_ends_in_one_comparison(order: tuple[StepName, ...]) -> None:
    audit = work(started(Label.PNEUMOTHORAX), *order)
    assert audit.state == "running" and step_of(audit, COMPARING).sends == 1
    audit = work(audit, COMPARING)
    assert audit.state == "done" and entries(audit, "audit.done") == 1


def test_doing_everything_twice_is_doing_it_once() -> None:
    audit = started(Label.PNEUMOTHORAX)
    for step in (*StepName, *StepName):
        audit = work(audit, step)
    assert Finding.objects.filter(audit=audit).count() == 1
    assert Flag.objects.filter(audit=audit, kind="URGENT").count() == 1
    assert entries(audit, "audit.done") == entries(audit, "audit.started") == 1


def test_comparison_does_not_run_ahead() -> None:
    """A message that comes too early finds nothing to do and takes nothing."""
    audit = work(started(), GROUNDING, COMPARING)
    assert audit.state == "running" and step_of(audit, COMPARING).state == "waiting"
    assert work(audit, PARSING, COMPARING).state == "done"


def test_held_step_is_not_claimed_and_an_expired_one_is() -> None:
    audit = started()
    first = step_claim(audit_id=audit.pk, step=GROUNDING, attempt=1)
    assert first is not None
    assert step_claim(audit_id=audit.pk, step=GROUNDING, attempt=1) is None
    assert step_renew(lease=first)
    expire(audit, GROUNDING)
    second = step_claim(audit_id=audit.pk, step=GROUNDING, attempt=1)
    assert second is not None and second.token != first.token
    assert not step_renew(lease=first) and step_renew(lease=second)


def test_slow_worker_whose_step_was_taken_over_writes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The rival claims and finishes in the gap between the model's answer and its saving."""
    audit = started(Label.PNEUMOTHORAX)
    save = jobs.step_lock

    def rival_first(**given: object) -> object:
        monkeypatch.setattr(jobs, "step_lock", save)
        expire(audit, GROUNDING)
        work(audit, GROUNDING)
        return save(**given)

    monkeypatch.setattr(jobs, "step_lock", rival_first)
    work(audit, GROUNDING)
    assert Finding.objects.filter(audit=audit).count() == 1
    assert step_of(audit, GROUNDING).claims == 2


def test_result_of_an_old_attempt_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    audit = work(started(Label.PNEUMOTHORAX, order=BREAK), GROUNDING, PARSING)
    assert (audit.state, audit.failure_code) == ("failed", "grounding_failed")
    audit_retry(audit=audit, actor=None)
    grounding.ground_step(audit_id=audit.pk, attempt=1)
    assert step_of(audit, GROUNDING).state == "waiting"
    assert work(audit, GROUNDING).state == "failed"
    assert entries(audit, "audit.failed") == 2


def test_retry_while_it_runs_is_refused() -> None:
    audit = work(started(), GROUNDING)
    for state in ("running", "done"):
        with pytest.raises(Conflict) as refused:
            audit_retry(audit=audit, actor=None)
        assert refused.value.code == "not_failed"
        assert Audit.objects.get(pk=audit.pk).state == state
        audit = work(audit, PARSING, COMPARING)


def test_grounding_fails_only_after_the_draft_is_read() -> None:
    audit = work(started(order=BREAK), GROUNDING)
    assert audit.state == "running"
    audit = work(audit, PARSING)
    assert audit.state == "failed" and audit.mentions.count() == 1
    assert "out of memory" in audit.failure_message
    assert "GroundingFailed" in step_of(audit, GROUNDING).traceback


def test_parser_that_breaks_leaves_urgent_flags_and_a_note(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken:
        version = current_parser().version

        def parse(self, text: str) -> None:
            raise RuntimeError("no such word")

    monkeypatch.setattr(execution, "parser_named", lambda name: Broken())
    audit = work(started(Label.PNEUMOTHORAX, Label.CARDIOMEGALY))
    assert (audit.state, audit.draft_state, audit.score) == ("done", "unparsed", None)
    assert [(flag.kind, flag.reported) for flag in audit.flags.all()] == [("URGENT", None)]
    assert any("RuntimeError" in note for note in audit.notes)


def test_image_alone_is_audited() -> None:
    audit = work(started(Label.NODULE_MASS, draft=""))
    assert (audit.state, audit.draft_state, audit.score) == ("done", "empty", None)
    assert [(flag.kind, flag.reported) for flag in audit.flags.all()] == [("URGENT", None)]
    assert audit.notes


def test_partial_image_raises_no_unsupported() -> None:
    draft = "Small left pleural effusion. No pneumothorax."
    audit = work(started(Label.PNEUMOTHORAX, draft=draft, order=PARTIAL))
    assert (audit.state, audit.image_state) == ("done", "partial")
    assert {flag.kind for flag in audit.flags.all()} == {"MISSING", "URGENT"}


def test_comparison_that_breaks_is_a_failed_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(execution, "compare", break_down)
    audit = work(started(Label.PNEUMOTHORAX))
    assert (audit.state, audit.failure_step) == ("failed", "comparing")
    assert audit.flags.count() == audit.claims.count() == 0


def test_another_model_version_is_not_used_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    audit = started()
    grounder = audit.grounder
    type(grounder).objects.filter(pk=grounder.pk).update(version="2")
    audit = work(audit, GROUNDING, PARSING)
    assert (audit.state, audit.failure_code) == ("failed", "model_changed")
    assert "new audit" in audit.failure_message


def test_step_that_kills_its_workers_fails_in_the_end(settings: Settings) -> None:
    settings.STEP_MAX_CLAIMS = 3
    audit = started()
    for _ in range(3):
        assert step_claim(audit_id=audit.pk, step=GROUNDING, attempt=1)
        expire(audit, GROUNDING)
    assert step_claim(audit_id=audit.pk, step=GROUNDING, attempt=1) is None
    audit = work(audit, PARSING)
    assert (audit.state, audit.failure_code) == ("failed", "worker_lost")
    assert audit_retry(audit=audit, actor=None).attempt == 2
    assert work(audit).state == "done"


def test_cancelled_audit_can_be_started_anew() -> None:
    audit = started()
    audit_cancel(audit=audit, actor=None)
    with pytest.raises(Conflict):
        audit_cancel(audit=audit, actor=None)
    assert work(audit).state == "cancelled"
    again = audit_start(draft=audit.draft, actor=None)
    assert again.pk != audit.pk and audit_start(draft=audit.draft, actor=None).pk == again.pk


def test_rows_and_messages_go_together() -> None:
    """A transaction that is rolled back sends nothing and logs nothing."""
    with pytest.raises(RuntimeError), transaction.atomic():
        audit = started(seed=20)
        raise RuntimeError
    assert not Audit.objects.filter(pk=audit.pk).exists()
    assert entries(audit, "audit.queued") == 0
