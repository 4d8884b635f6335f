"""The backends this site offers, loaded once a process, and the versions they are at."""

import threading
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audits.errors import InvalidInput, ServiceError
from audits.models import BackendKind, ModelVersion, WorkerBackend
from audits.services.log import record
from inference.grounders import get_grounder
from inference.grounders.base import BackendUnavailable, Grounder
from inference.parsers import get_parser
from inference.parsers.base import Parser
from inference.schema import BackendVersion

Backend = TypeVar("Backend")


class BackendMissing(ServiceError):
    status = 503

    def __init__(self, name: str, reason: str) -> None:
        super().__init__("backend_unavailable", f"The backend {name} can't be used: {reason}")


def backend_names(*, kind: BackendKind) -> list[str]:
    """What may be asked for, the default first."""
    if kind == BackendKind.GROUNDER:
        return list(dict.fromkeys([settings.GROUNDER, *settings.GROUNDERS]))
    return list(dict.fromkeys([settings.PARSER, *settings.PARSERS]))


def grounder_named(*, name: str) -> Grounder:
    """The grounder, loaded once a process; raises ``BackendMissing`` with the reason."""
    return _loaded(get_grounder, name)


def parser_named(*, name: str) -> Parser:
    """The parser, loaded once a process; raises ``BackendMissing`` with the reason."""
    return _loaded(get_parser, name)


def current_grounder() -> Grounder:
    return grounder_named(name=settings.GROUNDER)


def current_parser() -> Parser:
    return parser_named(name=settings.PARSER)


_LOADING = threading.Lock()


def _loaded(get: Callable[[str], Backend], name: str) -> Backend:
    """One thread loads, the others wait for it: a model fits into memory once."""
    try:
        with _LOADING:
            return get(name)
    except (BackendUnavailable, ValueError) as error:
        raise BackendMissing(name, str(error)) from error


def backend_version(*, kind: BackendKind, name: str) -> BackendVersion:
    """What this process's own backend of the name is; raises ``BackendMissing``."""
    if kind == BackendKind.GROUNDER:
        return grounder_named(name=name).version
    return parser_named(name=name).version


def model_version_current(*, kind: BackendKind, name: str = "") -> ModelVersion:
    """The row of the version that new audits by this backend (the default one for "") are of.

    A process that can't load it, as a web server without a GPU's libraries, takes the version
    that a living worker reports. Raises ``InvalidInput`` for a backend that is not offered and
    ``BackendMissing`` when nobody has it.
    """
    offered = backend_names(kind=kind)
    name = name or offered[0]
    if name not in offered:
        raise InvalidInput(kind.value, f"There is no {kind} {name}; choose {', '.join(offered)}.")
    try:
        return model_version_register(kind=kind, version=backend_version(kind=kind, name=name))
    except BackendMissing:
        reported = _reported(kind, name)
        if reported is None:
            raise
        return reported


def _reported(kind: BackendKind, name: str) -> ModelVersion | None:
    since = timezone.now() - timedelta(seconds=settings.WORKER_SILENT_SECONDS)
    rows = WorkerBackend.objects.filter(
        kind=kind.value, name=name, seen_at__gte=since, version__isnull=False
    )
    row = rows.select_related("version").order_by("-started_at").first()
    return row.version if row else None


_COLUMNS = tuple(field.name for field in fields(BackendVersion))


@transaction.atomic
def model_version_register(*, kind: BackendKind, version: BackendVersion) -> ModelVersion:
    """The row of this version, made when it is first seen."""
    columns = {name: getattr(version, name) for name in _COLUMNS}
    row, created = ModelVersion.objects.get_or_create(**{**_NOT_TOLD, **columns}, kind=kind.value)
    if created:
        record(actor=None, action="model_version.created", target=row, data={"name": row.name})
    return row


_NOT_TOLD = dict.fromkeys(("checkpoint", "adapter", "prompt", "decoding", "weights_hash"), "")


def is_version(*, row: ModelVersion, version: BackendVersion) -> bool:
    """Whether the backend at hand is the one an audit was asked of."""
    return (row.name, row.version, row.hash) == (version.name, version.version, version.hash)
