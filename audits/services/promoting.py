"""Which version is its kind's current one: people choose it, with a reason, and may go back."""

from django.db import IntegrityError, transaction

from audits.errors import Conflict
from audits.models import Comparison, ModelVersion, Promotion, User
from audits.services.log import record


@transaction.atomic
def model_promote(
    *, version: ModelVersion, actor: User, reason: str, comparison: Comparison | None = None
) -> Promotion:
    """Make the version its kind's current one; a version that was current before is a roll-back.

    Raises ``Conflict``: ``already_current``, or ``promoted_meanwhile`` for the slower of two.
    """
    earlier = Promotion.objects.filter(kind=version.kind).order_by("-number")
    last = earlier.first()
    if last is not None and last.model_id == version.pk:
        raise Conflict("already_current", f"{version} is the current {version.kind} already.")
    try:
        with transaction.atomic():
            made = Promotion.objects.create(
                kind=version.kind,
                number=last.number + 1 if last else 1,
                model=version,
                previous=last.model if last else None,
                rollback=earlier.filter(model=version).exists(),
                reason=reason,
                comparison=comparison,
                promoted_by=actor,
            )
    except IntegrityError as error:
        if "promotion_number_once" not in str(error):
            raise
        raise Conflict(
            "promoted_meanwhile", "Somebody promoted another version meanwhile; look again."
        ) from error
    data = {
        "previous": str(last.model_id) if last else None,
        "rollback": made.rollback,
        "reason": reason,
        "comparison": str(comparison.pk) if comparison else None,
    }
    record(actor=actor, action="model_version.promoted", target=version, data=data)
    return made
