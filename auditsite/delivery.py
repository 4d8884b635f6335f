"""Celery's options, for every task, in one place.

Delivery is at least once: a task is acknowledged after it ran, so a killed worker's message is
not lost, and every step guards itself by its lease (`audits.services.steps`). Redis hands an
unacknowledged message out again only after ``visibility_timeout``; that is far too late for a
person waiting, so the reconciler sends due steps itself and does not count on it.
"""

from typing import Any

from celery.schedules import schedule
from django.conf import settings

broker_url = settings.REDIS_URL
broker_connection_retry_on_startup = True
# A dead broker must not hold up the request that sends: the reconciler sends again.
PRIORITIES = {"person": 0, "batch": 6}
"""Lower goes first, across all queues of a worker: each priority is a Redis list of its own."""

broker_transport_options: dict[str, Any] = {
    "priority_steps": list(PRIORITIES.values()),
    "visibility_timeout": 600,
    "socket_connect_timeout": 3,
    "socket_timeout": 30,
}
task_publish_retry_policy = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}

task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
# Loading a model at the start of a child process may take longer than Celery's 4 seconds.
worker_proc_alive_timeout = 120
worker_hijack_root_logger = False
# Celery looks after each task and replaces a process that has grown past this (in KiB).
worker_max_memory_per_child = settings.WORKER_MAX_MEMORY_MB * 1024 or None

task_default_queue = "cpu"
task_routes = {"audits.tasks.ground_audit": {"queue": "gpu"}}
# Rates are weekly: an hour's delay of a note is no loss.
WATCH_SECONDS = 3600
beat_schedule = {
    "reconcile": {
        "task": "audits.tasks.reconcile",
        "schedule": schedule(settings.RECONCILE_SECONDS),
        "options": {"expires": settings.RECONCILE_SECONDS},
    },
    "watch-models": {
        "task": "audits.tasks.watch_models",
        "schedule": schedule(WATCH_SECONDS),
        "options": {"expires": WATCH_SECONDS},
    },
}
