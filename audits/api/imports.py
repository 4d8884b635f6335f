"""`/imports`: announce an upload, send its bytes, start it, watch it, read what went wrong."""

import csv
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, cast

from django.conf import settings
from django.http import StreamingHttpResponse
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from audits.api.errors import TooLarge
from audits.api.import_shapes import (
    OUTCOMES,
    ImportInput,
    ImportRowSerializer,
    ImportSerializer,
    ImportStart,
    ReceivedSerializer,
    import_body,
    row_body,
)
from audits.api.pages import page_schema
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Curators
from audits.errors import InvalidInput, NotFound
from audits.models import Import, User
from audits.selectors.cases import visible_sources
from audits.selectors.imports import problem_rows, rows_of, visible_imports, with_counts
from audits.services.imports.states import Options, import_cancel, import_create, import_start
from audits.services.imports.uploads import chunk_add


class ChunkParser(BaseParser):
    """Raw bytes, read up to the limit of a chunk and not a byte further."""

    media_type = "application/octet-stream"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {})["request"]
        limit = settings.IMPORT_CHUNK_BYTES
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            raise TooLarge(f"A chunk has at most {limit // 2**20} MB.", "content")
        return bytes(stream.read(limit + 1))


class RowOrder(KeysetPagination):
    order = (("number", "asc"),)


def _import(request: Request, import_id: uuid.UUID) -> Import:
    """With counts; an import of others is none."""
    imports = with_counts(visible_imports(cast(User, request.user)))
    run = imports.filter(pk=import_id).first()
    if run is None:
        raise NotFound("import")
    return run


class Curated(APIView):
    permission_classes = [Curators]


class ImportList(Curated):
    @extend_schema(**page_schema("imports_list", ImportSerializer))
    def get(self, request: Request) -> Response:
        page = KeysetPagination()
        imports = with_counts(visible_imports(cast(User, request.user)))
        rows = page.paginate_queryset(imports, request)
        return page.get_paginated_response([import_body(run) for run in rows])

    @extend_schema(
        operation_id="imports_create", request=ImportInput, responses={201: ImportSerializer}
    )
    def post(self, request: Request) -> Response:
        asked = ImportInput(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        user = cast(User, request.user)
        source = visible_sources(user).filter(slug=given.pop("source")).first()
        if source is None:
            raise InvalidInput("source", "There is no source of this slug.")
        size = given.pop("size")
        run = import_create(source=source, actor=user, size=size, options=Options(**given))
        return Response(import_body(_import(request, run.pk)), status=201)


class ImportDetail(Curated):
    @extend_schema(operation_id="imports_retrieve", responses=ImportSerializer)
    def get(self, request: Request, import_id: uuid.UUID) -> Response:
        return Response(import_body(_import(request, import_id)))


_OFFSET = OpenApiParameter(
    "Upload-Offset",
    OpenApiTypes.INT64,
    OpenApiParameter.HEADER,
    required=True,
    description="Where in the upload these bytes begin: what `received` said.",
)


class ImportContent(Curated):
    parser_classes = [ChunkParser]

    @extend_schema(
        operation_id="imports_content",
        parameters=[_OFFSET],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=ReceivedSerializer,
    )
    def put(self, request: Request, import_id: uuid.UUID) -> Response:
        run = _import(request, import_id)
        data: Any = request.data
        if not isinstance(data, bytes):  # an empty body is not parsed at all
            raise InvalidInput("content", "Send bytes as application/octet-stream.")
        run = chunk_add(run=run, offset=_offset(request), data=data)
        return Response({"received": run.received, "size": run.size})

    @extend_schema(
        operation_id="imports_content_patch",
        parameters=[_OFFSET],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses=ReceivedSerializer,
    )
    def patch(self, request: Request, import_id: uuid.UUID) -> Response:
        return self.put(request, import_id)


def _offset(request: Request) -> int:
    text = request.headers.get("Upload-Offset", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise InvalidInput("Upload-Offset", "Send the offset of the first byte as a whole number.")
    return int(text)


class ImportStartView(Curated):
    @extend_schema(
        operation_id="imports_start", request=ImportStart, responses={202: ImportSerializer}
    )
    def post(self, request: Request, import_id: uuid.UUID) -> Response:
        asked = ImportStart(data=request.data)
        asked.is_valid(raise_exception=True)
        run = _import(request, import_id)
        import_start(run=run, actor=cast(User, request.user), **asked.validated_data)
        return Response(import_body(_import(request, import_id)), status=202)


class ImportCancel(Curated):
    @extend_schema(operation_id="imports_cancel", request=None, responses=ImportSerializer)
    def post(self, request: Request, import_id: uuid.UUID) -> Response:
        import_cancel(run=_import(request, import_id), actor=cast(User, request.user))
        return Response(import_body(_import(request, import_id)))


class ImportRows(Curated):
    @extend_schema(
        **page_schema(
            "imports_rows",
            ImportRowSerializer,
            [
                OpenApiParameter("outcome", OpenApiTypes.STR, enum=OUTCOMES),
                OpenApiParameter("duplicates", OpenApiTypes.BOOL),
            ],
        )
    )
    def get(self, request: Request, import_id: uuid.UUID) -> Response:
        run = _import(request, import_id)
        outcome = request.query_params.get("outcome", "")
        if outcome and outcome not in OUTCOMES:
            raise InvalidInput("outcome", f"One of: {', '.join(OUTCOMES)}.")
        duplicates = request.query_params.get("duplicates", "") in ("1", "true")
        page = RowOrder()
        rows = page.paginate_queryset(rows_of(run, outcome=outcome, duplicates=duplicates), request)
        return page.get_paginated_response([row_body(row) for row in rows])


class _Line:
    """What `csv.writer` writes to: each line is handed on at once."""

    def write(self, text: str) -> str:
        return text


def _error_lines(run: Import) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(["row", "outcome", "field", "reason"])
    for row in problem_rows(run).iterator(chunk_size=2000):
        # A sentence that a spreadsheet would take for a formula is quoted away from it.
        reason = f"'{row.reason}" if row.reason[:1] in "=+-@\t\r" else row.reason
        yield writer.writerow([row.number, row.outcome, row.field, reason])


class ImportErrors(Curated):
    @extend_schema(operation_id="imports_errors", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, import_id: uuid.UUID) -> StreamingHttpResponse:
        run = _import(request, import_id)
        response = StreamingHttpResponse(_error_lines(run), content_type="text/csv; charset=utf-8")
        name = f"import-{str(run.pk)[:8]}-errors.csv"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


urlpatterns = [
    path("imports", ImportList.as_view(), name="imports"),
    path("imports/<uuid:import_id>", ImportDetail.as_view(), name="import"),
    path("imports/<uuid:import_id>/content", ImportContent.as_view(), name="import-content"),
    path("imports/<uuid:import_id>/start", ImportStartView.as_view(), name="import-start"),
    path("imports/<uuid:import_id>/cancel", ImportCancel.as_view(), name="import-cancel"),
    path("imports/<uuid:import_id>/rows", ImportRows.as_view(), name="import-rows"),
    path("imports/<uuid:import_id>/errors.csv", ImportErrors.as_view(), name="import-errors"),
]
