"""`/cases/{id}/drafts` and `/synthetic-drafts`: further drafts, written or made."""

import uuid
from typing import Any, cast

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.audit_shapes import words
from audits.api.case_shapes import DraftField, DraftSerializer, draft_body
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Curators
from audits.errors import InvalidInput, NotFound
from audits.models import Case, Draft, User
from audits.selectors.cases import visible_cases
from audits.selectors.drafts import draft_version, synthetic_drafts
from audits.selectors.imports import visible_imports
from audits.services.drafts import Recipe, draft_add, drafts_synthesize
from inference.synthesis import KINDS
from inference.vocabulary import FlagKind, Label

WRITTEN = ("human", "edited")
MADE = ("synthetic", "model")
MAX_AT_ONCE = 2000
"""What a request makes within seconds; the command has no such limit."""


class DraftInput(serializers.Serializer[Any]):
    text = DraftField()
    origin = serializers.ChoiceField(choices=[*WRITTEN, *MADE], default="human")
    revises = serializers.UUIDField(required=False, allow_null=True, default=None)


class SynthesisInput(serializers.Serializer[Any]):
    source = serializers.SlugField(required=False, max_length=60)  # type: ignore[assignment]
    run = serializers.UUIDField(required=False)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(choices=list(KINDS)),
        default=["drop", "add", "control"],
        allow_empty=False,
        max_length=len(KINDS),
    )
    count = serializers.IntegerField(min_value=1, max_value=MAX_AT_ONCE)
    seed = serializers.IntegerField(min_value=0, max_value=2**53)
    start_audits = serializers.BooleanField(default=False)


class SynthesisSerializer(serializers.Serializer[Any]):
    batch = serializers.UUIDField()
    cases = serializers.IntegerField()
    created = serializers.IntegerField()
    known = serializers.IntegerField()
    kinds = serializers.DictField(child=serializers.IntegerField())
    lacking = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class ExpectedFlagSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=words(FlagKind))
    label = serializers.ChoiceField(choices=words(Label))  # type: ignore[assignment]
    reason = serializers.CharField(allow_null=True)
    reported = serializers.BooleanField(allow_null=True)


class SyntheticDraftSerializer(serializers.Serializer[Any]):
    draft = serializers.UUIDField()
    case = serializers.UUIDField()
    batch = serializers.UUIDField()
    kind = serializers.CharField()
    label = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    seed = serializers.IntegerField()
    expected_flags = ExpectedFlagSerializer(many=True)


def _case(request: Request, case_id: uuid.UUID) -> Case:
    case = visible_cases(cast(User, request.user)).filter(pk=case_id).first()
    if case is None:
        raise NotFound("case")
    return case


class CaseDrafts(APIView):
    @extend_schema(
        operation_id="cases_drafts_create",
        request=DraftInput,
        responses={201: DraftSerializer, 200: DraftSerializer},
    )
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        """201, or 200 with the draft that has this text already."""
        case = _case(request, case_id)
        asked = DraftInput(data=request.data)
        asked.is_valid(raise_exception=True)
        given, user = asked.validated_data, cast(User, request.user)
        if given["origin"] in MADE and not user.curates:
            raise InvalidInput("origin", "Only curators store what programs wrote.")
        draft, is_new = draft_add(
            case=case,
            text=given["text"],
            origin=given["origin"],
            revises=_revised(case, given["revises"]),
            actor=user,
        )
        body = draft_body(draft, draft_version(draft))
        return Response(body, status=201 if is_new else 200)


def _revised(case: Case, draft_id: uuid.UUID | None) -> Draft | None:
    if draft_id is None:
        return None
    draft = Draft.objects.filter(case=case, pk=draft_id).first()
    if draft is None:
        raise InvalidInput("revises", "This case has no such draft.")
    return draft


class BatchOrder(KeysetPagination):
    order = (("created_at", "asc"), ("draft_id", "asc"))


class SyntheticDrafts(APIView):
    permission_classes = [Curators]

    @extend_schema(
        **page_schema(
            "synthetic_drafts_list",
            SyntheticDraftSerializer,
            [OpenApiParameter("batch", OpenApiTypes.UUID)],
        )
    )
    def get(self, request: Request) -> Response:
        batch = serializers.UUIDField(required=False, allow_null=True).run_validation(
            request.query_params.get("batch")
        )
        page = BatchOrder()
        found = synthetic_drafts(cast(User, request.user), batch=batch)
        rows = page.paginate_queryset(found, request)
        fields = ("batch", "kind", "label", "seed", "expected_flags")
        return page.get_paginated_response(
            [
                {
                    "draft": row.draft_id,
                    "case": row.draft.case_id,
                    **{name: getattr(row, name) for name in fields},
                }
                for row in rows
            ]
        )

    @extend_schema(
        operation_id="synthetic_drafts_create",
        request=SynthesisInput,
        responses={201: SynthesisSerializer},
    )
    def post(self, request: Request) -> Response:
        asked = SynthesisInput(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        user = cast(User, request.user)
        cases = _chosen(user, given.pop("source", ""), given.pop("run", None))
        made = drafts_synthesize(cases=cases, recipe=Recipe(**given), actor=user)
        return Response(SynthesisSerializer(made).data, status=201)


def _chosen(user: User, source: str, run: uuid.UUID | None) -> Any:
    """The cases of a source or of an import; raises ``InvalidInput`` if it is neither or both."""
    if bool(source) == (run is not None):
        raise InvalidInput("source", "Name a source, or an import as run.")
    cases = visible_cases(user)
    if run is None:
        return cases.filter(source__slug=source)
    chosen = visible_imports(user).filter(pk=run).first()
    if chosen is None:
        raise InvalidInput("run", "There is no such import.")
    return cases.filter(pk__in=chosen.rows.filter(case__isnull=False).values("case"))


urlpatterns = [
    path("cases/<uuid:case_id>/drafts", CaseDrafts.as_view(), name="case-drafts"),
    path("synthetic-drafts", SyntheticDrafts.as_view(), name="synthetic-drafts"),
]
