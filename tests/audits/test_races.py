"""Several at once on one audit: real threads, real transactions."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from audits.models import Audit, AuditStep, Finding, StepName
from audits.services.audits import audit_cancel
from inference.vocabulary import Label
from tests.audits.stored import WORK, entries, started, step_of, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_else")]

GROUNDING, PARSING, COMPARING = StepName


def together(*jobs: Callable[[], object]) -> list[BaseException]:
    errors: list[BaseException] = []
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        gate.wait()
        try:
            job()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_same_step_by_many() -> None:
    audit = started(Label.PNEUMOTHORAX)
    for step in StepName:
        job = lambda step=step: WORK[step](audit_id=audit.pk, attempt=1)  # noqa: E731
        assert together(*[job] * 4) == []
    assert Audit.objects.get(pk=audit.pk).state == "done"
    assert Finding.objects.filter(audit=audit).count() == 1
    assert entries(audit, "audit.done") == 1
    assert all(step.claims == 1 for step in AuditStep.objects.filter(audit=audit))


def test_both_halves_end_together() -> None:
    for seed in range(5):
        audit = started(seed=seed)
        errors = together(
            lambda audit=audit: work(audit, GROUNDING),  # type: ignore[misc]
            lambda audit=audit: work(audit, PARSING),  # type: ignore[misc]
        )
        assert errors == []
        assert step_of(audit, COMPARING).sends == 1


def test_same_case_sent_by_many() -> None:
    found: list[Audit] = []
    errors = together(*[lambda: found.append(started(seed=9))] * 4)
    assert errors == [] and len({audit.pk for audit in found}) == 1
    assert Audit.objects.count() == 1


def test_cancel_against_finish() -> None:
    for seed in range(3):
        audit = work(started(seed=seed), GROUNDING, PARSING)
        together(
            lambda audit=audit: work(audit, COMPARING),  # type: ignore[misc]
            lambda audit=audit: audit_cancel(audit=audit, actor=None),  # type: ignore[misc]
        )
        audit.refresh_from_db()
        ends = entries(audit, "audit.done"), entries(audit, "audit.cancelled")
        assert ends == ((1, 0) if audit.state == "done" else (0, 1))
