"""Reading drafts and the truth of synthetic ones."""

import uuid

from django.db.models import Q, QuerySet

from audits.models import Draft, SyntheticDraft, User


def draft_version(draft: Draft) -> int:
    """The number of a draft among its case's, in order of arrival, from 1."""
    before = Q(created_at__lt=draft.created_at) | Q(created_at=draft.created_at, id__lt=draft.pk)
    return Draft.objects.filter(before, case=draft.case_id).count() + 1


def synthetic_drafts(user: User, *, batch: uuid.UUID | None = None) -> QuerySet[SyntheticDraft]:
    """Curators see what synthetic drafts deserve; who reads them must not."""
    if not user.curates:
        return SyntheticDraft.objects.none()
    found = SyntheticDraft.objects.select_related("draft")
    return found.filter(batch=batch) if batch else found
