"""A person does not wait behind a batch; a worker that is told to stop ends its steps first."""

from collections.abc import Callable

import pytest
from django.db import connection

from audits.models import Audit, AuditStep, Draft, Priority, StepName, WorkerBackend
from audits.services.audits import Auditors, audit_of, audit_start
from inference.policies import POLICY
from tests.audits.pictures import WAIT, WAITING_ROOM
from tests.audits.stored import started, step_of
from tests.audits.waiting import until
from tests.audits.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 20


def by() -> Auditors:
    first = Audit.objects.select_related("grounder", "parser")[0]
    return Auditors(first.grounder, first.parser, POLICY)


def queue_batch(count: int) -> list[Audit]:
    """So many audits of one case's drafts, as a batch queues them."""
    first = started(draft="Draft 0.")
    drafts = [
        Draft.objects.create(case=first.case, text=f"Draft {n}.", sha256=f"{n:064x}")
        for n in range(1, count)
    ]
    queued = [audit_of(draft=d, by=by(), actor=None, priority=Priority.BATCH) for d in drafts]
    assert all(is_new for _, is_new in queued)
    return [audit for audit, _ in queued]


def test_person_goes_before_a_batch(hire: Callable[[], Worker]) -> None:
    batch = queue_batch(MANY)
    person = started(seed=1)
    brought_forward = audit_start(draft=batch[-1].draft, actor=None)
    assert brought_forward.pk == batch[-1].pk and brought_forward.priority == "person"
    hire()
    until(lambda: not Audit.objects.exclude(state="done").exists(), "all audits")
    ends = list(Audit.objects.order_by("finished_at").values_list("pk", flat=True))
    # Before them: the audit that started it all, and what two processes may have begun.
    assert max(ends.index(person.pk), ends.index(brought_forward.pk)) < 8
    assert AuditStep.objects.filter(audit=person, claims=1).count() == len(StepName)


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_worker_told_to_stop_ends_its_step(hire: Callable[..., Worker], pool: str) -> None:
    worker = hire(f"--pool={pool}")
    # Celery says "ready" first and only then runs what tells of the models.
    up = WorkerBackend.objects.filter(name="squares", detail="up")
    until(up.exists, "the worker's word of its grounder", or_say=worker.log)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [WAITING_ROOM])
        audit = started(order=WAIT)
        until(lambda: step_of(audit, StepName.GROUNDING).state == "running", "the grounder")
        worker.ask_to_stop()
        cursor.execute("SELECT pg_advisory_unlock(%s)", [WAITING_ROOM])
    until(lambda: not worker.is_alive(), "the worker's end", or_say=worker.log)
    step = step_of(audit, StepName.GROUNDING)
    assert (step.state, step.claims) == ("done", 1)
