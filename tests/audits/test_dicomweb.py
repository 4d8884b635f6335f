"""Pulling from a PACS: the same intake as every other door, nothing kept of what the server says.

The server is made for the tests (`pacs`); Orthanc was tried by hand (docs/intake.md).
"""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from audits.models import Case, Import, ImportRow
from audits.services.cases import patient_hash
from tests.audits import traces
from tests.audits.pacs import Pacs, pacs
from tests.inference.radiographs import SECRETS, radiograph

pytestmark = pytest.mark.django_db(transaction=True)

PATIENT = SECRETS[1]
ROOT = SECRETS[10]


@pytest.fixture
def server() -> Iterator[Pacs]:
    with pacs() as held:
        yield held


def put(server: Pacs, number: int, **elements: Any) -> None:
    """A radiograph full of identifiers, of a study of its own unless said otherwise."""
    stored = np.random.default_rng(number).integers(0, 4096, (80, 96)).astype(np.uint16)
    told = {
        "StudyInstanceUID": f"{ROOT}.5.{number}",
        "SeriesInstanceUID": f"{ROOT}.6.{number}",
        "SOPInstanceUID": f"{ROOT}.7.{number}",
        "StudyDate": "19440317",
        "StudyTime": f"{number:06d}",
        **elements,
    }
    server.add(radiograph(stored, named=True, **told))


def pull(server: Pacs, **options: Any) -> str:
    out = StringIO()
    call_command("pull_dicomweb", server.url, stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


def test_radiographs_come_in_oldest_first_and_unnamed(
    server: Pacs, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for number in (3, 1, 2):
        put(server, number)
    put(server, 4, Modality="CT")
    assert pull(server, source="nih-cxr14") == "3 new case"
    cases = list(Case.objects.order_by("created_at"))
    assert {case.patient_hash for case in cases} == {
        patient_hash(source="nih-cxr14", patient=PATIENT)
    }
    assert [case.view for case in cases] == ["PA"] * 3
    fetched = [path.rpartition(".")[2] for path in server.asked if "/instances/" in path]
    assert fetched == ["1", "2", "3"]
    kept = {**traces.database(), "said": ("".join(capfd.readouterr()) + caplog.text).encode()}
    assert not traces.traces(SECRETS, kept)


def test_again_imports_nothing_and_a_dry_run_stores_nothing(server: Pacs) -> None:
    put(server, 1)
    assert pull(server, dry_run=True) == "1 would import"
    assert not Case.objects.exists()
    assert pull(server) == "1 new case"
    put(server, 2)
    assert pull(server) == "1 new case, 1 already there"


def test_the_search_is_the_servers(server: Pacs) -> None:
    put(server, 1)
    put(server, 2, PatientID="ANOTHER")
    assert pull(server, patient="ANOTHER") == "1 new case"
    assert pull(server, study=f"{ROOT}.5.1") == "1 new case"


@pytest.mark.parametrize("repeats", [False, True])
def test_long_lists_come_in_pages(
    server: Pacs, repeats: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audits.services.imports.dicomweb.PAGE", 2)
    for number in range(4 if not repeats else 2):
        put(server, number, StudyInstanceUID=f"{ROOT}.5", SeriesInstanceUID=f"{ROOT}.6")
    server.repeats = repeats
    assert pull(server) == f"{2 if repeats else 4} new case"


def test_servers_may_keep_modalities_to_themselves(server: Pacs) -> None:
    put(server, 1)
    put(server, 2, Modality="CT")
    server.tells_modalities = False
    assert pull(server) == "1 new case"
    assert not any(f"{ROOT}.7.2" in path for path in server.asked)


def test_what_is_not_sent_is_one_bad_row(server: Pacs) -> None:
    put(server, 1)
    put(server, 2)
    put(server, 3, BitsStored=17)
    server.lost.add(f"{ROOT}.7.1")
    with pytest.raises(CommandError, match="2 rows were not imported"):
        pull(server)
    reasons = ImportRow.objects.filter(outcome="failed").order_by("number")
    assert [row.reason for row in reasons] == [
        "The server did not send it: it answered 404.",
        "This DICOM has an unusual depth. Send 8 to 16 bits a pixel.",
    ]
    assert Import.objects.get().state == "done" and Case.objects.count() == 1


def test_a_flood_ends_at_the_limit(server: Pacs, settings: Settings) -> None:
    put(server, 1)
    settings.IMAGE_MAX_BYTES = 1000
    with pytest.raises(CommandError, match="1 rows"):
        pull(server)
    assert "at most" in ImportRow.objects.get().reason


def test_the_account_is_the_environments(server: Pacs, settings: Settings) -> None:
    put(server, 1)
    server.needs = "Bearer a token"
    with pytest.raises(CommandError, match="could not be searched: HTTPError"):
        pull(server)
    settings.DICOMWEB_TOKEN = "a token"
    assert pull(server) == "1 new case"


def test_too_many_studies_are_said_before_anything_is_fetched(server: Pacs) -> None:
    for number in range(3):
        put(server, number)
    with pytest.raises(CommandError, match="over 2 studies"):
        pull(server, limit=2)
    assert not Import.objects.exists()


@pytest.mark.parametrize("url", ["ftp://pacs.example.org", "http://127.0.0.1:1/dicom-web"])
def test_no_server(url: str) -> None:
    with pytest.raises(CommandError):
        call_command("pull_dicomweb", url, stdout=StringIO())
