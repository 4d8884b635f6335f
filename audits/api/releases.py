"""`/releases`: ask for one, watch it, publish it, download it."""

import uuid
from typing import Any, cast

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from audits.api.downloads import Download, download
from audits.api.pagination import KeysetPagination
from audits.api.permissions import Curators, CuratorsWrite
from audits.errors import Conflict, InvalidInput, NotFound
from audits.models import Release, User
from audits.selectors.releases import visible_releases
from audits.services.exposure import expose_release
from audits.services.files import signed_link
from audits.services.releases.build import STEPS, publish_release, request_release
from audits.services.releases.compare import compare_releases
from audits.services.releases.package import ARCHIVE
from audits.services.releases.shards import file_path
from audits.tasks import build_release_task
from inference import NOTICE
from inference.release.tables import TABLES

_TABLES = tuple(one.name for one in TABLES)
_VERSION = r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$"
_NAME = r"^[a-z0-9][a-z0-9-]{0,79}$"


class ReleaseInput(serializers.Serializer[Any]):
    name = serializers.RegexField(
        _NAME,
        required=False,
        allow_blank=True,
        default="",
        error_messages={"invalid": "Use lower-case letters, digits and hyphens, 80 at most."},
    )
    version = serializers.RegexField(
        _VERSION,
        required=False,
        allow_blank=True,
        default="",
        max_length=40,
        error_messages={"invalid": "Use a semantic version such as 1.2.0."},
    )

    queues = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        default=list,
        max_length=200,
        help_text="Only reads of these; without them, of all.",
    )
    sources = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        default=list,
        max_length=200,
        help_text="Slugs: only cases of these; without them, of all.",
    )


class ReleaseSelectionSerializer(serializers.Serializer[Any]):
    queues = serializers.ListField(child=serializers.UUIDField())
    sources = serializers.ListField(child=serializers.CharField())


class RefusalSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    what = serializers.CharField()
    count = serializers.IntegerField()


class ReleaseChangeSerializer(serializers.Serializer[Any]):
    what = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()


class ReleaseProgressSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    steps = serializers.IntegerField()


class ReleaseFileSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.URLField()


class ReleaseSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.CharField()
    state = serializers.ChoiceField(choices=Release.State.choices)
    selection = ReleaseSelectionSerializer()
    progress = ReleaseProgressSerializer()
    counts = serializers.DictField(child=serializers.IntegerField())
    changes = ReleaseChangeSerializer(many=True)
    refused = RefusalSerializer(many=True)
    files = ReleaseFileSerializer(many=True)
    archive_url = serializers.URLField(allow_null=True)
    failure = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    published_at = serializers.DateTimeField(allow_null=True)
    notice = serializers.CharField()


def release_body(release: Release, request: Request) -> dict[str, Any]:
    built = release.state in (Release.State.READY, Release.State.PUBLISHED)
    archive = reverse("release-archive", args=[release.pk], request=request)
    return {
        "id": release.id,
        "name": release.name,
        "version": release.version,
        "state": release.state,
        "selection": {
            "queues": release.selection.get("queues", []),
            "sources": release.selection.get("sources", []),
        },
        "progress": {"done": release.done, "steps": len(STEPS)},
        # The database keeps an object's keys in an order of its own.
        "counts": {table: release.counts[table] for table in _TABLES if table in release.counts},
        "changes": release.changes,
        "refused": release.refused,
        "files": [
            {
                **kept,
                "url": reverse("release-file", args=[release.pk, kept["name"]], request=request),
            }
            for kept in release.files
        ],
        "archive_url": archive if built else None,
        "failure": release.failure,
        "created_at": release.created_at,
        "published_at": release.published_at,
        "notice": NOTICE,
    }


def _release(request: Request, release_id: uuid.UUID) -> Release:
    release = visible_releases(cast(User, request.user)).filter(pk=release_id).first()
    if release is None:
        raise NotFound("release")
    return release


class ReleasePagination(KeysetPagination):
    order = (("created_at", "desc"), ("id", "desc"))


