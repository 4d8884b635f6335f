"""Celery tasks: an id and an attempt in, one service called. Delivery: `auditsite.delivery`."""

import logging
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from celery import shared_task
from celery.signals import worker_process_init

from audits.services.backends import current_grounder, current_parser
from audits.services.execution import compare_step, ground_step, parse_step
from audits.services.reconcile import audits_reconcile, releases_reconcile
from audits.services.releases.build import build_release
from inference.phantoms import render_phantom

logger = logging.getLogger(__name__)


def task(**options: Any) -> Callable[[Callable[..., None]], Any]:
    """Celery's decorator, which has no types of its own."""
    return cast(Callable[[Callable[..., None]], Any], shared_task(**options))


@worker_process_init.connect  # type: ignore[untyped-decorator]
def warm_up(**_: Any) -> None:
    """Ground a phantom before the first person waits: what fails here is told by each audit."""
    try:
        current_parser()
        current_grounder().ground([render_phantom(0, (), size=256).image])
    except Exception:
        logger.exception("a backend could not be warmed up")


@task(name="audits.tasks.ground_audit")
def ground_audit(audit_id: str, attempt: int) -> None:
    ground_step(audit_id=UUID(audit_id), attempt=attempt)


@task(name="audits.tasks.parse_audit")
def parse_audit(audit_id: str, attempt: int) -> None:
    parse_step(audit_id=UUID(audit_id), attempt=attempt)


@task(name="audits.tasks.compare_audit")
def compare_audit(audit_id: str, attempt: int) -> None:
    compare_step(audit_id=UUID(audit_id), attempt=attempt)


@task(name="audits.tasks.reconcile", acks_late=False)
def reconcile() -> None:
    audits_reconcile()
    releases_reconcile()


@task(name="audits.tasks.build_release")
def build_release_task(release_id: str) -> None:
    build_release(release_id=UUID(release_id))
