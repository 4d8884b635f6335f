"""A person says that what may name somebody does not: only then may it leave in a release."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audits.errors import Conflict
from audits.models import Case, Draft, User
from audits.services.log import record


@transaction.atomic
def draft_clear(*, draft_id: UUID, actor: User) -> Draft:
    """The actor has read the draft and names nobody in it. Clearing twice is clearing once.

    Raises ``Conflict`` (``nothing_to_clear``) where the scrubber found nothing.
    """
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    if draft.scrub_state is None:
        raise Conflict("nothing_to_clear", "Nothing in this draft was taken for a name or number.")
    if draft.text_cleared_at is None:
        draft.text_cleared_at = timezone.now()
        draft.save(update_fields=["text_cleared_at"])
        record(actor=actor, action="draft.cleared", target=draft, data={"scrubbed": draft.scrubbed})
    return draft


@transaction.atomic
def case_clear_burned_in(*, case_id: UUID, actor: User) -> Case:
    """The actor has looked at the picture and no letter of it names anybody. Twice is once.

    Raises ``Conflict`` (``nothing_to_clear``) where nothing looks like text.
    """
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    if case.burned_in_state is None:
        raise Conflict("nothing_to_clear", "Nothing in this picture was taken for text.")
    if case.burned_in_cleared_at is None:
        case.burned_in_cleared_at = timezone.now()
        case.save(update_fields=["burned_in_cleared_at"])
        record(actor=actor, action="case.burned_in_cleared", target=case)
    return case
