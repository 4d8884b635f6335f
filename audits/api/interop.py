"""`/audits/{id}/fhir` and `/audits/{id}/sr`: one audit for other systems."""

import json
import uuid
from dataclasses import replace
from datetime import datetime
from typing import Literal, cast

from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from audits.errors import Conflict, NotFound
from audits.models import Audit, AuditState, ModelVersion, User
from audits.models.cases import SUSPECTED
from audits.selectors.audits import whole_audit
from audits.services.exposure import expose
from inference.interop import AuditFacts
from inference.interop.fhir import bundle
from inference.schema import BackendVersion, Finding, Flag
from inference.vocabulary import FlagKind, Label


def _facts(request: Request, audit_id: uuid.UUID) -> AuditFacts:
    """Raises ``NotFound``, or ``Conflict``: ``not_done`` for an audit without a result,
    ``model_terms`` where a model's output may not be passed on."""
    user = cast(User, request.user)
    audit = whole_audit(user, audit_id)
    if audit is None:
        raise NotFound("audit")
    if audit.state != AuditState.DONE or audit.finished_at is None:
        raise Conflict("not_done", f"This audit is {audit.state}: there is no result to hand on.")
    if not (audit.grounder.may_release_output and audit.parser.may_release_output):
        raise Conflict("model_terms", "The terms of a model of this audit keep its output here.")
    expose(user=user, cases=[audit.case_id])
    return _within_terms(_all_facts(audit, audit.finished_at), audit)


def _within_terms(facts: AuditFacts, audit: Audit) -> AuditFacts:
    """What leaves the system obeys the switches of the source, as a release does."""
    source, kept_back = audit.case.source, []
    if facts.draft and (not source.text_redistributable or audit.draft.scrub_state == SUSPECTED):
        facts = replace(facts, draft="", notes=())
        kept_back.append("The draft's words are kept back: the terms, or a name that may be in it.")
    if not source.boxes_redistributable:
        facts = replace(
            facts,
            findings=tuple(replace(one, box=None) for one in facts.findings),
            flags=tuple(replace(one, boxes=()) for one in facts.flags),
        )
        kept_back.append("Boxes are kept back by the terms of the source.")
    return replace(facts, kept_back=tuple(kept_back))


def _all_facts(audit: Audit, finished_at: datetime) -> AuditFacts:
    return AuditFacts(
        id=audit.pk,
        case=audit.case_id,
        finished_at=finished_at,
        width=audit.case.width,
        height=audit.case.height,
        draft=audit.draft.text,
        findings=tuple(
            Finding(Label(found.label), found.box, found.score)
            for found in audit.findings.all()
            if not found.below
        ),
        flags=tuple(_flag(audit)),
        notes=tuple(audit.notes),
        grounder=_version(audit.grounder),
        parser=_version(audit.parser),
        policy=audit.policy,
    )


def _flag(audit: Audit) -> list[Flag]:
    return [
        Flag(
            FlagKind(flag.kind),
            Label(flag.label),
            cast("Literal['omitted', 'denied'] | None", flag.reason),
            flag.reported,
            flag.side_agrees,
            tuple((y0, x0, y1, x1) for y0, x0, y1, x1 in flag.boxes),
            tuple((start, end) for start, end in flag.spans),
            flag.rule,
        )
        for flag in audit.flags.all()
    ]


def _version(row: ModelVersion) -> BackendVersion:
    return BackendVersion(row.name, row.version, row.hash, row.licence, row.may_release_output)


class AuditFhir(APIView):
    @extend_schema(
        operation_id="audits_fhir",
        responses={(200, "application/fhir+json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, audit_id: uuid.UUID) -> HttpResponse:
        """A FHIR R5 bundle."""
        made = bundle(_facts(request, audit_id))
        return _download(json.dumps(made), "application/fhir+json", f"{audit_id}.fhir.json")


class AuditSR(APIView):
    @extend_schema(
        operation_id="audits_sr",
        responses={(200, "application/dicom"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, audit_id: uuid.UUID) -> HttpResponse:
        """A DICOM structured report, TID 1500."""
        # It takes a second to import, which nobody else should wait for.
        from inference.interop.sr import structured_report  # noqa: PLC0415

        made = structured_report(_facts(request, audit_id))
        return _download(made, "application/dicom", f"{audit_id}.sr.dcm")


def _download(content: bytes | str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


urlpatterns = [
    path("audits/<uuid:audit_id>/fhir", AuditFhir.as_view(), name="audit-fhir"),
    path("audits/<uuid:audit_id>/sr", AuditSR.as_view(), name="audit-sr"),
]
