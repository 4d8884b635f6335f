"""What comes out of `/audits`: a row of the worklist, and one audit whole."""

from typing import Any

from rest_framework import serializers

from audits.api.case_shapes import CaseSerializer
from audits.models import AuditState, BlindStep, Priority, StepName
from audits.models.cases import ORIGINS
from audits.models.evidence import ALIGNMENTS, CLAIM_TYPES, FLAG_REASONS, SIDES
from inference.vocabulary import DraftState, FlagKind, ImageState, Label, LedgerReason, State


def words(enum: Any) -> list[str]:
    return [str(word) for word in enum]


class BoxSerializerField(serializers.ListField):
    """``[y0, x0, y1, x1]`` in 0..1 of the image."""

    child = serializers.FloatField()


class SpanSerializerField(serializers.ListField):
    """``[start, end]`` in characters of the draft."""

    child = serializers.IntegerField()


def label_states() -> serializers.DictField:
    return serializers.DictField(
        child=serializers.ChoiceField(choices=words(State), allow_null=True), allow_null=True
    )


class FlagCountsSerializer(serializers.Serializer[Any]):
    URGENT = serializers.IntegerField()
    MISSING = serializers.IntegerField()
    UNSUPPORTED = serializers.IntegerField()


class TopFlagSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=words(FlagKind))
    label = serializers.ChoiceField(choices=words(Label))  # type: ignore[assignment]
    reason = serializers.ChoiceField(choices=list(FLAG_REASONS), allow_null=True)
    reported = serializers.BooleanField(allow_null=True)


class ReadsSerializer(serializers.Serializer[Any]):
    needed = serializers.IntegerField()
    submitted = serializers.IntegerField()
    reading = serializers.IntegerField()


class FailureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    step = serializers.ChoiceField(choices=words(StepName))


class AuditRowSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=words(AuditState))
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    case = CaseSerializer()
    draft_excerpt = serializers.CharField()
    draft_state = serializers.ChoiceField(choices=words(DraftState), allow_null=True)
    image_state = serializers.ChoiceField(choices=words(ImageState), allow_null=True)
    flag_counts = FlagCountsSerializer()
    top_flag = TopFlagSerializer(allow_null=True)
    reads = ReadsSerializer()
    failure = FailureSerializer(allow_null=True)
    attempt = serializers.IntegerField()
    step = serializers.ChoiceField(choices=words(StepName), allow_null=True)


class FindingSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    label = serializers.ChoiceField(choices=words(Label))  # type: ignore[assignment]
    box = BoxSerializerField(allow_null=True)
    score = serializers.FloatField(allow_null=True)
    below = serializers.BooleanField()
    region = serializers.CharField(allow_null=True)


class VoteSerializer(serializers.Serializer[Any]):
    """``state`` is null where the member did not assess the label, or failed."""

    member = serializers.CharField()
    label = serializers.ChoiceField(choices=words(Label))  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=words(State), allow_null=True)
    score = serializers.FloatField(allow_null=True)
    boxes = serializers.ListField(child=BoxSerializerField())


class MentionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    label = serializers.ChoiceField(choices=words(Label))  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=words(State))
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    cue = serializers.CharField()
    rule = serializers.CharField()
    section = serializers.CharField()
    overruled = serializers.BooleanField()
    side = serializers.ChoiceField(choices=list(SIDES), allow_null=True)
    location = serializers.CharField(allow_null=True)
    severity = serializers.CharField(allow_null=True)
    change = serializers.CharField(allow_null=True)
    size_mm = serializers.FloatField(allow_null=True)


class UrgencySerializer(serializers.Serializer[Any]):
    tier = serializers.IntegerField()
    wording = serializers.CharField()


class FlagSerializer(TopFlagSerializer):
    id = serializers.UUIDField()
    side = serializers.ChoiceField(choices=list(SIDES), allow_null=True)
    side_agrees = serializers.BooleanField(allow_null=True)
    boxes = serializers.ListField(child=BoxSerializerField())
    spans = serializers.ListField(child=SpanSerializerField())
    rule = serializers.CharField()
    urgency = UrgencySerializer(allow_null=True)


class ClaimSerializer(serializers.Serializer[Any]):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    type = serializers.ChoiceField(choices=list(CLAIM_TYPES))
    labels = serializers.ListField(child=serializers.ChoiceField(choices=words(Label)))
    alignment = serializers.ChoiceField(choices=list(ALIGNMENTS), allow_null=True)
    penalty = serializers.IntegerField()
    cause = serializers.CharField()
    overconfident = serializers.ListField(child=SpanSerializerField())
    suggestion = serializers.CharField(allow_null=True)


class LedgerSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=words(LedgerReason))
    raw = serializers.CharField()
    detail = serializers.CharField()
    step = serializers.ChoiceField(choices=words(StepName))
    attempt = serializers.IntegerField()


class AuditDraftSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    origin = serializers.ChoiceField(choices=list(ORIGINS))


class BackendSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    version = serializers.CharField()
    hash = serializers.CharField()
    licence = serializers.CharField()
    may_release_output = serializers.BooleanField()


class StepTimesSerializer(serializers.Serializer[Any]):
    grounding = serializers.IntegerField(allow_null=True)
    parsing = serializers.IntegerField(allow_null=True)
    comparing = serializers.IntegerField(allow_null=True)


class AuditSerializer(serializers.Serializer[Any]):
    """``shown`` is ``flags`` for a whole audit; to who reads it blind it is ``image`` or ``draft``,
    and what comes later is null or empty."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=words(AuditState))
    shown = serializers.ChoiceField(choices=BlindStep.choices)
    step = serializers.ChoiceField(choices=words(StepName), allow_null=True)
    image_state = serializers.ChoiceField(choices=words(ImageState), allow_null=True)
    draft_state = serializers.ChoiceField(choices=words(DraftState), allow_null=True)
    case = CaseSerializer()
    draft = AuditDraftSerializer(allow_null=True)
    findings = FindingSerializer(many=True)
    image_labels = label_states()
    scores = serializers.DictField(child=serializers.FloatField())
    draft_labels = label_states()
    mentions = MentionSerializer(many=True)
    flags = FlagSerializer(many=True)
    claims = ClaimSerializer(many=True)
    score = serializers.IntegerField(allow_null=True)
    penalties = serializers.ListField(child=serializers.IntegerField())
    notes = serializers.ListField(child=serializers.CharField())
    ledger = LedgerSerializer(many=True)
    measurements = serializers.DictField(child=serializers.FloatField())
    votes = VoteSerializer(many=True)
    grounder = BackendSerializer()
    parser = BackendSerializer()
    policy = serializers.CharField()
    failure = FailureSerializer(allow_null=True)
    attempt = serializers.IntegerField()
    priority = serializers.ChoiceField(choices=words(Priority))
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    ms = StepTimesSerializer()
    notice = serializers.CharField()
