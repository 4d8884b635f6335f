"""What people change of their own account."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from audits.errors import InvalidInput
from audits.models import User
from audits.services.log import record


@transaction.atomic
def password_change(*, user: User, password: str) -> None:
    """Ends every session that was opened by the old one; tokens stay."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise InvalidInput("new_password", " ".join(weak.messages)) from weak
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor=user, action="user.password_changed", target=user)


@transaction.atomic
def experience_change(*, user: User, experience: str) -> None:
    user.experience = experience
    user.save(update_fields=["experience"])
    record(actor=user, action="user.experience_changed", target=user)


@transaction.atomic
def sessions_end(*, user: User) -> None:
    """Every session opened so far is over at once; tokens stay."""
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    user.refresh_from_db(fields=["sign_outs"])
    record(actor=user, action="user.signed_out_everywhere", target=user)
