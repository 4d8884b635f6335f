"""Reading people: how they are shown and what they may do."""

from audits.models import QueueMembership, User


def initials_of(user: User) -> str:
    """Two letters for a badge: of the name if there is one, else of the account."""
    if user.first_name and user.last_name:
        return (user.first_name[0] + user.last_name[0]).upper()
    return user.username[:2].upper()


def roles_of(user: User) -> list[str]:
    """Every role the person has somewhere; an adjudicator is one of some queue."""
    adjudicates = QueueMembership.objects.filter(
        user=user, role=QueueMembership.Role.ADJUDICATOR
    ).exists()
    held = {
        "reviewer": True,
        "adjudicator": adjudicates,
        "curator": user.curates,
        "administrator": user.is_administrator,
    }
    return [role for role, has in held.items() if has]
