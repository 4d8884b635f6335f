"""The prior of a case: the same patient's study before it, for the page to show beside it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from audits.models import Case, Draft, User
from audits.selectors.cases import visible_cases

FRONTAL = ("PA", "AP", "")
"""A view that is not known is most likely frontal."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A case before another one, and the last thing a person wrote of it, if anything."""

    case: Case
    draft: Draft | None


def prior_of(case: Case, user: User) -> Prior | None:
    """The nearest earlier study of the patient that this person may see, of the same projection.

    Studies are ordered by ``study_order``; where a case has none, by arrival among those without.
    Patients are known within a source only. Two queries at most.
    """
    if not case.patient_hash:
        return None
    same = visible_cases(user).filter(source=case.source_id, patient_hash=case.patient_hash)
    views = FRONTAL if case.view in FRONTAL else (case.view,)
    found = _earlier(same.filter(view__in=views), case).first()
    if found is None:
        return None
    written = Draft.objects.filter(case=found, origin__in=["human", "edited"]).exclude(text="")
    return Prior(found, written.order_by("-created_at", "-id").first())


def _earlier(cases: QuerySet[Case], case: Case) -> QuerySet[Case]:
    if case.study_order is not None:
        before = cases.filter(study_order__lt=case.study_order)
        return before.order_by("-study_order", "-created_at", "-id")
    arrived = Q(created_at__lt=case.created_at) | Q(created_at=case.created_at, id__lt=case.pk)
    return cases.filter(arrived, study_order__isnull=True).order_by("-created_at", "-id")
