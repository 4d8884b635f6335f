"""Downloads of a release: whole, in part, on from where they broke."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from audits.models import Release, User
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_user
from tests.audits.test_releases import built, read_through

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def reader() -> User:
    return make_user("ada")


@pytest.fixture
def release(reader: User) -> Release:
    read_through(make_audit(), reader)
    return built(reader)


@pytest.fixture
def url(release: Release) -> str:
    return f"/api/v1/releases/{release.pk}/archive"


@pytest.fixture
def api(reader: User) -> APIClient:
    return client_of(reader)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def test_parts_make_the_whole(api: APIClient, url: str) -> None:
    answer = api.get(url)
    whole = body(answer)
    assert answer.status_code == 200 and answer["Accept-Ranges"] == "bytes"
    first = api.get(url, HTTP_RANGE="bytes=0-999")
    assert first.status_code == 206
    assert first["Content-Range"] == f"bytes 0-999/{len(whole)}"
    assert first["Content-Length"] == "1000"
    rest = api.get(url, HTTP_RANGE="bytes=1000-", HTTP_IF_RANGE=answer["ETag"])
    again = body(first) + body(rest)
    assert again == whole
    assert zipfile.ZipFile(io.BytesIO(again)).testzip() is None


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=-10", -10, None), ("bytes=5-5", 5, 6), ("bytes=3-99999999999", 3, None)],
)
def test_ranges_of_each_form(
    api: APIClient, url: str, asked: str, start: int, stop: int | None
) -> None:
    whole = body(api.get(url))
    answer = api.get(url, HTTP_RANGE=asked)
    assert (answer.status_code, body(answer)) == (206, whole[start:stop])


@pytest.mark.parametrize("asked", ["bytes=99999999999-", "bytes=9-3", "bytes=-0"])
def test_a_range_outside_of_the_file_is_refused(api: APIClient, url: str, asked: str) -> None:
    size = len(body(api.get(url)))
    answer = api.get(url, HTTP_RANGE=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{size}")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "bytes=-", "0-1"])
def test_what_is_no_single_range_gets_the_whole(api: APIClient, url: str, asked: str) -> None:
    answer = api.get(url, HTTP_RANGE=asked)
    assert answer.status_code == 200 and len(body(answer)) > 1000


def test_a_part_of_another_version_is_not_stitched_on(api: APIClient, url: str) -> None:
    answer = api.get(url, HTTP_RANGE="bytes=10-", HTTP_IF_RANGE='"another"')
    assert answer.status_code == 200


def test_single_files_come_in_parts_too(api: APIClient, release: Release) -> None:
    kept = next(kept for kept in release.files if kept["name"] == "README.md")
    url = f"/api/v1/releases/{release.pk}/files/README.md"
    answer = api.get(url, HTTP_RANGE="bytes=0-3")
    assert answer["ETag"] == f'"{kept["sha256"]}"'
    assert answer["Content-Range"].endswith(f"/{kept['bytes']}") and len(body(answer)) == 4
