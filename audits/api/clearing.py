"""`/drafts/{id}/clear`, `/cases/{id}/clear-burned-in`: a curator has looked, it names nobody."""

import uuid
from typing import cast

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.case_shapes import CaseSerializer, DraftSerializer, case_body, draft_body
from audits.api.permissions import Curators
from audits.errors import NotFound
from audits.models import User
from audits.selectors.cases import visible_cases, visible_drafts
from audits.selectors.drafts import draft_version
from audits.services.clearing import case_clear_burned_in, draft_clear


class DraftClear(APIView):
    permission_classes = [Curators]

    @extend_schema(operation_id="drafts_clear", request=None, responses=DraftSerializer)
    def post(self, request: Request, draft_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        if not visible_drafts(user).filter(pk=draft_id).exists():
            raise NotFound("draft")
        draft = draft_clear(draft_id=draft_id, actor=user)
        return Response(draft_body(draft, draft_version(draft)))


class CaseClearBurnedIn(APIView):
    permission_classes = [Curators]

    @extend_schema(operation_id="cases_clear_burned_in", request=None, responses=CaseSerializer)
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        if not visible_cases(user).filter(pk=case_id).exists():
            raise NotFound("case")
        return Response(case_body(case_clear_burned_in(case_id=case_id, actor=user)))


urlpatterns = [
    path(
        "cases/<uuid:case_id>/clear-burned-in",
        CaseClearBurnedIn.as_view(),
        name="case-clear-burned-in",
    ),
    path("drafts/<uuid:draft_id>/clear", DraftClear.as_view(), name="draft-clear"),
]
