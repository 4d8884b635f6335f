"""What goes into and comes out of `/slots`: leases, decisions, missed findings, reads."""

from typing import Any

from rest_framework import serializers

from audits.models import (
    BlindCommit,
    BlindStep,
    Decision,
    MissedFinding,
    Queue,
    Read,
    ReviewSlot,
    SkipReason,
)
from audits.selectors.blind import commits_of, step_after
from audits.selectors.reads import live_decisions, live_missed_findings, reopened_before
from inference.decisions import Reason, Significance, Verdict
from inference.vocabulary import LABELS, Label, State

BLIND = Queue.Mode.BLIND_FIRST
COMMITTED = [(step.value, step.label) for step in (BlindStep.IMAGE, BlindStep.DRAFT)]
"""The steps that end by a commit."""


class BoxField(serializers.ListField):
    """``[y0, x0, y1, x1]`` in 0..1 of the image, y0 < y1 and x0 < x1."""

    child = serializers.FloatField(min_value=0, max_value=1)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=4, max_length=4, **kwargs)  # said in the schema

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, list) or len(data) != 4:
            raise _unusable()
        try:
            y0, x0, y1, x1 = super().to_internal_value(data)
        except serializers.ValidationError:
            # One sentence about the box, instead of one for each of its numbers.
            raise _unusable() from None
        # Written so that a NaN, which compares false with everything, is refused too.
        if not (y0 < y1 and x0 < x1):
            raise _unusable()
        return (y0, x0, y1, x1)


def _unusable() -> serializers.ValidationError:
    return serializers.ValidationError(
        "A box is [y0, x0, y1, x1] with y0 < y1 and x0 < x1, in 0..1 of the image."
    )


class LeaseSerializer(serializers.Serializer[Any]):
    lease_token = serializers.UUIDField()
    fence = serializers.IntegerField(min_value=0)


class LayersInput(serializers.Serializer[Any]):
    """Only the layers of which the reader says otherwise than verdict and reason do."""

    finding_true = serializers.BooleanField(required=False, allow_null=True)
    box_right = serializers.BooleanField(required=False, allow_null=True)
    draft_read_right = serializers.BooleanField(required=False, allow_null=True)


class DecisionInput(LeaseSerializer):
    id = serializers.UUIDField()
    flag = serializers.UUIDField()
    verdict = serializers.ChoiceField(choices=[str(word) for word in Verdict])
    reason = serializers.ChoiceField(
        choices=[str(word) for word in Reason], required=False, allow_null=True, default=None
    )
    significance = serializers.ChoiceField(
        choices=[str(word) for word in Significance], required=False, allow_null=True, default=None
    )
    box = BoxField(required=False, allow_null=True, default=None)
    comment = serializers.CharField(
        required=False, allow_blank=True, max_length=4000, default="", trim_whitespace=False
    )
    active_seconds = serializers.FloatField(
        required=False, allow_null=True, default=None, min_value=0, max_value=86_400
    )
    seen = serializers.DictField(required=False, default=dict)
    layers = LayersInput(required=False, default=dict)


class MissedFindingInput(LeaseSerializer):
    id = serializers.UUIDField()
    remove = serializers.BooleanField(required=False, default=False)
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=[str(word) for word in Label], required=False
    )
    box = BoxField(required=False, allow_null=True, default=None)
    comment = serializers.CharField(
        required=False, allow_blank=True, max_length=4000, default="", trim_whitespace=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["remove"] and "label" not in attrs:
            raise serializers.ValidationError({"label": ["Say which finding was missed."]})
        return attrs


class UndoInput(LeaseSerializer):
    decision = serializers.UUIDField(required=False, allow_null=True, default=None)


class SubmitInput(LeaseSerializer):
    nothing_else_missed = serializers.BooleanField()
    claim_next = serializers.BooleanField(
        required=False, default=False, help_text="Claim the queue's next slot in the same answer."
    )


class SeenBoxSerializer(serializers.Serializer[Any]):
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=[str(word) for word in Label]
    )
    box = BoxField()


class StatesField(serializers.DictField):
    """A state for each of the five labels, none left out."""

    child = serializers.ChoiceField(choices=[str(word) for word in State])

    def to_internal_value(self, data: Any) -> Any:
        states = super().to_internal_value(data)
        if set(states) != {label.value for label in LABELS}:
            wanted = ", ".join(label.value for label in LABELS)
            raise serializers.ValidationError(f"Give a state for each of: {wanted}.")
        return states


class CommitInput(LeaseSerializer):
    """``states`` and ``boxes`` belong to the image's step; the draft's has neither."""

    id = serializers.UUIDField()
    step = serializers.ChoiceField(choices=COMMITTED)
    states = StatesField(required=False, allow_null=True, default=None)
    boxes = serializers.ListField(
        child=SeenBoxSerializer(), required=False, default=list, max_length=40
    )
    active_seconds = serializers.FloatField(
        required=False, allow_null=True, default=None, min_value=0, max_value=86_400
    )


class SkipInput(LeaseSerializer):
    reason = serializers.ChoiceField(choices=SkipReason.choices)


