"""Which backends are up: what the workers report, and what this process can load itself."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from audits.errors import ServiceError
from audits.models import BackendKind, WorkerBackend
from audits.services.backends import backend_names, backend_version


def living_workers() -> QuerySet[WorkerBackend]:
    """What workers have reported within `WORKER_SILENT_SECONDS`."""
    since = timezone.now() - timedelta(seconds=settings.WORKER_SILENT_SECONDS)
    rows = WorkerBackend.objects.filter(seen_at__gte=since).select_related("version")
    return rows.order_by("kind", "name", "host")


def backends_offered() -> list[dict[str, Any]]:
    """Each backend this site offers and the workers that have it. One query."""
    workers = list(living_workers())
    return [
        _offered(kind, name, at == 0, [w for w in workers if (w.kind, w.name) == (kind, name)])
        for kind in BackendKind
        for at, name in enumerate(backend_names(kind=kind))
    ]


def _offered(
    kind: BackendKind, name: str, default: bool, workers: list[WorkerBackend]
) -> dict[str, Any]:
    up = [worker for worker in workers if worker.version is not None]
    faults = [worker.detail for worker in workers if worker.version is None]
    newest = max(up, key=lambda worker: worker.started_at, default=None)
    told = [f"on {len(up)} workers"] if up else faults or ["no worker has reported it lately"]
    return {
        "kind": kind.value,
        "name": name,
        "default": default,
        "up": bool(up),
        "detail": told[0],
        "version": newest.version if newest else None,
        "workers": workers,
    }


def loaded_here() -> dict[str, str]:
    """``up`` or the fault of each offered backend in this process, without asking anybody."""
    return {
        f"{kind}:{name}": _fault(kind, name) or "up"
        for kind in BackendKind
        for name in backend_names(kind=kind)
    }


def _fault(kind: BackendKind, name: str) -> str:
    try:
        backend_version(kind=kind, name=name)
    except ServiceError as error:
        return error.message
    return ""
