"""Reading imports and their rows."""

from django.db.models import Aggregate, Count, Q, QuerySet, Sum

from audits.models import Import, ImportRow, RowOutcome, User

COUNTS: dict[str, Aggregate] = {
    **{
        outcome.value: Count("rows", filter=Q(rows__outcome=outcome.value))
        for outcome in RowOutcome
    },
    "new_drafts": Count("rows", filter=Q(rows__is_new_draft=True)),
    "duplicates": Count("rows", filter=Q(rows__duplicate_distance__isnull=False)),
    "lost_findings": Sum("rows__lost", default=0),
}


def visible_imports(user: User) -> QuerySet[Import]:
    """Curators see all imports, others none."""
    return Import.objects.all() if user.curates else Import.objects.none()


def with_counts(imports: QuerySet[Import]) -> QuerySet[Import]:
    """Each import with its rows counted by outcome, in the one query; nothing to drift."""
    return imports.select_related("source", "created_by").annotate(
        **{f"count_{name}": count for name, count in COUNTS.items()}
    )


def counts_of(run: Import) -> dict[str, int]:
    """The counts of an import that comes from `with_counts`."""
    return {name: getattr(run, f"count_{name}") for name in COUNTS}


def rows_of(run: Import, *, outcome: str = "", duplicates: bool = False) -> QuerySet[ImportRow]:
    rows = ImportRow.objects.filter(run=run).order_by("number")
    if outcome:
        rows = rows.filter(outcome=outcome)
    return rows.filter(duplicate_distance__isnull=False) if duplicates else rows


def problem_rows(run: Import) -> QuerySet[ImportRow]:
    """Rows that did not become cases, for a person to mend."""
    wanted = [RowOutcome.FAILED.value, RowOutcome.SKIPPED.value]
    return ImportRow.objects.filter(run=run, outcome__in=wanted).order_by("number")
