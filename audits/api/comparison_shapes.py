"""Shapes of comparisons and promotions."""

from typing import Any

from rest_framework import serializers

from audits.api.audit_shapes import words
from audits.api.queue_shapes import MeasureSerializer
from audits.models import BackendKind, Comparison, ModelVersion, Promotion


class ComparisonInput(serializers.Serializer[Any]):
    a = serializers.UUIDField()
    b = serializers.UUIDField()
    queue = serializers.UUIDField(required=False, allow_null=True, default=None)
    source = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)  # type: ignore[assignment]
    seed = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2_147_483_647)


class VersionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=words(BackendKind))
    name = serializers.CharField()
    version = serializers.CharField()
    hash = serializers.CharField()
    checkpoint = serializers.CharField()
    adapter = serializers.CharField()
    prompt = serializers.CharField()
    decoding = serializers.CharField()


class GenerationCountsSerializer(serializers.Serializer[Any]):
    generations = serializers.IntegerField()
    used = serializers.IntegerField()
    recovered = serializers.IntegerField()
    failed = serializers.IntegerField()


class SideAccountSerializer(serializers.Serializer[Any]):
    """images = used + partial + failed + missing."""

    images = serializers.IntegerField()
    used = serializers.IntegerField()
    partial = serializers.IntegerField()  # type: ignore[assignment]
    failed = serializers.IntegerField()
    missing = serializers.IntegerField()
    generations = GenerationCountsSerializer()


class PairsSerializer(serializers.Serializer[Any]):
    """McNemar's table and the exact two-sided p."""

    n = serializers.IntegerField()
    both = serializers.IntegerField()
    only_a = serializers.IntegerField()
    only_b = serializers.IntegerField()
    p = serializers.FloatField()


class AccountingSerializer(serializers.Serializer[Any]):
    a = SideAccountSerializer()
    b = SideAccountSerializer()
    answered = PairsSerializer()
    unequal = serializers.BooleanField()


class VersionDifferenceSerializer(MeasureSerializer):
    """B - A; ``sure``: the 95% interval excludes 0."""

    sure = serializers.BooleanField()


class FlagRatesSerializer(serializers.Serializer[Any]):
    precision = MeasureSerializer()
    recall = MeasureSerializer()


class ComparedCaseSerializer(serializers.Serializer[Any]):
    """A case where the two differ; ``labels`` maps a label to ``{"truth", "a", "b"}``."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    answered = serializers.DictField(child=serializers.BooleanField())
    labels = serializers.DictField(child=serializers.DictField())
    audits = serializers.DictField(child=serializers.UUIDField(allow_null=True))


class ComparisonReportSerializer(serializers.Serializer[Any]):
    """``scores`` of each side are what `python -m inference evaluate` gives."""

    accounting = AccountingSerializer()
    scores = serializers.DictField(child=serializers.DictField())
    flags = serializers.DictField(child=FlagRatesSerializer())
    differences = serializers.DictField(child=VersionDifferenceSerializer())
    mcnemar = serializers.DictField(child=PairsSerializer())
    cases = ComparedCaseSerializer(many=True)


class ComparisonSerializer(serializers.Serializer[Any]):
    """``red``: a version left cases unanswered, as ``warnings`` say; read no score before."""

    id = serializers.UUIDField()
    a = VersionSerializer()
    b = VersionSerializer()
    queue = serializers.UUIDField(allow_null=True)
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    seed = serializers.IntegerField()
    cases = serializers.IntegerField()
    left_out = serializers.IntegerField()
    red = serializers.BooleanField()
    warnings = serializers.ListField(child=serializers.CharField())
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class WholeComparisonSerializer(ComparisonSerializer):
    report = ComparisonReportSerializer()


class PromotionInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)
    comparison = serializers.UUIDField(required=False, allow_null=True, default=None)


class PromotionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=words(BackendKind))
    model = VersionSerializer()
    previous = VersionSerializer(allow_null=True)
    rollback = serializers.BooleanField()
    reason = serializers.CharField()
    comparison = serializers.UUIDField(allow_null=True)
    promoted_by = serializers.CharField()
    created_at = serializers.DateTimeField()


def version_body(version: ModelVersion) -> dict[str, Any]:
    names = ("id", "kind", "name", "version", "hash", "checkpoint", "adapter", "prompt", "decoding")
    return {name: getattr(version, name) for name in names}


def comparison_body(row: Comparison) -> dict[str, Any]:
    """Without its report, which a list would carry for nobody."""
    plain = ("id", "seed", "cases", "left_out", "red", "warnings", "created_at")
    return {
        **{name: getattr(row, name) for name in plain},
        "a": version_body(row.a),
        "b": version_body(row.b),
        "queue": row.queue_id,
        "source": row.source.slug if row.source else None,
        "created_by": row.created_by.username if row.created_by else None,
    }


def promotion_body(row: Promotion) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("id", "kind", "rollback", "reason", "created_at")},
        "model": version_body(row.model),
        "previous": version_body(row.previous) if row.previous else None,
        "comparison": row.comparison_id,
        "promoted_by": row.promoted_by.username,
    }
