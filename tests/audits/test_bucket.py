"""The whole way with files in a bucket of a server that speaks S3 (moto's, see `bucket`)."""

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from botocore.exceptions import ClientError
from django.core.files import File
from django.core.files.storage import default_storage
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.models import Audit, Case, Import, Release, User
from audits.services.files import files_delete
from audits.services.images import prepare_image
from audits.services.withdrawals import case_purge
from auditsite.environment import media_stores
from inference.vocabulary import Label
from tests.audits import bucket as servers
from tests.audits.archives import finished, pairs, zipped
from tests.audits.bucket import keys, make_bucket, s3_server
from tests.audits.conftest import client_of
from tests.audits.pictures import picture
from tests.audits.test_imports import uploaded
from tests.audits.test_path import ended, upload
from tests.audits.test_releases import built, read_through
from tests.audits.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3_server(tmp_path_factory.mktemp("s3") / "log") as found:
        yield found


@pytest.fixture(autouse=True)
def bucket(
    address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Any]:
    """The platform's files lie in this bucket, in workers too; none may lie in the folder."""
    httpx.post(f"{address}/moto-api/reset")
    made = make_bucket(address)
    told = {
        **servers.KEYS,
        "MEDIA_S3_BUCKET": servers.BUCKET,
        "MEDIA_S3_ENDPOINT": address,
        "MEDIA_S3_REGION": "eu-central-1",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    stores = media_stores(
        bucket=servers.BUCKET, endpoint=address, link_endpoint="", region="eu-central-1"
    )
    settings.STORAGES = {**settings.STORAGES, **stores}
    settings.MEDIA_ROOT = tmp_path / "media"
    yield made
    assert not list(tmp_path.glob("media/**/*"))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def test_from_upload_to_download_to_withdrawal(
    administrator: User, worker: Worker, bucket: Any
) -> None:
    """Each step by the process that does it: the API here, the audit in a worker."""
    api = client_of(administrator)
    audit = upload(api, picture(Label.PNEUMOTHORAX, Label.CARDIOMEGALY))
    assert ended(api, audit, worker)["state"] == "done", worker.log()
    worker.kill()
    case = Case.objects.get()
    assert keys(bucket) == {case.image, case.preview, case.thumbnail}
    assert body(api.get(f"/api/v1/cases/{case.pk}/image")) == picture_of(case)

    read_through(Audit.objects.get(), administrator)
    release = built(administrator)
    assert release.state == "ready", release.failure
    assert len([key for key in keys(bucket) if key.startswith("releases/")]) == (
        len(release.files) + 1
    )
    whole = httpx.get(link_to(api, f"/api/v1/releases/{release.pk}/archive"))
    assert whole.headers["content-disposition"].endswith(f'-{release.version}.zip"')
    with zipfile.ZipFile(io.BytesIO(whole.content)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [kept["name"] for kept in release.files]

    answer = api.post(f"/api/v1/cases/{case.pk}/withdraw", {"reason": "patient_request"})
    assert answer.status_code in (200, 202), answer.content
    case_purge(case_id=case.pk)
    files_delete()
    assert keys(bucket) == set()


def picture_of(case: Case) -> bytes:
    with default_storage.open(case.preview) as stored:
        return bytes(stored.read())


def link_to(api: APIClient, url: str) -> str:
    answer = api.get(url)
    assert answer.status_code == 302, answer.content
    assert answer["Cache-Control"] == "no-store"
    return str(answer["Location"])


@pytest.fixture
def release(reader: User, bucket: Any) -> Release:
    api = client_of(reader)
    upload(api, picture(seed=3))
    release = Release.objects.create(
        name="made", version="1.0.0", state="ready", created_by=reader, seed="5" * 64
    )
    data = bytes(range(256)) * 40
    for name in ("MANIFEST.sha256", "release.zip"):
        default_storage.save(f"releases/{release.pk}/{name}", File(io.BytesIO(data)))
    release.files = [{"name": "MANIFEST.sha256", "bytes": len(data), "sha256": "5" * 64}]
    release.save()
    return release


def test_a_link_is_signed_and_ends_and_gives_parts(api: APIClient, release: Release) -> None:
    link = link_to(api, f"/api/v1/releases/{release.pk}/files/MANIFEST.sha256")
    said = parse_qs(urlsplit(link).query)
    assert said["X-Amz-Expires"] == ["300"] and len(said["X-Amz-Signature"][0]) == 64
    assert servers.KEYS["AWS_SECRET_ACCESS_KEY"] not in link
    part = httpx.get(link, headers={"Range": "bytes=250-259"})
    assert part.status_code == 206 and part.content == bytes([*range(250, 256), *range(4)])
    assert part.headers["content-range"] == "bytes 250-259/10240"


def test_links_lead_to_the_address_that_browsers_know(
    api: APIClient, release: Release, settings: Settings, address: str
) -> None:
    stores = media_stores(
        bucket=servers.BUCKET,
        endpoint=address,
        link_endpoint="https://files.example.org",
        region="",
    )
    settings.STORAGES = {**settings.STORAGES, **stores}
    link = link_to(api, f"/api/v1/releases/{release.pk}/archive")
    assert link.startswith(f"https://files.example.org/{servers.BUCKET}/releases/{release.pk}/")


def test_without_links_parts_come_through_us(
    api: APIClient, release: Release, settings: Settings
) -> None:
    settings.MEDIA_S3_LINKS = False
    url = f"/api/v1/releases/{release.pk}/archive"
    whole = api.get(url)
    assert (whole.status_code, whole["Content-Length"]) == (200, "10240")
    assert body(whole) == bytes(range(256)) * 40
    part = api.get(url, HTTP_RANGE="bytes=-6")
    assert (part.status_code, body(part)) == (206, bytes(range(250, 256)))
    beyond = api.get(url, HTTP_RANGE="bytes=10240-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, "bytes */10240")


def test_strangers_get_no_link(release: Release) -> None:
    answer = client_of().get(f"/api/v1/releases/{release.pk}/archive")
    assert answer.status_code in (401, 403)


def test_an_import_leaves_nothing_but_its_cases(administrator: User, bucket: Any) -> None:
    curator = client_of(administrator)
    address = uploaded(curator, zipped(pairs()))
    run = Import.objects.get()
    default_storage.save(f"imports/{run.pk}/a-chunk-of-a-crash", File(io.BytesIO(b"x")))
    assert len(keys(bucket)) == 2
    assert curator.post(f"{address}/start", {}).status_code == 202
    assert finished(run).state == "done"
    assert Case.objects.count() == 3
    assert not any(key.startswith("imports/") for key in keys(bucket))


def test_a_large_file_goes_in_parts_and_is_read_in_parts(bucket: Any, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(os.urandom(2**20) * 33)
    with large.open("rb") as stream:
        default_storage.save("releases/large", File(stream))
    assert bucket.Object("releases/large").e_tag.endswith('-3"')  # so many parts made it
    with default_storage.open("releases/large") as stored:
        stored.seek(-10, io.SEEK_END)
        assert stored.read() == large.read_bytes()[-10:]
        # Another file of that name: what is left of the first can't be had any more.
        default_storage.save("releases/large", File(io.BytesIO(b"another")))
        stored.seek(0)
        with pytest.raises((OSError, ClientError)):  # moto does not heed If-Match: by its length
            stored.read()


def test_what_is_not_there_is_said_as_of_a_folder(bucket: Any) -> None:
    with pytest.raises(FileNotFoundError):
        default_storage.open("releases/nothing")
    with pytest.raises(FileNotFoundError):
        default_storage.size("releases/nothing")
    default_storage.delete("releases/nothing")


def test_a_torn_picture_is_replaced(api: APIClient, bucket: Any) -> None:
    name = f"{(found := prepare_image(data=picture(seed=9))).pixels_sha256}"
    key = f"{name[:2]}/{name}/image.png"
    bucket.put_object(Key=key, Body=found.png[:50])
    upload(api, picture(seed=9))
    assert bucket.Object(key).get()["Body"].read() == found.png
