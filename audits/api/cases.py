"""`/cases`: the door for images and drafts, and what was stored."""

import uuid
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.case_shapes import (
    AuditInput,
    AuditRefSerializer,
    CaseCreatedSerializer,
    CaseDetailSerializer,
    CaseInput,
    WholeCaseSerializer,
    audit_ref,
    case_detail_body,
    prior_body,
    settled_body,
)
from audits.api.errors import TooLarge
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.parsers import JSONParser
from audits.errors import InvalidInput, NotFound
from audits.models import Case, User
from audits.selectors.cases import (
    UNCLEARED,
    uncleared_cases,
    viewable_cases,
    visible_cases,
    with_history,
)
from audits.selectors.priors import prior_of
from audits.selectors.settled import standing_settlements
from audits.selectors.truth import settled_labels
from audits.services.audits import audit_start
from audits.services.cases import NewCase, case_submit, draft_create
from audits.services.files import read_file

_FORM_BYTES = 4 * 2**20
"""Room for the fields beside the image."""


def refuse_too_large(request: Request) -> None:
    """413 from the announced length alone, before anything is parsed or stored."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > settings.IMAGE_MAX_BYTES + _FORM_BYTES:
        raise _image_too_large()


def _image_too_large() -> TooLarge:
    limit = settings.IMAGE_MAX_BYTES // 2**20
    return TooLarge(f"An image file has at most {limit} MB.", "image")


def _form(request: Request) -> Any:
    """The fields of the form. Only a draft can grow as long as Django's limit on their text."""
    try:
        return request.data
    except RequestDataTooBig as error:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        raise TooLarge(f"The text of a request has at most {limit} MB.", "draft") from error


def _case(request: Request, case_id: uuid.UUID) -> Case:
    case = visible_cases(cast(User, request.user)).filter(pk=case_id).first()
    if case is None:
        raise NotFound("case")
    return case


_UNCLEARED = OpenApiParameter(
    "uncleared",
    OpenApiTypes.STR,
    enum=list(UNCLEARED),
    description="Only cases of which this waits to be cleared before it can leave.",
)


class CaseList(APIView):
    parser_classes = [MultiPartParser, FormParser]

    @extend_schema(**page_schema("cases_list", CaseDetailSerializer, [_UNCLEARED]))
    def get(self, request: Request) -> Response:
        page = KeysetPagination()
        user = cast(User, request.user)
        cases = with_history(visible_cases(user), user)
        if what := request.query_params.get("uncleared"):
            if what not in UNCLEARED:
                raise InvalidInput("uncleared", f"One of: {', '.join(UNCLEARED)}.")
            cases = uncleared_cases(cases, what, user)
        rows = page.paginate_queryset(cases, request)
        return page.get_paginated_response([case_detail_body(case) for case in rows])

    @extend_schema(
        operation_id="cases_create",
        request={"multipart/form-data": CaseInput},
        responses={201: CaseCreatedSerializer},
    )
    def post(self, request: Request) -> Response:
        refuse_too_large(request)
        asked = CaseInput(data=_form(request))
        asked.is_valid(raise_exception=True)
        audit = case_submit(new=_new_case(asked.validated_data), actor=cast(User, request.user))
        return Response({"id": audit.case_id, "audit": audit_ref(audit, request)}, status=201)


def _new_case(given: dict[str, Any]) -> NewCase:
    upload = given["image"]
    if upload.size > settings.IMAGE_MAX_BYTES:
        raise _image_too_large()
    return NewCase(
        image=upload.read(),
        file_name=upload.name or "",
        **{name: given[name] for name in ("draft", "source", "patient", "view", "age")},
    )


class CaseDetail(APIView):
    @extend_schema(operation_id="cases_retrieve", responses=WholeCaseSerializer)
    def get(self, request: Request, case_id: uuid.UUID) -> Response:
        user = cast(User, request.user)
        case = with_history(visible_cases(user), user).filter(pk=case_id).first()
        if case is None:
            raise NotFound("case")
        settled = None
        if user.curates:
            rows = standing_settlements().filter(case=case)
            settled = settled_body(settled_labels(rows.select_related("flag")))
        prior = prior_body(prior_of(case, user))
        return Response({**case_detail_body(case), "prior": prior, "settled": settled})


class CaseAudits(APIView):
    parser_classes = [JSONParser, MultiPartParser, FormParser]

    @extend_schema(
        operation_id="cases_audits_create",
        request=AuditInput,
        responses={201: AuditRefSerializer},
    )
    def post(self, request: Request, case_id: uuid.UUID) -> Response:
        asked = AuditInput(data=request.data)
        asked.is_valid(raise_exception=True)
        user = cast(User, request.user)
        draft, _ = draft_create(
            case=_case(request, case_id),
            text=asked.validated_data["draft"],
            origin="human",
            actor=user,
        )
        return Response(audit_ref(audit_start(draft=draft, actor=user), request), status=201)


PNG = {(200, "image/png"): OpenApiTypes.BINARY}


def _png(name: str) -> HttpResponse:
    """A stored file never changes under its address: browsers keep it for good."""
    response = HttpResponse(read_file(name=name), content_type="image/png")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


def _viewable(request: Request, case_id: uuid.UUID) -> Case:
    case = viewable_cases(cast(User, request.user)).filter(pk=case_id).first()
    if case is None:
        raise NotFound("case")
    return case


class CaseImage(APIView):
    @extend_schema(operation_id="cases_image", responses=PNG)
    def get(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return _png(_viewable(request, case_id).preview)


class CasePixels(APIView):
    """The lossless PNG at full depth. Of an 8-bit picture it is what `image` gives."""

    @extend_schema(operation_id="cases_pixels", responses=PNG)
    def get(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return _png(_viewable(request, case_id).image)


class CaseThumbnail(APIView):
    @extend_schema(operation_id="cases_thumbnail", responses=PNG)
    def get(self, request: Request, case_id: uuid.UUID) -> HttpResponse:
        return _png(_viewable(request, case_id).thumbnail)


urlpatterns = [
    path("cases", CaseList.as_view(), name="cases"),
    path("cases/<uuid:case_id>", CaseDetail.as_view(), name="case"),
    path("cases/<uuid:case_id>/audits", CaseAudits.as_view(), name="case-audits"),
    path("cases/<uuid:case_id>/image", CaseImage.as_view(), name="case-image"),
    path("cases/<uuid:case_id>/pixels", CasePixels.as_view(), name="case-pixels"),
    path("cases/<uuid:case_id>/thumbnail", CaseThumbnail.as_view(), name="case-thumbnail"),
]
