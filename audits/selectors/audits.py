"""Reading audits: the worklist, and one audit with everything behind it."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Left

from audits.models import (
    Audit,
    AuditState,
    AuditStep,
    Case,
    Claim,
    Draft,
    Finding,
    Flag,
    LedgerRow,
    Mention,
    ReviewItem,
    Sending,
    StepState,
    User,
)
from audits.selectors.blind import blind
from audits.selectors.conditions import Column, made_once
from audits.selectors.probes import Probe
from audits.selectors.queues import visible_queues
from audits.selectors.statements import prepared

EXCERPT_CHARS = 160
_CODE = re.compile("[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the worklist may be narrowed to; empty means any."""

    state: str = ""
    code: str = ""
    label: str = ""
    kind: str = ""
    source: str = ""
    case: uuid.UUID | None = None
    q: str = ""


def visible_audits(user: User, look: type[Exists] = Probe) -> QuerySet[Audit]:
    """Audits this person may see: of drafts they sent, and in queues they may see; none of a case
    that was withdrawn, or that they are to read blind first.

    Both are looked up by index for each audit in turn, so that the first page of a long list
    stops after a few; ``look`` is ``Exists`` where all are counted.
    """
    if not user.is_active:
        return Audit.objects.none()
    seen = _seen(user, "pk", "case", "draft", look=look)
    return Audit.objects.filter(seen, case__withdrawn_at=None)


@made_once
def _seen(user: User, audit: Column, case: Column, draft: Column, look: type[Exists]) -> Q:
    open_to = Q(~blind(user, case, look=look))
    if user.curates:
        return open_to
    queued = ReviewItem.objects.filter(audit=audit, queue__in=visible_queues(user))
    sent = Sending.objects.filter(draft=draft, user=user)
    return open_to & (look(sent) | look(queued))


def own_audits(user: User) -> QuerySet[Audit]:
    """Audits this person may retry and cancel: of drafts they sent; curators any."""
    audits = visible_audits(user)
    sent = Sending.objects.filter(draft=OuterRef("draft"), user=user)
    return audits if user.curates else audits.filter(Exists(sent))


def filtered(audits: QuerySet[Audit], wanted: AuditFilter) -> QuerySet[Audit]:
    """A flag's label and kind must be met by one flag; ``q`` looks in drafts and case codes."""
    if wanted.state:
        audits = audits.filter(state=wanted.state)
    if wanted.code:
        audits = audits.filter(failure_code=wanted.code, state=AuditState.FAILED)
    if wanted.source:
        audits = audits.filter(case__source__slug=wanted.source)
    if wanted.case:
        audits = audits.filter(case=wanted.case)
    if wanted.label or wanted.kind:
        flags = Flag.objects.filter(audit=OuterRef("pk"))
        if wanted.label:
            flags = flags.filter(label=wanted.label)
        if wanted.kind:
            flags = flags.filter(kind=wanted.kind)
        audits = audits.filter(Exists(flags))
    if wanted.q:
        audits = audits.filter(_saying(wanted.q))
    return audits


def _saying(words: str) -> Q:
    """A condition over drafts alone takes their index of words, or stops early where many have
    them; only what may be a code asks for cases too, each found by its own index."""
    if not _CODE.fullmatch(words.lower()):
        return Q(draft__text__icontains=words)
    coded = Case.objects.filter(pixels_sha256__startswith=words.lower())
    said = Draft.objects.filter(text__icontains=words)
    return Q(case__in=coded.values("pk").union(said.values("case")))


def with_row(audits: QuerySet[Audit]) -> QuerySet[Audit]:
    """What a row of the worklist shows, without the columns that only one audit's page needs.

    Its flags are ``row_flags``, its steps that wait or run ``row_steps``: lists, as Django makes a
    query for every row of a page to hold the rows of a relation.
    """
    flags = Flag.objects.only("audit_id", "kind", "label", "reason", "reported", "position")
    steps = AuditStep.objects.filter(state__in=[StepState.WAITING, StepState.RUNNING])
    return (
        audits.select_related("case__source")
        .annotate(draft_excerpt=Left("draft__text", EXCERPT_CHARS))
        .defer("scores", "measurements", "notes", "image_labels", "draft_labels")
        .prefetch_related(
            Prefetch("flags", flags, to_attr="row_flags"),
            Prefetch("steps", steps.only("audit_id", "name", "state"), to_attr="row_steps"),
        )
    )


def whole_audit(user: User, audit_id: uuid.UUID) -> Audit | None:
    """The audit, if this person may see it, with all that its page shows."""
    found = _whole(user.pk, audit_id, **user.rights)
    if not found:
        return None
    parts = {name: rows(audit_id) for name, rows in _PARTS.items()}
    found[0]._prefetched_objects_cache = parts  # type: ignore[attr-defined]
    return found[0]


@prepared
def _whole(user: uuid.UUID, audit: uuid.UUID, **rights: bool) -> QuerySet[Audit]:
    audits = visible_audits(User(pk=user, **rights)).filter(pk=audit)
    return audits.select_related("case__source", "draft", "grounder", "parser")


def _parts(model: type[Any]) -> Callable[[uuid.UUID], list[Any]]:
    return prepared(lambda audit: model.objects.filter(audit=audit))


@prepared
def _voting_steps(audit: uuid.UUID) -> QuerySet[AuditStep]:
    """Of the raw results an audit's page needs only what an ensemble's members said."""
    return _light_steps().filter(audit=audit).annotate(votes=F("result__votes"))


_PARTS = {
    "findings": _parts(Finding),
    "mentions": _parts(Mention),
    "flags": _parts(Flag),
    "claims": _parts(Claim),
    "ledger": _parts(LedgerRow),
    "steps": _voting_steps,
}


def with_steps(audits: QuerySet[Audit]) -> QuerySet[Audit]:
    return audits.prefetch_related(Prefetch("steps", _light_steps()))


def _light_steps() -> QuerySet[AuditStep]:
    """Steps without their raw results, which can be large."""
    return AuditStep.objects.defer("result", "traceback")
