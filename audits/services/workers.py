"""What a worker says of its backends: warmed up before the first audit, and that it is alive."""

import logging
import socket
import threading
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from audits.models import BackendKind, ModelVersion, WorkerBackend
from audits.services.backends import (
    backend_names,
    grounder_named,
    model_version_register,
    parser_named,
)
from audits.services.dispatch import backend_queue
from inference.phantoms import render_phantom

logger = logging.getLogger(__name__)

Named = tuple[BackendKind, str]
_WARM_UP_DRAFT = "Small left pleural effusion. No pneumothorax."


def backends_of(*, queues: Iterable[str]) -> list[Named]:
    """The backends whose steps a worker of these queues does."""
    served = set(queues)
    return [
        (kind, name)
        for kind in BackendKind
        for name in backend_names(kind=kind)
        if backend_queue(kind=kind, name=name) in served
    ]


def backends_warm_up(*, backends: list[Named]) -> None:
    """Load each and let it do a phantom; what fails is reported here and told by each audit."""
    started = timezone.now()
    for kind, name in backends:
        version, detail = None, "up"
        try:
            version = _warmed(kind, name)
        except Exception as error:
            logger.exception("the %s %s could not be warmed up", kind, name)
            detail = f"{type(error).__name__}: {error}"[:400]
        WorkerBackend.objects.update_or_create(
            host=host(),
            kind=kind.value,
            name=name,
            defaults={
                "version": version,
                "detail": detail,
                "memory_mb": memory_mb(),
                "started_at": started,
                "seen_at": timezone.now(),
            },
        )


def _warmed(kind: BackendKind, name: str) -> ModelVersion:
    if kind == BackendKind.PARSER:
        parser = parser_named(name=name)
        parser.parse(_WARM_UP_DRAFT)
        return model_version_register(kind=kind, version=parser.version)
    grounder = grounder_named(name=name)
    if not hasattr(grounder, "ground_readings"):
        grounder.ground([render_phantom(0, (), size=256).image])
    return model_version_register(kind=kind, version=grounder.version)


def go_on_reporting(*, backends: list[Named]) -> None:
    """Say from a thread, four times in the time of silence, that this worker is alive."""
    interval = settings.WORKER_SILENT_SECONDS / 4
    names = [name for _, name in backends]

    def report() -> None:
        never = threading.Event()
        while not never.wait(interval):
            worker_seen(names=names)
            connection.close()

    threading.Thread(target=report, name="worker report", daemon=True).start()


def worker_seen(*, names: list[str]) -> None:
    rows = WorkerBackend.objects.filter(host=host(), name__in=names)
    try:
        rows.update(seen_at=timezone.now(), memory_mb=memory_mb())
    except (DatabaseError, InterfaceError) as error:
        logger.warning("this worker could not say that it is alive: %s", error)


def host() -> str:
    return socket.gethostname()[:200]


def memory_mb() -> int | None:
    """What this process has in memory now; None where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024
