"""Reading cases: which a person may see, and their thumbnails' names."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from audits.models import Case, Draft, Sending, Source, User
from audits.models.cases import uncleared_pixels, uncleared_text
from audits.selectors.audits import visible_audits
from audits.selectors.blind import blind, held_blind_cases
from audits.selectors.conditions import Column, made_once
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
    return Case.objects.filter(_case_seen(user, "pk", look=look), withdrawn_at=None)


@made_once
def _case_seen(user: User, case: Column, look: type[Exists]) -> Q:
    open_to = Q(~blind(user, case, look=look))
    if user.curates:
        return open_to
    sent = Sending.objects.filter(draft__case=case, user=user)
    return open_to & (look(sent) | look(visible_audits(user, look).filter(case=case)))


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
    return Draft.objects.filter(_draft_seen(user, "pk", "case"), case__withdrawn_at=None)


@made_once
def _draft_seen(user: User, draft: Column, case: Column) -> Q:
    open_to = Q(~blind(user, case))
    if user.curates:
        return open_to
    sent = Sending.objects.filter(draft=draft, user=user)
    return open_to & (Probe(sent) | Probe(visible_audits(user).filter(draft=draft)))


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
    """Each case with its source and what the person may see of its drafts and audits, as lists:
    ``seen_drafts`` and ``seen_audits``.

    Three queries, whatever the number of cases.
    """
    return with_source(cases).prefetch_related(
        Prefetch(
            "drafts", visible_drafts(user).order_by("created_at", "id"), to_attr="seen_drafts"
        ),
        Prefetch(
            "audits",
            visible_audits(user)
            .only("id", "state", "created_at", "draft_id", "case_id")
            .order_by("-created_at", "-id"),
            to_attr="seen_audits",
        ),
    )
