"""A DICOM full of identifiers at each door: what stays is pixels, a few words and keyed hashes."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from pydicom import uid
from rest_framework.test import APIClient

from audits.models import Case, User
from audits.services.cases import NewCase, case_create, patient_hash
from tests.audits import traces
from tests.audits.conftest import client_of
from tests.inference.radiographs import SECRETS, radiograph

pytestmark = pytest.mark.django_db

Files = Callable[[], set[str]]
SYNTAXES = (uid.ExplicitVRLittleEndian, uid.RLELossless, uid.JPEGLSLossless, uid.JPEG2000Lossless)


def whole_database() -> str:
    return b"\n".join(traces.database().values()).decode()


@pytest.fixture
def nothing_survives(
    stored_files: Files, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    yield
    stored = b"".join(default_storage.open(name).read() for name in stored_files())
    rows = whole_database()
    assert Case.objects.get().code in rows  # the dump does reach what is stored
    said = "".join(capfd.readouterr()) + caplog.text
    for secret in SECRETS:
        assert secret.encode() not in stored
        assert secret not in rows
        assert secret not in said
        assert not any(secret in name for name in stored_files())


def post(api: APIClient, data: bytes, name: str = "ZEBRAFISH^ANNA.dcm", **fields: Any) -> Any:
    given = {"image": SimpleUploadedFile(name, data), **fields}
    return api.post("/api/v1/cases", given, format="multipart")


@pytest.mark.usefixtures("nothing_survives")
@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.name)
def test_upload_keeps_no_identifier(api: APIClient, syntax: str) -> None:
    data = radiograph(syntax=syntax, named=True)
    assert all(secret.encode() in data for secret in SECRETS)
    answer = post(api, data, draft="Clear.")
    assert answer.status_code == 201, answer.content
    shown = api.get(f"/api/v1/cases/{answer.json()['id']}").json()
    assert (shown["view"], shown["age"], shown["sex"]) == ("PA", 90, "F")
    assert shown["under_18"] is False
    assert (shown["width"], shown["height"]) == (96, 80)
    case = Case.objects.get()
    assert case.patient_hash == patient_hash(source="upload", patient="MRN-7741-ZQ")


@pytest.mark.usefixtures("nothing_survives")
@pytest.mark.django_db(transaction=True)
def test_bulk_import_keeps_no_identifier(tmp_path: Path) -> None:
    """The archive itself is gone with the import; a broken sibling says no more than why."""
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("ZEBRAFISH/a.dcm", radiograph(named=True))
        archive.writestr("ZEBRAFISH/a.txt", "Clear.")
        archive.writestr("ACC-99-ZQ/b.dcm", radiograph(named=True, Modality="CT"))
        archive.writestr("ACC-99-ZQ/b.txt", "Clear.")
    with pytest.raises(CommandError, match="1 rows were not imported"):
        call_command("import_cases", zip=tmp_path / "in.zip", stdout=io.StringIO())
    case = Case.objects.get()
    assert (case.view, case.age, case.sex) == ("PA", 90, "F")


@pytest.mark.parametrize(
    "table", [b"image,ZEBRAFISH Anna\na.png,clear\n", radiograph(named=True)], ids=["csv", "dicom"]
)
@pytest.mark.django_db(transaction=True)
def test_no_manifest_is_quoted(table: bytes, tmp_path: Path) -> None:
    """A table without a header, or no table at all, has patients' words where columns stand."""
    (tmp_path / "in.csv").write_bytes(table)
    with pytest.raises(CommandError, match="were not imported"):
        call_command("import_cases", str(tmp_path / "in.csv"), stdout=io.StringIO())
    assert not any(secret in whole_database() for secret in SECRETS)


def test_size_of_a_pixel_and_sides_of_the_patient_are_told(api: APIClient) -> None:
    told = {
        "ImagerPixelSpacing": ["0.15", "0.143"],
        "ImageLaterality": "U",
        "PatientOrientation": ["L", "F"],
    }
    made = post(api, radiograph(**told)).json()
    expected = {
        "pixel_spacing": {"row_mm": 0.15, "column_mm": 0.143, "source": "imager"},
        "laterality": "U",
        "patient_orientation": {"right": "L", "bottom": "F"},
    }
    case = api.get(f"/api/v1/cases/{made['id']}").json()
    audit = api.get(f"/api/v1/audits/{made['audit']['id']}").json()
    for shown in (case, audit["case"]):
        assert {name: shown[name] for name in expected} == expected


def test_a_withdrawn_case_keeps_neither(administrator: User) -> None:
    api = client_of(administrator)
    told = {"PixelSpacing": ["0.15", "0.15"], "PatientOrientation": ["L", "F"]}
    case = post(api, radiograph(ImageLaterality="U", **told)).json()["id"]
    assert Case.objects.get().pixel_row_mm == 0.15
    api.post(f"/api/v1/cases/{case}/withdraw", {"reason": "patient_request"}, format="json")
    left = Case.objects.get(purged_at__isnull=False)
    assert (left.pixel_row_mm, left.pixel_column_mm, left.pixel_spacing_source) == (None, None, "")
    assert left.laterality == left.patient_orientation == ""


def test_what_no_file_tells_is_null_and_learnt_later(api: APIClient) -> None:
    case = post(api, radiograph()).json()["id"]
    names = ("pixel_spacing", "laterality", "patient_orientation")
    before = api.get(f"/api/v1/cases/{case}").json()
    assert [before[name] for name in names] == [None, None, None]
    assert post(api, radiograph(PixelSpacing=["0.2", "0.2"])).json()["id"] == case
    spacing = api.get(f"/api/v1/cases/{case}").json()["pixel_spacing"]
    assert spacing == {"row_mm": 0.2, "column_mm": 0.2, "source": "pixel"}
    other = post(api, radiograph(PixelSpacing=["0.3", "0.3"]))
    assert other.status_code == 400 and list(other.json()["error"]["fields"]) == ["pixel_spacing"]


def test_the_sender_is_believed_over_the_file(api: APIClient) -> None:
    answer = post(api, radiograph(named=True), view="AP", patient="P-1")
    case = Case.objects.get(pk=answer.json()["id"])
    assert case.view == "AP"
    assert case.patient_hash == patient_hash(source="upload", patient="P-1")


def test_two_studies_of_one_patient_share_a_key_within_a_source(api: APIClient) -> None:
    for slope in ("1", "-1"):
        data = radiograph(PatientID="A-1", RescaleSlope=slope, RescaleIntercept="0")
        assert post(api, data).status_code == 201
    assert Case.objects.values("patient_hash").distinct().count() == 1
    assert Case.objects.count() == 2


def test_a_child_is_badged(api: APIClient) -> None:
    answer = post(api, radiograph(PatientAge="011M"))
    shown = api.get(f"/api/v1/cases/{answer.json()['id']}").json()
    assert (shown["age"], shown["under_18"]) == (0, True)


def test_great_ages_are_capped_at_every_door() -> None:
    stored = case_create(new=NewCase(image=radiograph(), age=104), actor=None)
    assert stored.draft.case.age == 90


def test_refusal_names_the_image_and_no_value(api: APIClient, stored_files: Files) -> None:
    before = stored_files()
    answer = post(api, radiograph(named=True, Modality="ZEBRAFISH"))
    assert answer.status_code == 400 and list(answer.json()["error"]["fields"]) == ["image"]
    assert not any(secret in answer.content.decode() for secret in SECRETS)
    assert not Case.objects.exists() and stored_files() == before
