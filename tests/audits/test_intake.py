"""What comes in at the door: stored once and safely, or refused by name and not stored at all."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.models import Audit, AuditLogEntry, AuditStep, Case, Draft
from inference.images import encode_png, read_image
from inference.vocabulary import Label
from tests.audits.pictures import picture, pixels

pytestmark = pytest.mark.django_db

Files = Callable[[], set[str]]
ROWS = (Case, Draft, Audit, AuditStep, AuditLogEntry)


def post(api: APIClient, image: bytes | None, name: str = "image.png", **fields: Any) -> Any:
    given = dict(fields)
    if image is not None:
        given["image"] = SimpleUploadedFile(name, image)
    return api.post("/api/v1/cases", given, format="multipart")


def refused(answer: Any, status: int = 400, field: str = "image") -> str:
    assert answer.status_code == status, answer.content
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "fields"}
    assert list(error["fields"]) == [field], error
    assert error["message"] == error["fields"][field][0]
    return str(error["message"])


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(side: int = 40_000) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def jpeg(array: np.ndarray, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, "JPEG", **options)
    return out.getvalue()


@pytest.fixture
def nothing_stored(stored_files: Files) -> Any:
    files = stored_files()
    counts = [model.objects.count() for model in ROWS]
    yield
    assert stored_files() == files
    assert [model.objects.count() for model in ROWS] == counts


def test_case_is_stored_without_identity(api: APIClient, stored_files: Files) -> None:
    image = Image.fromarray(pixels(seed=1))
    info = PngImagePlugin.PngInfo()
    info.add_text("PatientName", "DOE^JOHN")
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=info)
    answer = post(
        api,
        out.getvalue(),
        "DOE_JOHN_1960.png",
        draft="Clear.",
        patient="MRN-JOHANNES-4711",
        view="PA",
    )
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"id", "audit"} and body["audit"]["state"] == "queued"
    assert body["audit"]["url"].endswith(f"/api/v1/audits/{body['audit']['id']}")

    case = Case.objects.get(pk=body["id"])
    assert np.array_equal(read_image(default_storage.open(case.image).read()), pixels(seed=1))
    stored = b"".join(default_storage.open(name).read() for name in stored_files())
    everything = stored + str(Case.objects.values()).encode() + str(Draft.objects.values()).encode()
    everything += str(AuditLogEntry.objects.values()).encode()
    for secret in (
        b"DOE^JOHN",
        b"DOE_JOHN",
        b"MRN-JOHANNES",
        b"PatientName",
    ):  # longer than chance in noise
        assert secret not in everything
    assert not any("DOE_" in name for name in stored_files())
    assert len(case.patient_hash) == len(case.file_name_hash) == 64

    shown = api.get(f"/api/v1/cases/{case.pk}").json()
    assert shown["code"] == case.pixels_sha256[:8] and shown["patient_code"]
    assert [draft["text"] for draft in shown["drafts"]] == ["Clear."]
    preview = api.get(shown["image_url"])
    assert preview["Content-Type"] == "image/png" and "immutable" in preview["Cache-Control"]
    assert read_image(preview.content).shape == (128, 128)
    assert api.get(shown["thumbnail_url"]).status_code == 200


def test_deep_image_keeps_its_depth_and_gets_a_preview(api: APIClient) -> None:
    deep = (np.arange(100 * 90, dtype=np.uint16) * 7).reshape(100, 90)
    case = Case.objects.get(pk=post(api, encode_png(deep)).json()["id"])
    assert np.array_equal(read_image(default_storage.open(case.image).read()), deep)
    preview = read_image(default_storage.open(case.preview).read())
    assert preview.dtype == np.uint8 and preview.shape == deep.shape
    assert preview.min() == 0 and preview.max() == 255
    assert (case.width, case.height) == (90, 100)
    shown = api.get(f"/api/v1/cases/{case.pk}").json()
    whole = api.get(shown["pixels_url"])
    assert np.array_equal(read_image(whole.content), deep)
    assert "immutable" in whole["Cache-Control"]


def test_an_8_bit_image_names_no_deeper_pixels(api: APIClient) -> None:
    case = post(api, picture(seed=15)).json()["id"]
    assert api.get(f"/api/v1/cases/{case}").json()["pixels_url"] is None


def test_draft_is_kept_to_the_character(api: APIClient) -> None:
    text = "  Kein Erguss.\r\n\tHerz: groß \U0001fac0 \n"
    answer = post(api, picture(seed=2), draft=text)
    audit = api.get(f"/api/v1/audits/{answer.json()['audit']['id']}").json()
    assert audit["draft"]["text"] == text


def test_no_draft_is_an_image_only_audit(api: APIClient) -> None:
    for seed, fields in ((3, {}), (4, {"draft": ""})):
        answer = post(api, picture(seed=seed), **fields)
        assert answer.status_code == 201
        assert Draft.objects.get(case=answer.json()["id"]).text == ""


def test_sending_twice_is_sending_once(api: APIClient, stored_files: Files) -> None:
    first = post(api, picture(seed=5), draft="Clear.").json()
    files = stored_files()
    again = post(api, jpeg_free_copy(picture(seed=5)), draft="Clear.").json()
    other = post(api, picture(seed=5), draft="Effusion.").json()
    assert first == again
    assert other["id"] == first["id"] and other["audit"]["id"] != first["audit"]["id"]
    assert stored_files() == files
    assert Case.objects.filter(pk=first["id"]).get().drafts.count() == 2
    later = api.post(f"/api/v1/cases/{first['id']}/audits", {"draft": "Mass."}, format="json")
    assert later.status_code == 201
    assert Audit.objects.filter(case=first["id"]).count() == 3


def jpeg_free_copy(png: bytes) -> bytes:
    """Other bytes, the same pixels."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).save(out, "PNG", compress_level=1)
    assert out.getvalue() != png
    return out.getvalue()


