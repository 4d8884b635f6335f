"""Reading people: how they are shown and what they may do."""

from django.db.models import Q, QuerySet

from audits.models import Queue, QueueMembership, User


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


def visible_people(user: User, *, find: str = "") -> QuerySet[User]:
    """Everybody who has an account, for administrators."""
    if not user.is_administrator:
        return User.objects.none()
    people = User.objects.select_related("second_factor").prefetch_related("memberships__queue")
    for word in find.split():
        people = people.filter(
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
        )
    return people


def visible_members(user: User, queue: Queue) -> QuerySet[QueueMembership]:
    """Who works in this queue, for those who run it."""
    if not user.curates:
        return QueueMembership.objects.none()
    return QueueMembership.objects.filter(queue=queue).select_related("user")
