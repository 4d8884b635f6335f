"""Reading cases: which a person may see, and their thumbnails' names."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from audits.models import Case, Draft, Sending, Source, User
from audits.models.cases import uncleared_pixels, uncleared_text
from audits.selectors.audits import visible_audits
from audits.selectors.blind import blind, held_blind_cases
from audits.selectors.probes import Probe

UNCLEARED = ("picture", "draft")
"""What of a case a curator has to look at before it can leave in a release."""


def visible_cases(user: User, look: type[Exists] = Probe) -> QuerySet[Case]:
    """Cases this person may see: those they sent a draft of, and of audits they may see.

    Nobody sees one that was withdrawn, or that they are to read blind first. ``look`` is ``Exists``
    where all are counted.
    """
    if not user.is_active:
        return Case.objects.none()
    cases = Case.objects.filter(~blind(user, "pk", look), withdrawn_at=None)
    if user.curates:
        return cases
    sent = Sending.objects.filter(draft__case=OuterRef("pk"), user=user)
    audited = visible_audits(user, look).filter(case=OuterRef("pk"))
    return cases.filter(look(sent) | look(audited))


def viewable_cases(user: User) -> QuerySet[Case]:
    """Cases whose image this person may look at: those they may see, and those they read blind
    now."""
    if not user.is_active:
        return Case.objects.none()
    reading = Case.objects.filter(Exists(held_blind_cases(user)), withdrawn_at=None)
    return Case.objects.filter(Q(pk__in=visible_cases(user)) | Q(pk__in=reading))


def visible_drafts(user: User) -> QuerySet[Draft]:
    """Drafts this person may see: those they sent, and of audits they may see."""
    if not user.is_active:
        return Draft.objects.none()
    drafts = Draft.objects.filter(~blind(user, "case"), case__withdrawn_at=None)
    if user.curates:
        return drafts
    sent = Sending.objects.filter(draft=OuterRef("pk"), user=user)
    audited = visible_audits(user).filter(draft=OuterRef("pk"))
    return drafts.filter(Probe(sent) | Probe(audited))


def uncleared_cases(cases: QuerySet[Case], what: str, user: User) -> QuerySet[Case]:
    """Those whose picture, or one of whose drafts, waits to be cleared; a word of `UNCLEARED`."""
    if what == "picture":
        return cases.filter(uncleared_pixels())
    waiting = visible_drafts(user).filter(uncleared_text(), case=OuterRef("pk"))
    return cases.filter(Exists(waiting))


def visible_sources(user: User) -> QuerySet[Source]:
    return Source.objects.all() if user.is_active else Source.objects.none()


def with_source(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("source")


def with_history(cases: QuerySet[Case], user: User) -> QuerySet[Case]:
    """Each case with its source and what the person may see of its drafts and audits.

    Three queries, whatever the number of cases.
    """
    return with_source(cases).prefetch_related(
        Prefetch("drafts", visible_drafts(user).order_by("created_at", "id")),
        Prefetch(
            "audits",
            visible_audits(user)
            .only("id", "state", "created_at", "draft_id", "case_id")
            .order_by("-created_at", "-id"),
        ),
    )
