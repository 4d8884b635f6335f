"""Which versions people chose, and when."""

import uuid

from django.db.models import QuerySet

from audits.models import Promotion, User


def visible_promotions(user: User) -> QuerySet[Promotion]:
    """Everyone who may sign in sees which model judges, and why it was chosen."""
    if not user.is_active:
        return Promotion.objects.none()
    return Promotion.objects.select_related("model", "previous", "promoted_by")


def current_versions() -> set[uuid.UUID]:
    """The model that was promoted last, of each kind that has one. One query."""
    newest = Promotion.objects.order_by("kind", "-number").distinct("kind")
    return set(newest.values_list("model", flat=True))
