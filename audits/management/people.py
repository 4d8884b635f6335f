"""Who a command acts for."""

from django.core.management.base import CommandError

from audits.models import User


def administrator(username: str | None) -> User:
    """The active person of this name; without one, the first active administrator."""
    people = User.objects.filter(is_active=True).order_by("date_joined")
    if username is None:
        actor = people.filter(is_staff=True).first()
        wanted = "active administrator: --user says who does it"
    else:
        actor = people.filter(username=username).first()
        wanted = f"active user {username}"
    if actor is None:
        raise CommandError(f"There is no {wanted}.")
    return actor