class ReleaseList(APIView):
    permission_classes = [CuratorsWrite]

    @extend_schema(responses=ReleaseSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = ReleasePagination()
        releases = visible_releases(cast(User, request.user))
        rows = page.paginate_queryset(releases, request, view=self)
        return page.get_paginated_response([release_body(row, request) for row in rows or []])

    @extend_schema(request=ReleaseInput, responses={201: ReleaseSerializer})
    def post(self, request: Request) -> Response:
        asked = ReleaseInput(data=request.data)
        asked.is_valid(raise_exception=True)
        with transaction.atomic():
            wanted = asked.validated_data
            release = request_release(
                actor=cast(User, request.user),
                name=wanted["name"],
                version=wanted["version"],
                queues=tuple(map(str, wanted["queues"])),
                sources=tuple(wanted["sources"]),
            )
            release_id = str(release.pk)
            # If the broker is away, the reconciler sends the release again.
            transaction.on_commit(lambda: build_release_task.delay(release_id), robust=True)
        return Response(release_body(release, request), status=201)


class ReleaseDetail(APIView):
    @extend_schema(responses=ReleaseSerializer)
    def get(self, request: Request, release_id: uuid.UUID) -> Response:
        return Response(release_body(_release(request, release_id), request))


class ReleaseNameSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    version = serializers.CharField()


class TableDifferenceSerializer(serializers.Serializer[Any]):
    table = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()


class ColumnDifferenceSerializer(serializers.Serializer[Any]):
    table = serializers.CharField()
    column = serializers.CharField()
    change = serializers.ChoiceField(choices=["added", "removed"])


class ReleaseDiffSerializer(serializers.Serializer[Any]):
    release = ReleaseNameSerializer()
    against = ReleaseNameSerializer()
    tables = TableDifferenceSerializer(many=True)
    columns = ColumnDifferenceSerializer(many=True)
    cases_moved = serializers.IntegerField()
    needs = serializers.ChoiceField(choices=["major", "minor", "patch"])


class ReleaseDiff(APIView):
    """What changed since another release: rows per table, columns, cases whose split moved."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "against", OpenApiTypes.UUID, description="The older one; else the previous."
            )
        ],
        responses=ReleaseDiffSerializer,
    )
    def get(self, request: Request, release_id: uuid.UUID) -> Response:
        release = _release(request, release_id)
        against = _against(request, release)
        found = compare_releases(release=release, against=against)
        names = {"release": _name(release), "against": _name(against)}
        tables = [{"table": table, **found["tables"][table]} for table in _TABLES]
        return Response({**names, **found, "tables": tables})


def _against(request: Request, release: Release) -> Release:
    asked = request.query_params.get("against", "")
    if not asked and release.previous is None:
        raise InvalidInput("against", "No release of this name came before; name one to compare.")
    if not asked:
        return cast(Release, release.previous)
    try:
        return _release(request, uuid.UUID(asked))
    except ValueError:
        raise InvalidInput("against", "Use the id of a release.") from None


def _name(release: Release) -> dict[str, Any]:
    return {"id": release.pk, "name": release.name, "version": release.version}


class ReleasePublish(APIView):
    """Publishing can't be taken back, so it is not for every reader."""

    permission_classes = [Curators]

    @extend_schema(request=None, responses=ReleaseSerializer)
    def post(self, request: Request, release_id: uuid.UUID) -> Response:
        release = _release(request, release_id)
        published = publish_release(release_id=release.pk, actor=cast(User, request.user))
        return Response(release_body(published, request))


class ReleaseFile(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, release_id: uuid.UUID, name: str) -> Download:
        release = _release(request, release_id)
        expose_release(user=cast(User, request.user), release=release)
        # Only names the build wrote down: nothing a client types becomes a path.
        if name not in {kept["name"] for kept in release.files}:
            raise NotFound("file")
        return _stored(request, release, name, name.rsplit("/", 1)[-1])


class ReleaseArchive(APIView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, release_id: uuid.UUID) -> Download:
        release = _release(request, release_id)
        if release.state not in (Release.State.READY, Release.State.PUBLISHED):
            raise Conflict("not_ready", f"This release is {release.state}; there is no file yet.")
        expose_release(user=cast(User, request.user), release=release)
        return _stored(request, release, ARCHIVE, f"{release.name}-{release.version}.zip")


def _stored(request: Request, release: Release, name: str, shown: str) -> Download:
    path = file_path(release, name)
    hashes = {kept["name"]: kept["sha256"] for kept in release.files}
    # The archive is no file of its own manifest: the manifest's hash stands for all it holds.
    version = hashes.get(name) or f"{hashes['MANIFEST.sha256']}-{name}"
    # The store itself answers ranges. A question for the head alone is ours: its link is for GET.
    if request.method == "GET" and (link := signed_link(name=path, shown=shown)):
        return HttpResponseRedirect(link, headers={"Cache-Control": "no-store"})
    size, stored = default_storage.size(path), default_storage.open(path, "rb")
    return download(request, stored, size=size, shown=shown, version=version)


urlpatterns = [
    path("releases", ReleaseList.as_view(), name="releases"),
    path("releases/<uuid:release_id>", ReleaseDetail.as_view(), name="release"),
    path("releases/<uuid:release_id>/diff", ReleaseDiff.as_view(), name="release-diff"),
    path("releases/<uuid:release_id>/publish", ReleasePublish.as_view(), name="release-publish"),
    path("releases/<uuid:release_id>/archive", ReleaseArchive.as_view(), name="release-archive"),
    path(
        "releases/<uuid:release_id>/files/<path:name>", ReleaseFile.as_view(), name="release-file"
    ),
]
