"""Which audits a queue takes: a filter over what audits say and where they come from."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from audits.models import Audit, AuditState, Flag, Read
from audits.selectors.reads import standing


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Empty means any. ``label``, ``kind`` and ``urgency`` must be met by one flag.

    ``grounder`` and ``parser`` are ids of model versions, ``urgency`` is ``any`` or
    ``unreported``, ``origin`` that of the draft.
    """

    source: str = ""
    grounder: str = ""
    parser: str = ""
    origin: str = ""
    label: str = ""
    kind: str = ""
    urgency: str = ""
    not_reviewed: bool = False

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "QueueFilter":
        return cls(
            **{field.name: stored[field.name] for field in fields(cls) if field.name in stored}
        )

    def as_dict(self) -> dict[str, Any]:
        """Only what narrows."""
        return {name: value for name, value in asdict(self).items() if value}


def population(wanted: QueueFilter) -> QuerySet[Audit]:
    """Done audits that the filter is about, whether they have flags or not."""
    audits = Audit.objects.filter(state=AuditState.DONE, case__withdrawn_at=None)
    columns = {
        "case__source__slug": wanted.source,
        "grounder": wanted.grounder,
        "parser": wanted.parser,
        "draft__origin": wanted.origin,
    }
    audits = audits.filter(**{column: value for column, value in columns.items() if value})
    if wanted.not_reviewed:
        reads = Read.objects.filter(standing(), slot__item__audit=OuterRef("pk"))
        audits = audits.filter(~Exists(reads))
    return audits


def wanted_audits(wanted: QueueFilter) -> QuerySet[Audit]:
    """Those of the population with such a flag; any flag if none is named."""
    return population(wanted).filter(Exists(_flags(wanted)))


def other_audits(wanted: QueueFilter) -> QuerySet[Audit]:
    """The rest of the population: what a finding that was missed would hide among."""
    return population(wanted).filter(~Exists(_flags(wanted)))


def _flags(wanted: QueueFilter) -> QuerySet[Flag]:
    flags = Flag.objects.filter(audit=OuterRef("pk"))
    if wanted.label:
        flags = flags.filter(label=wanted.label)
    if wanted.kind:
        flags = flags.filter(kind=wanted.kind)
    if wanted.urgency:
        flags = flags.filter(kind="URGENT")
    if wanted.urgency == "unreported":
        flags = flags.filter(reported=False)
    return flags