class LayersSerializer(serializers.Serializer[Any]):
    finding_true = serializers.BooleanField(allow_null=True)
    box_right = serializers.BooleanField(allow_null=True)
    draft_read_right = serializers.BooleanField(allow_null=True)


class DecisionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    flag = serializers.UUIDField()
    verdict = serializers.ChoiceField(choices=[str(word) for word in Verdict])
    reason = serializers.ChoiceField(choices=[str(word) for word in Reason], allow_null=True)
    significance = serializers.ChoiceField(
        choices=[str(word) for word in Significance], allow_null=True
    )
    box = BoxField(allow_null=True)
    comment = serializers.CharField()
    active_seconds = serializers.FloatField(allow_null=True)
    supersedes = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    retracted = serializers.BooleanField()
    layers = LayersSerializer()


class MissedFindingSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=[str(word) for word in Label]
    )
    box = BoxField(allow_null=True)
    comment = serializers.CharField()


class CommitSerializer(serializers.Serializer[Any]):
    """What was committed of a step; ``states`` and ``boxes`` are empty for the draft's."""

    id = serializers.UUIDField()
    step = serializers.ChoiceField(choices=COMMITTED)
    states = serializers.DictField(
        child=serializers.ChoiceField(choices=[str(word) for word in State])
    )
    boxes = SeenBoxSerializer(many=True)
    created_at = serializers.DateTimeField()


class CommittedSerializer(CommitSerializer):
    """``next`` is the step that the read is at now."""

    next = serializers.ChoiceField(choices=BlindStep.choices)


class ReadSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    decisions = DecisionSerializer(many=True)
    missed_findings = MissedFindingSerializer(many=True)
    submitted_at = serializers.DateTimeField(allow_null=True)


class ReopenedSerializer(serializers.Serializer[Any]):
    """When and why an adjudicator opened a submitted read again."""

    at = serializers.DateTimeField()
    reason = serializers.CharField()


class EarlierReadSerializer(ReadSerializer):
    reopened = ReopenedSerializer()


class SlotSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    queue = serializers.UUIDField()
    audit = serializers.UUIDField()
    item = serializers.UUIDField()
    lease_token = serializers.UUIDField(allow_null=True)
    fence = serializers.IntegerField()
    expires_at = serializers.DateTimeField(allow_null=True)
    step = serializers.ChoiceField(choices=BlindStep.choices)
    commits = CommitSerializer(many=True)
    read = ReadSerializer()
    earlier = EarlierReadSerializer(many=True)


def decision_body(decision: Decision, *, retracted: bool = False) -> dict[str, Any]:
    return {
        "id": decision.id,
        "flag": decision.flag_id,
        "verdict": decision.verdict,
        "reason": decision.reason,
        "significance": decision.significance,
        "box": decision.box,
        "comment": decision.comment,
        "active_seconds": decision.active_seconds,
        "supersedes": decision.supersedes_id,
        "created_at": decision.created_at,
        "retracted": retracted,
        "layers": {
            "finding_true": decision.finding_true,
            "box_right": decision.box_right,
            "draft_read_right": decision.draft_read_right,
        },
    }


def missed_body(missed: MissedFinding) -> dict[str, Any]:
    return {
        "id": missed.id,
        "label": missed.label,
        "box": missed.box,
        "comment": missed.comment,
    }


def commit_body(commit: BlindCommit) -> dict[str, Any]:
    return {
        "id": commit.id,
        "step": commit.step,
        "states": {k.value: commit.states[k] for k in LABELS if k in commit.states},
        "boxes": commit.boxes,
        "created_at": commit.created_at,
    }


def slot_body(
    slot: ReviewSlot, read: Read, *, with_token: bool = True, begun: bool = False
) -> dict[str, Any]:
    """``begun``: the read was begun just now, so that nothing of it has to be looked up."""
    commits = list(commits_of(slot, read.reviewer)) if slot.queue.mode == BLIND else []
    return {
        "id": slot.id,
        "queue": slot.queue_id,
        "audit": slot.item.audit_id,
        "item": slot.item_id,
        "lease_token": slot.lease_token if with_token else None,
        "fence": read.fence,
        "expires_at": slot.leased_until if slot.fence == read.fence else None,
        "step": step_after(slot.queue, commits).value,
        "commits": [commit_body(commit) for commit in commits],
        "read": empty_body(read) if begun else read_body(read),
        # Of a first lease nothing was submitted before.
        "earlier": [
            {**read_body(each), "reopened": reopened_body(each)} for each in reopened_before(read)
        ]
        if read.fence > 1
        else [],
    }


def read_body(read: Read) -> dict[str, Any]:
    return empty_body(read) | {
        "decisions": [decision_body(kept) for kept in live_decisions(read=read).values()],
        "missed_findings": [missed_body(kept) for kept in live_missed_findings(read=read)],
    }


def empty_body(read: Read) -> dict[str, Any]:
    nothing: dict[str, Any] = {"decisions": [], "missed_findings": []}
    return {"id": read.id, **nothing, "submitted_at": read.submitted_at}


def reopened_body(read: Read) -> dict[str, Any] | None:
    """``read`` comes with its reopening."""
    if read.reopened_at is None:
        return None
    return {"at": read.reopened_at, "reason": read.reopening.reason}
