"""One audit handed to other systems, over the API."""

import io
from typing import Any

import highdicom as hd
import pytest
from fhir.resources.bundle import Bundle
from rest_framework.test import APIClient

from audits.models import Audit, Finding
from tests.audits.reviewing import make_audit, make_queue

pytestmark = pytest.mark.django_db

API = "/api/v1"


@pytest.fixture
def audit() -> Audit:
    made = make_audit(flags=(("MISSING", "pneumothorax"), ("URGENT", "pneumothorax")))
    Finding.objects.create(
        audit=made, position=0, label="pneumothorax", y0=0.1, x0=0.1, y1=0.4, x1=0.4, score=0.8
    )
    make_queue(made)
    return made


def test_the_bundle_comes_over_the_api(api: APIClient, audit: Audit) -> None:
    answer = api.get(f"{API}/audits/{audit.pk}/fhir")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/fhir+json"
    assert "attachment" in answer["Content-Disposition"]
    made: Any = Bundle.model_validate_json(answer.content)
    flags = [e.resource for e in made.entry if e.resource.get_resource_type() == "Observation"]
    assert len(flags) == 3


def test_the_structured_report_comes_over_the_api(api: APIClient, audit: Audit) -> None:
    answer = api.get(f"{API}/audits/{audit.pk}/sr")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/dicom"
    document = hd.sr.srread(io.BytesIO(answer.content))
    assert len(document.content.get_planar_roi_measurement_groups()) == 1


@pytest.mark.parametrize("what", ["fhir", "sr"])
def test_an_audit_without_a_result_is_refused(api: APIClient, what: str) -> None:
    running = make_audit(state="running", flags=())
    make_queue(running)
    answer = api.get(f"{API}/audits/{running.pk}/{what}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_done")
