"""A picture that takes its decoder down: refused with the reason, and told to administrators."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from audits.models import AuditLogEntry, Case, Import, ImportRow, RowOutcome, Source
from audits.services.imports import states
from inference import decoding
from tests.audits.archives import finished, zipped
from tests.audits.conftest import client_of
from tests.audits.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wicked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Decoders that do as the picture bids them."""

    def end() -> None:
        if decoding._nursery is not None:
            decoding._nursery.end()
            decoding._nursery = None

    end()
    monkeypatch.setattr(decoding, "_MODULE", "tests.inference.wicked")
    monkeypatch.setattr(states, "_publish", lambda *_: None)
    yield
    end()


def post(api: APIClient, data: bytes) -> Any:
    return api.post("/api/v1/cases", {"image": SimpleUploadedFile("a.png", data)}, "multipart")


@pytest.mark.parametrize("why", ["crash", "time"])
def test_an_upload_says_why_and_administrators_see_it(api: APIClient, why: str) -> None:
    answer = post(api, {"crash": b"crash", "time": b"spin"}[why])
    assert answer.status_code == 400 and answer.json()["error"]["fields"]["image"]
    entry = AuditLogEntry.objects.get(action="decoder.stopped")
    assert entry.data == {"why": why}
    assert entry.object_id == Source.objects.get(slug="upload").pk
    assert not Case.objects.exists()
    assert post(api, picture()).status_code == 201


def test_an_import_loses_the_row_and_no_other(administrator: Any) -> None:
    data = zipped(
        {"0.png": picture(), "1.png": b"crash", "2.png": b"eat", "3.png": picture(seed=1)}
    )
    curator = client_of(administrator)
    made = curator.post("/api/v1/imports", {"source": "upload", "size": len(data)}).json()
    path = f"/api/v1/imports/{made['id']}"
    how = {"content_type": "application/octet-stream", "HTTP_UPLOAD_OFFSET": "0"}
    curator.put(f"{path}/content", data, **how)
    curator.post(f"{path}/start", {})
    assert finished(Import.objects.get(pk=made["id"])).state == "done"
    rows = ImportRow.objects.order_by("number")
    assert [row.outcome for row in rows] == [
        RowOutcome.CREATED,
        RowOutcome.FAILED,
        RowOutcome.FAILED,
        RowOutcome.CREATED,
    ]
    assert [row.field for row in rows][1:3] == ["image", "image"]
    assert "brought its decoder down" in rows[1].reason and "MB of memory" in rows[2].reason
