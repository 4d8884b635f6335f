"""What a queue looks like from outside: to everybody, and its rules to curators."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from audits.models import Queue
from audits.models.cases import ORIGINS
from audits.selectors.filters import QueueFilter
from audits.services.queues import NewQueue
from inference.vocabulary import LABELS, FlagKind


def filter_field(**options: Any) -> Any:
    """What is left out matches anything; label, kind and urgency must be met by one flag."""
    labels = [label.value for label in LABELS]
    kinds = [kind.value for kind in FlagKind]
    fields: dict[str, serializers.Field[Any, Any, Any, Any]] = {
        "source": serializers.SlugField(required=False),
        "grounder": serializers.UUIDField(required=False),
        "parser": serializers.UUIDField(required=False),
        "origin": serializers.ChoiceField(choices=list(ORIGINS), required=False),
        "label": serializers.ChoiceField(choices=labels, required=False),
        "kind": serializers.ChoiceField(choices=kinds, required=False),
        "urgency": serializers.ChoiceField(choices=["any", "unreported"], required=False),
        "not_reviewed": serializers.BooleanField(required=False),
    }
    return inline_serializer("QueueFilter", fields, **options)


class QueueRulesSerializer(serializers.Serializer[Any]):
    filter = filter_field()
    unflagged_share = serializers.FloatField()
    informed_share = serializers.FloatField()


class QueueCountsSerializer(serializers.Serializer[Any]):
    items = serializers.IntegerField()
    slots = serializers.IntegerField()
    submitted = serializers.IntegerField()
    leased = serializers.IntegerField()
    free = serializers.IntegerField()


class QueueSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=Queue.State.choices)
    mode = serializers.ChoiceField(choices=Queue.Mode.choices)
    order = serializers.ChoiceField(choices=Queue.Order.choices)
    reads_per_item = serializers.IntegerField()
    lease_minutes = serializers.IntegerField()
    guideline = serializers.CharField()
    guideline_version = serializers.IntegerField()
    open_to_all = serializers.BooleanField()
    box_iou_bar = serializers.FloatField()
    counts = QueueCountsSerializer()
    rules = QueueRulesSerializer(allow_null=True)


class QueueChange(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=Queue.State.choices, required=False)
    guideline = serializers.CharField(max_length=20000, required=False, allow_blank=True)
    lease_minutes = serializers.IntegerField(min_value=1, max_value=240, required=False)


class QueueInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    mode = serializers.ChoiceField(choices=Queue.Mode.choices, default=Queue.Mode.FLAGS_FIRST)
    order = serializers.ChoiceField(choices=Queue.Order.choices, required=False)
    reads_per_item = serializers.IntegerField(min_value=1, max_value=9, default=1)
    lease_minutes = serializers.IntegerField(min_value=1, max_value=240, default=15)
    guideline = serializers.CharField(max_length=20000, default="", allow_blank=True)
    filter = filter_field(default=dict)
    unflagged_share = serializers.FloatField(min_value=0, max_value=1, default=0.0)
    informed_share = serializers.FloatField(min_value=0.001, max_value=1, default=1.0)
    box_iou_bar = serializers.FloatField(min_value=0, max_value=1, default=0.5)
    takes_done_audits = serializers.BooleanField(default=False)
    open_to_all = serializers.BooleanField(default=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        blind = attrs["mode"] == Queue.Mode.BLIND_FIRST
        order = attrs.setdefault("order", Queue.Order.RANDOM if blind else Queue.Order.URGENT)
        if blind and order != Queue.Order.RANDOM:
            raise serializers.ValidationError(
                {"order": ["A blind queue is read in random order: any other tells of the flags."]}
            )
        if order == Queue.Order.INFORMATIVE and (
            attrs["unflagged_share"] or attrs["takes_done_audits"]
        ):
            field = "unflagged_share" if attrs["unflagged_share"] else "takes_done_audits"
            said = "This order draws from all audits itself, once: leave this out."
            raise serializers.ValidationError({field: [said]})
        return attrs

    def rules(self) -> NewQueue:
        given = dict(self.validated_data)
        narrow = {
            name: value if isinstance(value, bool) else str(value)
            for name, value in given.pop("filter").items()
        }
        return NewQueue(filter=QueueFilter.of(narrow), **given)


class FillInput(serializers.Serializer[Any]):
    """``assign_to``: by user name, who in turn reads what is added; if empty, whoever claims it."""

    assign_to = serializers.ListField(
        child=serializers.CharField(max_length=150), required=False, default=list, max_length=100
    )


class FilledSerializer(serializers.Serializer[Any]):
    matched = serializers.IntegerField()
    drawn = serializers.IntegerField()
    added = serializers.IntegerField()
    already = serializers.IntegerField()
    assigned = serializers.IntegerField()


class MeasureSerializer(serializers.Serializer[Any]):
    """``value`` is null where there is nothing to divide by; the interval is 95%, by patient."""

    value = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class AgreementRowSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(allow_null=True)
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    blind = serializers.BooleanField()
    n = serializers.IntegerField()
    percent = MeasureSerializer()
    gwet_ac1 = MeasureSerializer()
    krippendorff_alpha = MeasureSerializer()
    box_iou = MeasureSerializer(allow_null=True)


class AutomationRowSerializer(serializers.Serializer[Any]):
    """``followed``: of the flags that a reader's own first view spoke against, the share that they
    agreed with in the end. ``left``: of those it spoke for, the share that they did not."""

    kind = serializers.CharField(allow_null=True)
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    n = serializers.IntegerField()
    unsure = serializers.IntegerField()
    followed = MeasureSerializer()
    left = MeasureSerializer()


class PrecisionRowSerializer(MeasureSerializer):
    kind = serializers.CharField(allow_null=True)
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]


class RecallRowSerializer(MeasureSerializer):
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]


class AgreementSerializer(serializers.Serializer[Any]):
    """Null kind and label: all together. ``recall`` is null without unflagged audits to weigh."""

    queue = serializers.UUIDField()
    items = serializers.IntegerField()
    reads = serializers.IntegerField()
    rows = AgreementRowSerializer(many=True)
    automation = AutomationRowSerializer(many=True)
    precision = PrecisionRowSerializer(many=True)
    recall = RecallRowSerializer(many=True, allow_null=True)


def queue_body(queue: Any, *, rules: bool) -> dict[str, Any]:
    """``queue`` comes with its counts; ``rules`` says whether its filter may be shown."""
    return {
        "id": queue.id,
        "name": queue.name,
        "state": queue.state,
        "mode": queue.mode,
        "order": queue.order,
        "reads_per_item": queue.reads_per_item,
        "lease_minutes": queue.lease_minutes,
        "guideline": queue.guideline,
        "guideline_version": queue.guideline_version,
        "open_to_all": queue.open_to_all,
        "box_iou_bar": queue.box_iou_bar,
        "counts": {
            "items": queue.item_count,
            "slots": queue.slot_count,
            "submitted": queue.submitted_count,
            "leased": queue.leased_count,
            "free": queue.free_count,
        },
        "rules": {
            "filter": queue.filter,
            "unflagged_share": queue.unflagged_share,
            "informed_share": queue.informed_share,
        }
        if rules
        else None,
    }
