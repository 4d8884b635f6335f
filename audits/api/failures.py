"""What went wrong with audits, and trying again: tracebacks, generations, retrying many."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.audit_shapes import words
from audits.api.permissions import Administrators
from audits.errors import InvalidInput, NotFound
from audits.models import Audit, Generation, GenerationOutcome, StepName, User
from audits.selectors.audits import visible_audits
from audits.selectors.generations import failures_of, generations_of
from audits.services.batches import AT_A_TIME, audits_retry
from audits.services.exposure import expose


class FailedStepSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    step = serializers.ChoiceField(choices=words(StepName))
    attempt = serializers.IntegerField()
    claims = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()
    traceback = serializers.CharField()
    at = serializers.DateTimeField()


class GenerationModelSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.CharField()


class GenerationSerializer(serializers.Serializer[Any]):
    step = serializers.ChoiceField(choices=words(StepName))
    attempt = serializers.IntegerField()
    member = serializers.CharField()
    position = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=words(GenerationOutcome))
    raw = serializers.CharField()
    settings = serializers.DictField()
    tokens_in = serializers.IntegerField(allow_null=True)
    tokens_out = serializers.IntegerField(allow_null=True)
    ms = serializers.IntegerField()
    detail = serializers.CharField()
    model = GenerationModelSerializer()


class RetryInput(serializers.Serializer[Any]):
    audits = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=AT_A_TIME
    )
    code = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)
    source = serializers.CharField(required=False, allow_blank=True, default="", max_length=60)  # type: ignore[assignment]


class RetriedSerializer(serializers.Serializer[Any]):
    retried = serializers.IntegerField()
    refused = serializers.IntegerField()
    left = serializers.IntegerField()


class AuditFailures(APIView):
    permission_classes = [Administrators]

    @extend_schema(
        operation_id="audits_failures",
        responses=inline_serializer("Failures", {"results": FailedStepSerializer(many=True)}),
    )
    def get(self, request: Request, audit_id: uuid.UUID) -> Response:
        """Every failure of its steps with the traceback, newest first; retried ones too."""
        rows = failures_of(_audit(request, audit_id))
        return Response({"results": FailedStepSerializer(rows, many=True).data})


class AuditGenerations(APIView):
    @extend_schema(
        operation_id="audits_generations",
        responses=inline_serializer("Generations", {"results": GenerationSerializer(many=True)}),
    )
    def get(self, request: Request, audit_id: uuid.UUID) -> Response:
        """What the models really said, attempt by attempt."""
        audit = _audit(request, audit_id)
        expose(user=_user(request), cases=[audit.case_id])
        rows = generations_of(audit)
        return Response({"results": [generation_body(row) for row in rows]})


class AuditsRetry(APIView):
    permission_classes = [Administrators]

    @extend_schema(
        operation_id="audits_retry_many", request=RetryInput, responses=RetriedSerializer
    )
    def post(self, request: Request) -> Response:
        """Failed audits once more, 200 a time: ask again while some are ``left``."""
        given = RetryInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        if not any(wanted.values()):
            raise InvalidInput("audits", "Say which: audits, a failure's code, or a source.")
        audits = visible_audits(_user(request))
        if wanted["audits"]:
            audits = audits.filter(pk__in=wanted["audits"])
        if wanted["code"]:
            audits = audits.filter(failure_code=wanted["code"])
        if wanted["source"]:
            audits = audits.filter(case__source__slug=wanted["source"])
        retried = audits_retry(audits=audits, actor=_user(request))
        return Response(RetriedSerializer(retried).data)


def generation_body(row: Generation) -> dict[str, Any]:
    fields = (
        *("step", "attempt", "member", "position", "outcome", "raw", "settings"),
        *("tokens_in", "tokens_out", "ms", "detail"),
    )
    model = {"id": row.model.id, "name": row.model.name, "version": row.model.version}
    return {**{field: getattr(row, field) for field in fields}, "model": model}


def _user(request: Request) -> User:
    return cast(User, request.user)


def _audit(request: Request, audit_id: uuid.UUID) -> Audit:
    audit = visible_audits(_user(request)).filter(pk=audit_id).first()
    if audit is None:
        raise NotFound("audit")
    return audit


urlpatterns = [
    path("audits/retry", AuditsRetry.as_view(), name="audits-retry"),
    path("audits/<uuid:audit_id>/failures", AuditFailures.as_view(), name="audit-failures"),
    path(
        "audits/<uuid:audit_id>/generations", AuditGenerations.as_view(), name="audit-generations"
    ),
]
