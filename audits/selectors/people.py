"""Reading people: how they are shown and what they may do."""

from audits.models import User


def initials_of(user: User) -> str:
    """Two letters for a badge: of the name if there is one, else of the account."""
    if user.first_name and user.last_name:
        return (user.first_name[0] + user.last_name[0]).upper()
    return user.username[:2].upper()


def roles_of(user: User) -> list[str]:
    return ["reviewer", "administrator"] if user.is_staff else ["reviewer"]
