"""Reading cases: which a person may see, and their thumbnails' names."""

from django.db.models import Prefetch, QuerySet

from audits.models import Audit, Case, Draft, Source, User


def visible_cases(user: User) -> QuerySet[Case]:
    """Cases this person may see: all of them for now, none for nobody."""
    return Case.objects.all() if user.is_active else Case.objects.none()


def visible_sources(user: User) -> QuerySet[Source]:
    return Source.objects.all() if user.is_active else Source.objects.none()


def with_source(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("source")


def with_history(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each case with its source, drafts and audits, in three queries."""
    return with_source(cases).prefetch_related(
        Prefetch("drafts", Draft.objects.order_by("created_at", "id")),
        Prefetch(
            "audits",
            Audit.objects.only("id", "state", "created_at", "draft_id", "case_id").order_by(
                "-created_at", "-id"
            ),
        ),
    )
