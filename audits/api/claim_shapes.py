"""What a claim answers: a slot under a lease, or why there is none."""

from typing import Any

from rest_framework import serializers

from audits.api.slot_shapes import SlotSerializer, slot_body
from audits.services.leases import Claimed, Nothing


class ClaimAnswerSerializer(serializers.Serializer[Any]):
    slot = SlotSerializer(allow_null=True)
    reason = serializers.ChoiceField(
        choices=["empty", "all_leased", "all_yours_done", "paused"], required=False
    )
    next_free_at = serializers.DateTimeField(required=False, allow_null=True)
    barred = serializers.IntegerField(
        required=False, help_text="Open items not offered to this person by blind reading."
    )


class SubmittedSerializer(serializers.Serializer[Any]):
    read = serializers.UUIDField()
    submitted_at = serializers.DateTimeField()
    next = ClaimAnswerSerializer(
        allow_null=True,
        help_text="The claim that was asked for; null if none was, or they no longer read here.",
    )


def claim_body(claimed: Claimed | Nothing) -> dict[str, Any]:
    if isinstance(claimed, Nothing):
        return {
            "slot": None,
            "reason": claimed.reason,
            "next_free_at": claimed.next_free_at,
            "barred": claimed.barred,
        }
    return {"slot": slot_body(claimed.slot, claimed.read, begun=claimed.begun)}
