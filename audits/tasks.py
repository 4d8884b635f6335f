"""Celery tasks: an id and an attempt in, one service called. Delivery: `auditsite.delivery`."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from celery import current_app, shared_task
from celery.concurrency.thread import TaskPool as ThreadPool
from celery.signals import celeryd_after_setup, worker_process_init
from django.db import connection
from django.utils import timezone

from audits.selectors.stats import count_again
from audits.services.batches import batch_go_on, batches_reconcile
from audits.services.deliveries import deliver_to, deliveries_reconcile
from audits.services.execution import compare_step, parse_step
from audits.services.grounding import ground_step
from audits.services.imports.reconcile import imports_reconcile
from audits.services.imports.run import import_run
from audits.services.reconcile import audits_reconcile, releases_reconcile
from audits.services.releases.build import build_release
from audits.services.sealing import log_seal
from audits.services.signin import guesses_forget
from audits.services.watching import models_watch
from audits.services.withdrawals import withdrawals_reconcile
from audits.services.workers import backends_of, backends_warm_up, go_on_reporting


def task(**options: Any) -> Callable[[Callable[..., None]], Any]:
    """Celery's decorator, which has no types of its own."""
    return cast(Callable[[Callable[..., None]], Any], shared_task(**options))


@worker_process_init.connect  # type: ignore[untyped-decorator]
def warm_up(**_: Any) -> None:
    """Load the backends of this worker's queues before the first person waits."""
    backends = backends_of(queues=current_app.amqp.queues.consume_from)
    backends_warm_up(backends=backends)
    connection.close()
    go_on_reporting(backends=backends)


@celeryd_after_setup.connect  # type: ignore[untyped-decorator]
def warm_up_threads(instance: Any, **_: Any) -> None:
    """Threads work in the process that starts them, so no other process says that it begins."""
    if issubclass(instance.pool_cls, ThreadPool):
        warm_up()


@task(name="audits.tasks.ground_audit")
def ground_audit(audit_id: str, attempt: int) -> None:
    ground_step(audit_id=UUID(audit_id), attempt=attempt)


@task(name="audits.tasks.parse_audit")
def parse_audit(audit_id: str, attempt: int) -> None:
    parse_step(audit_id=UUID(audit_id), attempt=attempt)


@task(name="audits.tasks.compare_audit")
def compare_audit(audit_id: str, attempt: int) -> None:
    compare_step(audit_id=UUID(audit_id), attempt=attempt)


@task(name="audits.tasks.go_on_with_batch")
def go_on_with_batch(batch_id: str) -> None:
    batch_go_on(batch_id=UUID(batch_id))


@task(name="audits.tasks.reconcile", acks_late=False)
def reconcile() -> None:
    audits_reconcile()
    guesses_forget()
    batches_reconcile()
    releases_reconcile()
    imports_reconcile()
    withdrawals_reconcile()
    log_seal()
    deliveries_reconcile()


@task(name="audits.tasks.watch_models", acks_late=False)
def watch_models() -> None:
    models_watch(today=timezone.now().date())


@task(name="audits.tasks.count_again", acks_late=False)
def count_again_task(what: str, arguments: list[str]) -> None:
    count_again(what, arguments)


@task(name="audits.tasks.build_release")
def build_release_task(release_id: str) -> None:
    build_release(release_id=UUID(release_id))


@task(name="audits.tasks.run_import")
def run_import(import_id: str) -> None:
    import_run(import_id=UUID(import_id))


@task(name="audits.tasks.deliver_to_webhook")
def deliver_to_webhook(webhook_id: str) -> None:
    deliver_to(webhook_id=UUID(webhook_id))