def test_torn_file_of_an_earlier_crash_is_replaced(api: APIClient) -> None:
    case = Case.objects.get(pk=post(api, picture(seed=6)).json()["id"])
    name, whole = case.image, default_storage.open(case.image).read()
    Audit.objects.filter(case=case).delete()
    Draft.objects.filter(case=case).delete()
    case.delete()
    default_storage.delete(name)
    with default_storage.open(name, "wb") as torn:
        torn.write(whole[:50])
    assert post(api, picture(seed=6)).status_code == 201
    assert default_storage.open(name).read() == whole


@pytest.mark.usefixtures("nothing_stored")
class TestRefused:
    @pytest.mark.parametrize(
        "image",
        [
            b"just text",
            b"",
            png_bomb(),
            jpeg(pixels())[:2000],
            picture()[:-40],
            b"\0" * 128 + b"DICM" + b"\0" * 400,
            b"GIF89a" + b"\0" * 100,
            encode_png(np.zeros((20, 20), np.uint8)),
        ],
        ids=["text", "empty", "bomb", "cut jpeg", "cut png", "dicom", "gif", "tiny"],
    )
    def test_image(self, api: APIClient, image: bytes) -> None:
        sentence = refused(post(api, image, draft="Clear."))
        assert sentence.endswith(".") and len(sentence) > 15

    def test_dicom_says_what_to_do(self, api: APIClient) -> None:
        assert "DICOM" in refused(post(api, b"\0" * 128 + b"DICM" + b"\0" * 400))

    def test_no_image(self, api: APIClient) -> None:
        refused(post(api, None, draft="Clear."))

    def test_image_that_is_text(self, api: APIClient) -> None:
        refused(api.post("/api/v1/cases", {"image": "a string"}, format="multipart"))

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("draft", "x" * 1_000_000),
            ("draft", "Clear.\0"),
            ("source", "no-such-source"),
            ("source", "no\0such"),
            ("view", "OBLIQUE"),
            ("patient", "p\0"),
            ("patient", "p" * 300),
        ],
    )
    def test_field(self, api: APIClient, field: str, value: str) -> None:
        refused(post(api, picture(seed=7), **{field: value}), field=field)

    def test_file_over_the_limit(self, api: APIClient, settings: Settings) -> None:
        settings.IMAGE_MAX_BYTES = 1000
        refused(post(api, picture(seed=8)), status=413)

    def test_request_over_the_limit_is_not_parsed(self, api: APIClient, settings: Settings) -> None:
        settings.IMAGE_MAX_BYTES = 1000
        refused(post(api, b"\0" * 5_000_000), status=413)

    def test_draft_over_the_form_limit(self, api: APIClient) -> None:
        answer = post(api, picture(seed=9), draft="x" * 5_000_000)
        refused(answer, status=413, field="draft")
        assert answer.json()["error"]["code"] == "too_large"

    def test_other_content_types(self, api: APIClient) -> None:
        answer = api.post("/api/v1/cases", {"draft": "Clear."}, format="json")
        assert answer.status_code == 415
        assert answer.json()["error"]["code"] == "unsupported_media_type"

    def test_backend_that_is_missing(self, api: APIClient, settings: Settings) -> None:
        settings.GROUNDER = "no-such-backend"
        answer = post(api, picture(seed=10))
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "backend_unavailable"

    def test_failure_while_storing(self, api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
        """The files are written by then, and must go again."""

        def break_down(**_: Any) -> None:
            raise RuntimeError("the disk is on fire")

        monkeypatch.setattr("audits.services.audits.steps_send", break_down)
        answer = post(api, picture(seed=11))
        assert answer.status_code == 500
        assert answer.json()["error"]["code"] == "internal_error"


def test_contradiction_of_a_stored_case_is_refused(api: APIClient) -> None:
    assert post(api, picture(seed=12), patient="a", view="PA").status_code == 201
    refused(post(api, picture(seed=12), patient="b"), field="patient")
    refused(post(api, picture(seed=12), view="AP"), field="view")
    assert post(api, picture(seed=12), patient="a").status_code == 201


def test_what_was_unknown_of_a_stored_case_is_filled_in_and_logged(api: APIClient) -> None:
    case = post(api, picture(seed=14)).json()["id"]
    assert post(api, picture(seed=14), view="AP", patient="a").json()["id"] == case
    assert api.get(f"/api/v1/cases/{case}").json()["view"] == "AP"
    entry = AuditLogEntry.objects.get(action="case.completed")
    assert entry.data == {"columns": ["patient_hash", "view"]}


@pytest.mark.parametrize("draft", ["x" * 1_000_000, "a\0b", 5, None, ["x"]])
def test_further_draft_is_checked_alike(api: APIClient, draft: Any) -> None:
    case = post(api, picture(seed=13)).json()["id"]
    answer = api.post(f"/api/v1/cases/{case}/audits", {"draft": draft}, format="json")
    refused(answer, field="draft")
    assert Draft.objects.filter(case=case).count() == 1


def test_unknown_case_is_not_found(api: APIClient) -> None:
    for path in ("", "/image", "/pixels", "/thumbnail"):
        answer = api.get(f"/api/v1/cases/{UUID(int=1)}{path}")
        assert answer.status_code == 404 and answer.json()["error"]["code"] == "not_found"


def test_source_carries_its_label_to_the_case(api: APIClient) -> None:
    case = post(api, picture(Label.CARDIOMEGALY, seed=14), source="phantom").json()["id"]
    shown = api.get(f"/api/v1/cases/{case}").json()
    assert shown["source"] == "phantom" and shown["phantom"] is True
    upload = post(api, picture(Label.CARDIOMEGALY, seed=14)).json()["id"]
    assert upload != case and api.get(f"/api/v1/cases/{upload}").json()["phantom"] is False
