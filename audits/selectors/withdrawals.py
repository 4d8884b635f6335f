"""Reading withdrawn cases: their tombstones, which only curators see."""

from django.db.models import QuerySet

from audits.models import Case, User


def withdrawn_cases() -> QuerySet[Case]:
    return Case.objects.filter(withdrawn_at__isnull=False)


def visible_withdrawals(user: User) -> QuerySet[Case]:
    """Tombstones with their source: for curators, whoever else finds nothing at all."""
    if not (user.is_active and user.curates):
        return Case.objects.none()
    return withdrawn_cases().select_related("source")


def standing_twins(cases: list[Case]) -> dict[str, list[Case]]:
    """By content hash the cases of other sources that still show the same pixels. One query."""
    twins: dict[str, list[Case]] = {case.pixels_sha256: [] for case in cases}
    same = Case.objects.filter(pixels_sha256__in=twins, withdrawn_at=None)
    for case in same.order_by("created_at", "id"):
        twins[case.pixels_sha256].append(case)
    return twins
