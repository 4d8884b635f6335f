"""One audit handed to other systems, over the API."""

import base64
import io
from typing import Any

import highdicom as hd
import pytest
from django.utils import timezone
from fhir.resources.bundle import Bundle
from rest_framework.test import APIClient

from audits.models import Audit, Draft, Finding
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


@pytest.mark.parametrize("what", ["fhir", "sr"])
def test_output_that_may_not_be_passed_on_is_refused(api: APIClient, what: str) -> None:
    kept = make_audit(may_release_output=False)
    make_queue(kept)
    answer = api.get(f"{API}/audits/{kept.pk}/{what}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "model_terms")


def with_finding(audit: Audit) -> Audit:
    Finding.objects.create(
        audit=audit, position=0, label="pneumothorax", y0=0.1, x0=0.1, y1=0.4, x1=0.4, score=0.8
    )
    make_queue(audit)
    return audit


def test_neither_words_nor_boxes_leave_against_the_terms_of_the_source(api: APIClient) -> None:
    words = "A very particular nodule."
    flags = (("UNSUPPORTED", "nodule_mass"), ("MISSING", "pneumothorax"))
    opened = with_finding(make_audit(flags=flags, draft=words))
    closed = with_finding(make_audit(flags=flags, draft=words, source="upload"))
    coded = base64.b64encode(words.encode())
    for audit, leaves in ((opened, True), (closed, False)):
        said = api.get(f"{API}/audits/{audit.pk}/fhir").content
        assert ((coded in said), (b"The draft says: A ver" in said)) == (leaves, leaves)
        assert (b"Boxes are kept back" in said) is not leaves
        Bundle.model_validate_json(said)
        report = hd.sr.srread(io.BytesIO(api.get(f"{API}/audits/{audit.pk}/sr").content))
        assert len(report.content.get_planar_roi_measurement_groups()) == int(leaves)


def test_a_draft_that_may_name_somebody_waits_for_its_curator(api: APIClient) -> None:
    audit = with_finding(make_audit(draft="Seen by [name]."))
    Draft.objects.filter(pk=audit.draft_id).update(scrubbed={"name": 1})
    assert b"presentedForm" not in api.get(f"{API}/audits/{audit.pk}/fhir").content
    Draft.objects.filter(pk=audit.draft_id).update(text_cleared_at=timezone.now())
    assert b"presentedForm" in api.get(f"{API}/audits/{audit.pk}/fhir").content
