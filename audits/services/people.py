"""Roles: given and taken by administrators, and who reads and adjudicates in a queue."""

import uuid

from django.db import transaction

from audits.errors import Conflict, InvalidInput
from audits.models import Queue, QueueMembership, User
from audits.services.log import record


@transaction.atomic
def person_change(
    *,
    person_id: uuid.UUID,
    actor: User,
    administrator: bool | None = None,
    curator: bool | None = None,
    active: bool | None = None,
) -> User:
    """Give or take roles, close or open the account; a closed one is out at once.

    Raises ``Conflict`` ``last_administrator``: somebody who may undo this always stays. All
    administrators are locked first, in one order, so that two cannot take the role from each other.
    """
    administrators = list(
        User.objects.select_for_update().filter(is_staff=True).order_by("pk").values_list("pk")
    )
    person = User.objects.select_for_update().get(pk=person_id)
    before = _rights(person)
    if administrator is not None:
        person.is_staff = person.is_superuser = administrator
    person.is_curator = person.is_curator if curator is None else curator
    person.is_active = person.is_active if active is None else active
    if before == _rights(person):
        return person
    person.save(update_fields=["is_staff", "is_superuser", "is_curator", "is_active"])
    if administrators and not User.objects.filter(is_staff=True, is_active=True).exists():
        raise Conflict("last_administrator", "Nobody would be left to administer the platform.")
    after = _rights(person)
    changed = {name: after[name] for name in after if after[name] != before[name]}
    record(actor=actor, action="user.rights_changed", target=person, data=changed)
    return person


@transaction.atomic
def member_add(
    *, queue: Queue, actor: User, username: str, role: QueueMembership.Role
) -> tuple[QueueMembership, bool]:
    """The membership and whether it is new. Adding twice is adding once."""
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise InvalidInput("username", "Nobody of this name may sign in.")
    membership, new = QueueMembership.objects.get_or_create(queue=queue, user=person, role=role)
    if new:
        record(actor=actor, action="membership.added", target=membership, data=_of(membership))
    return membership, new


@transaction.atomic
def member_remove(*, membership_id: uuid.UUID, actor: User) -> None:
    """They claim nothing more there; what they hold already they may end."""
    membership = QueueMembership.objects.select_for_update().filter(pk=membership_id).first()
    if membership is not None:
        record(actor=actor, action="membership.removed", target=membership, data=_of(membership))
        membership.delete()


def _rights(person: User) -> dict[str, bool]:
    return {
        "administrator": person.is_staff,
        "curator": person.is_curator,
        "active": person.is_active,
    }


def _of(membership: QueueMembership) -> dict[str, str]:
    return {
        "queue": str(membership.queue_id),
        "user": str(membership.user_id),
        "role": membership.role,
    }
