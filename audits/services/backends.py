"""The grounder and the parser this process is set to use, loaded once, and their versions."""

from django.conf import settings
from django.db import transaction

from audits.errors import ServiceError
from audits.models import BackendKind, ModelVersion
from audits.services.log import record
from inference.grounders import get_grounder
from inference.grounders.base import BackendUnavailable, Grounder
from inference.parsers import get_parser
from inference.parsers.base import Parser
from inference.schema import BackendVersion


class BackendMissing(ServiceError):
    status = 503

    def __init__(self, name: str, reason: str) -> None:
        super().__init__("backend_unavailable", f"The backend {name} can't be used: {reason}")


def current_grounder() -> Grounder:
    """The configured grounder; raises ``BackendMissing`` with the reason."""
    try:
        return get_grounder(settings.GROUNDER)
    except (BackendUnavailable, ValueError) as error:
        raise BackendMissing(settings.GROUNDER, str(error)) from error


def current_parser() -> Parser:
    """The configured parser; raises ``BackendMissing`` with the reason."""
    try:
        return get_parser(settings.PARSER)
    except ValueError as error:
        raise BackendMissing(settings.PARSER, str(error)) from error


@transaction.atomic
def model_version_register(*, kind: BackendKind, version: BackendVersion) -> ModelVersion:
    """The row of this version, made when it is first seen."""
    row, created = ModelVersion.objects.get_or_create(
        kind=kind.value,
        name=version.name,
        version=version.version,
        hash=version.hash,
        licence=version.licence,
        may_release_output=version.may_release_output,
    )
    if created:
        record(actor=None, action="model_version.created", target=row, data={"name": row.name})
    return row


def is_version(*, row: ModelVersion, version: BackendVersion) -> bool:
    """Whether the backend at hand is the one an audit was asked of."""
    return (row.name, row.version, row.hash) == (version.name, version.version, version.hash)
