"""The steps of a blind read, each ended by a commit."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from audits.errors import Conflict, InvalidInput
from audits.models import BlindCommit, BlindStep, Exposure, ReviewSlot, User
from audits.services.exposure import expose
from audits.services.leases import lock_slot, require_lease, require_step
from audits.services.log import record
from audits.services.reads import Lease, read_under
from inference.schema import Box
from inference.vocabulary import LABELS, Label, State


@dataclass(frozen=True, slots=True)
class View:
    """What a reader sees in the image alone: a state for each label, and boxes if they wish."""

    states: dict[Label, State]
    boxes: tuple[tuple[Label, Box], ...] = ()


@transaction.atomic
def commit_step(
    *,
    lease: Lease,
    commit_id: uuid.UUID,
    step: BlindStep,
    view: View | None = None,
    active_seconds: float | None = None,
) -> tuple[BlindCommit, bool]:
    """End the step that the read is at; ``(commit, created)``. The same id again returns what it
    made.

    ``view`` belongs to the image's step and to no other. Committing the draft's step shows the
    flags, which is recorded in the same transaction.

    :raises Conflict: those of `require_lease`; ``blind_step`` when the read is at another step,
        or its queue is not blind; ``shown_flags`` when the person was shown flags of the case.
    """
    slot = lock_slot(lease.slot_id)
    read = read_under(slot, lease)
    known = BlindCommit.objects.filter(pk=commit_id).first()
    if known is not None:
        if known.read_id != read.pk or known.step != step:
            raise InvalidInput("id", "This id is taken. Make a new random UUID for each commit.")
        return known, False
    require_lease(slot, reviewer=lease.reviewer, token=lease.token, fence=lease.fence)
    require_step(slot, lease.reviewer, step)
    _require_unseen(slot, lease.reviewer)
    made = BlindCommit.objects.create(
        id=commit_id,
        item=slot.item,
        reviewer=lease.reviewer,
        read=read,
        step=step,
        active_seconds=active_seconds,
        **_stored(step, view),
    )
    if step == BlindStep.DRAFT:
        expose(user=lease.reviewer, cases=[slot.item.audit.case_id])
    data = {"step": step.value, "fence": lease.fence}
    record(actor=lease.reviewer, action="blind_step.committed", target=made, data=data)
    return made, True


def _require_unseen(slot: ReviewSlot, reviewer: User) -> None:
    if Exposure.objects.filter(user=reviewer, case=slot.item.audit.case_id).exists():
        raise Conflict(
            "shown_flags",
            "You were shown the flags of this case, so you can't read it blind. Skip it or give it"
            " back; what you committed before is kept.",
        )


def _stored(step: BlindStep, view: View | None) -> dict[str, object]:
    if step == BlindStep.DRAFT:
        if view is not None:
            raise InvalidInput("states", "The draft's step has no states: they were said before.")
        return {}
    if view is None:
        raise InvalidInput("states", "Say a state for each label: present, uncertain or absent.")
    for label, _ in view.boxes:
        if view.states[label] == State.ABSENT:
            raise InvalidInput("boxes", f"There is a box of {label}, which you call absent.")
    return {
        "states": {label.value: view.states[label].value for label in LABELS},
        "boxes": [{"label": label.value, "box": list(box)} for label, box in view.boxes],
    }
