"""What an adjudication looks like: in a list, and to the adjudicator who holds or settled it."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from audits.api.slot_shapes import (
    BoxField,
    DecisionSerializer,
    LeaseSerializer,
    MissedFindingSerializer,
    decision_body,
    missed_body,
)
from audits.models import Adjudication, Read, User
from audits.selectors.adjudications import named_reads
from audits.selectors.reads import live_decisions, live_missed_findings
from inference.consensus import What
from inference.decisions import Reason, Verdict
from inference.vocabulary import LABELS

_LABELS = [label.value for label in LABELS]


class AdjudicationQuery(serializers.Serializer[Any]):
    queue = serializers.UUIDField(required=False)
    state = serializers.ChoiceField(choices=Adjudication.State.choices, required=False)


class DifferenceSerializer(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=[what.value for what in What])
    label = serializers.ChoiceField(choices=_LABELS)  # type: ignore[assignment]
    flag = serializers.UUIDField(allow_null=True)


class AdjudicationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    queue = serializers.UUIDField()
    state = serializers.ChoiceField(choices=Adjudication.State.choices)
    differs = DifferenceSerializer(many=True)
    held = serializers.BooleanField()
    opened_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class NamedReadSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    decisions = DecisionSerializer(many=True)
    missed_findings = MissedFindingSerializer(many=True)


class RulingSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    label = serializers.ChoiceField(choices=_LABELS)  # type: ignore[assignment]
    flag = serializers.UUIDField(allow_null=True)
    verdict = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    present = serializers.BooleanField(allow_null=True)
    box = BoxField(allow_null=True)


class OutcomeSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    rulings = RulingSerializer(many=True)


class OpenedSerializer(AdjudicationSerializer):
    """The rest is null unless this person holds the adjudication or settled it."""

    audit = serializers.UUIDField(allow_null=True)
    lease_token = serializers.UUIDField(allow_null=True)
    fence = serializers.IntegerField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    reads = NamedReadSerializer(many=True, allow_null=True)
    outcome = OutcomeSerializer(allow_null=True)


class ChairSerializer(LeaseSerializer):
    """The lease that the claim gave."""


class FlagRulingInput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    flag = serializers.UUIDField()
    verdict = serializers.ChoiceField(choices=[str(word) for word in Verdict])
    reason = serializers.ChoiceField(
        choices=[str(word) for word in Reason], required=False, allow_null=True, default=None
    )
    box = BoxField(required=False, allow_null=True, default=None)


class LabelRulingInput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    label = serializers.ChoiceField(choices=_LABELS)  # type: ignore[assignment]
    present = serializers.BooleanField()
    box = BoxField(required=False, allow_null=True, default=None)


class SettleInput(ChairSerializer):
    reason = serializers.CharField(max_length=4000)
    rulings = FlagRulingInput(many=True, required=False, default=list)
    missed = LabelRulingInput(many=True, required=False, default=list)


def adjudication_body(found: Adjudication, now: datetime) -> dict[str, Any]:
    return {
        "id": found.id,
        "queue": found.queue_id,
        "state": found.state,
        "differs": found.differs,
        "held": found.leased_until is not None and found.leased_until > now,
        "opened_at": found.opened_at,
        "settled_at": found.settled_at,
    }


def opened_body(found: Adjudication, user: User) -> dict[str, Any]:
    """``found`` for this person: its reads only while they hold it, or once they settled it."""
    now = timezone.now()
    body = adjudication_body(found, now)
    settled = found.state == Adjudication.State.SETTLED
    if found.adjudicator_id != user.pk or not (body["held"] or settled):
        empty = ("audit", "lease_token", "fence", "expires_at", "reads", "outcome")
        return body | dict.fromkeys(empty)
    named = named_reads(adjudication=found, adjudicator=user)
    return body | {
        "audit": found.item.audit_id,
        "lease_token": found.lease_token,
        "fence": found.fence,
        "expires_at": found.leased_until,
        "reads": [_read_body(name, read) for name, read in named.items()],
        "outcome": _outcome_body(found) if settled else None,
    }


def _read_body(name: str, read: Read) -> dict[str, Any]:
    return {
        "id": read.id,
        "name": name,
        "decisions": [decision_body(kept) for kept in live_decisions(read=read).values()],
        "missed_findings": [missed_body(kept) for kept in live_missed_findings(read=read)],
    }


def _outcome_body(found: Adjudication) -> dict[str, Any]:
    names = ("id", "label", "flag_id", "verdict", "reason", "present", "box")
    rows = found.rulings.order_by("label", "id").values(*names)
    rulings = [{**row, "flag": row["flag_id"]} for row in rows]
    for ruling in rulings:
        del ruling["flag_id"]
    return {"reason": found.reason, "rulings": rulings}
