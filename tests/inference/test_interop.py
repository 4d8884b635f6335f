"""An audit for other systems: validated by their own libraries, and read back."""

import io
import json
from datetime import UTC, datetime
from uuid import UUID

import highdicom as hd
import numpy as np
import pydicom
import pytest
from fhir.resources.bundle import Bundle

from inference import NOTICE
from inference.interop import AuditFacts, in_pixels
from inference.interop.fhir import bundle
from inference.interop.sr import structured_report
from inference.schema import BackendVersion, Finding, Flag
from inference.vocabulary import FlagKind, Label

DRAFT = "No pneumothorax. Ärztlich geprüft."
BOX = (0.1, 0.2, 0.3, 0.4)


def facts(**changed: object) -> AuditFacts:
    whole: dict[str, object] = {
        "id": UUID(int=1),
        "case": UUID(int=2),
        "finished_at": datetime(2026, 11, 27, 9, 30, tzinfo=UTC),
        "width": 200,
        "height": 100,
        "draft": DRAFT,
        "findings": (
            Finding(Label.PNEUMOTHORAX, BOX, 0.81),
            Finding(Label.NODULE_MASS, None, None),
        ),
        "flags": (
            Flag(FlagKind.MISSING, Label.PNEUMOTHORAX, "denied", spans=((0, 15),), boxes=(BOX,)),
            Flag(FlagKind.URGENT, Label.PNEUMOTHORAX, None, False, boxes=(BOX,)),
        ),
        "notes": ("The image looks cropped.",),
        "grounder": BackendVersion("embedded", "1", "a" * 64, "research", True),
        "parser": BackendVersion("rules", "1.0", "b" * 64, "Apache-2.0", True),
        "policy": "1",
    }
    return AuditFacts(**{**whole, **changed})  # type: ignore[arg-type]


def resources(made: dict[str, object], kind: str) -> list[dict[str, object]]:
    entries: list[dict[str, dict[str, object]]] = made["entry"]  # type: ignore[assignment]
    return [e["resource"] for e in entries if e["resource"]["resourceType"] == kind]


def test_the_bundle_is_valid_fhir_r5_and_repeats() -> None:
    made = bundle(facts())
    again = Bundle.model_validate(json.loads(json.dumps(made)))
    assert again.type == "collection" and len(again.entry) == 1 + 2 + 2 + 2 + 1 + 1
    assert made == bundle(facts())
    kinds = {entry.resource.get_resource_type() for entry in again.entry}
    assert kinds == {"Observation", "DiagnosticReport", "Provenance", "AuditEvent", "Device"}


def test_every_reference_of_the_bundle_leads_somewhere_in_it() -> None:
    text = json.dumps(bundle(facts()))
    named = {entry["fullUrl"] for entry in bundle(facts())["entry"]}
    referred = {part.split('"')[0] for part in text.split('"reference": "')[1:]}
    assert referred and referred <= named


def test_the_bundle_says_that_it_is_research_and_what_disagrees() -> None:
    made = bundle(facts())
    (report,) = resources(made, "DiagnosticReport")
    assert str(report["conclusion"]).startswith(NOTICE) and report["status"] == "preliminary"
    flags = [
        one
        for one in resources(made, "Observation")
        if "Disagreement" in str(one["code"]["text"])  # type: ignore[index]
    ]
    assert [one["valueCodeableConcept"]["text"] for one in flags] == [  # type: ignore[index]
        "MISSING: pneumothorax, denied",
        "URGENT: pneumothorax, Possible pneumothorax: look at this image first.",
    ]
    assert "The draft says: No pneumothorax" in str(flags[0]["note"])
    assert all(NOTICE in json.dumps(one) for one in resources(made, "Observation"))
    tags = [entry["resource"]["meta"]["tag"][0]["code"] for entry in made["entry"]]
    assert set(tags) == {"HRESCH"}


@pytest.mark.parametrize("changed", [{"findings": (), "flags": ()}, {"draft": "", "notes": ()}])
def test_an_audit_with_little_in_it_is_valid_too(changed: dict[str, object]) -> None:
    Bundle.model_validate(json.loads(json.dumps(bundle(facts(**changed)))))
    assert structured_report(facts(**changed))


def test_the_structured_report_is_read_back_with_its_region_in_pixels() -> None:
    document = hd.sr.srread(io.BytesIO(structured_report(facts())))
    assert isinstance(document, hd.sr.ComprehensiveSR)
    assert document.VerificationFlag == "UNVERIFIED" and document.PreliminaryFlag == "PRELIMINARY"
    assert document.SeriesDescription == NOTICE[:64]
    content = document.content
    (roi,) = content.get_planar_roi_measurement_groups()
    line = roi.roi.value
    assert np.allclose(line[:, 0].min(), 0.2 * 200) and np.allclose(line[:, 0].max(), 0.4 * 200)
    assert np.allclose(line[:, 1].min(), 0.1 * 100) and np.allclose(line[:, 1].max(), 0.3 * 100)
    assert roi.finding_type.value == "36118008"
    (score,) = roi.get_measurements()
    assert score.value == pytest.approx(0.81)
    others = content.get_image_measurement_groups()
    assert [group.tracking_identifier for group in others] == ["finding 2", "flag 1", "flag 2"]
    judged = [one.value.value for group in others for one in group.get_qualitative_evaluations()]
    assert judged == ["MISSING", "URGENT"]


def test_the_structured_report_names_nobody_and_keeps_its_uids() -> None:
    one, other = (pydicom.dcmread(io.BytesIO(structured_report(facts()))) for _ in range(2))
    assert one.SOPInstanceUID == other.SOPInstanceUID
    assert (
        one.StudyInstanceUID
        == pydicom.dcmread(io.BytesIO(structured_report(facts(id=UUID(int=9))))).StudyInstanceUID
    )
    for name in ("PatientID", "PatientName", "PatientBirthDate", "AccessionNumber"):
        assert not one.get(name)
    assert DRAFT.encode() not in structured_report(facts())


def test_boxes_in_pixels_are_rows_before_columns() -> None:
    assert in_pixels(BOX, 200, 100) == pytest.approx((10, 40, 30, 80))
