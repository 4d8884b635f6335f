"""An audit as a DICOM structured report: TID 1500, a planar region for each box.

The picture's own identifiers were dropped at the door, so the report refers to it by UIDs made of
the case's id (2.25, the UUID as a number): whoever holds the picture maps them by that id. Nobody
verified it, and it is marked so; the notice stands in the series' description.
"""

import io
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

import numpy as np
from highdicom.sr import (
    AlgorithmIdentification,
    CodedConcept,
    ComprehensiveSR,
    DeviceObserverIdentifyingAttributes,
    GraphicTypeValues,
    ImageRegion,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    ObserverContext,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    SourceImageForRegion,
    TrackingIdentifier,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import UID

from inference import NOTICE
from inference.interop import CHEST_VIEWS, SNOMED, AuditFacts, in_pixels
from inference.policies import PLAIN
from inference.schema import Box, Finding, Flag
from inference.vocabulary import Label

OURS: Final = "99OVERREAD"
"""Private coding scheme: our labels and kinds of flags."""
IMAGE_CLASS: Final = "1.2.840.10008.5.1.4.1.1.1.1"
"""Digital X-Ray Image Storage, for presentation."""
_LONGEST_CODE: Final = 16
_NUMBER: Final = CodedConcept("1", "UCUM", "no units")
Group = PlanarROIMeasurementsAndQualitativeEvaluations | MeasurementsAndQualitativeEvaluations


def structured_report(facts: AuditFacts) -> bytes:
    """A DICOM file. The same audit gives the same content under the same UIDs."""
    groups = [_found(facts, number, one) for number, one in enumerate(facts.findings)]
    groups += [_flagged(facts, number, one) for number, one in enumerate(facts.flags)]
    report = MeasurementReport(
        observation_context=ObservationContext(observer_device_context=_observer(facts)),
        procedure_reported=CodedConcept(CHEST_VIEWS.value, "LN", CHEST_VIEWS.meaning),
        imaging_measurements=groups or [_nothing(facts)],
        title=codes.DCM.ImagingMeasurementReport,
    )
    document = ComprehensiveSR(
        evidence=[_picture(facts)],
        content=report[0],
        series_instance_uid=_uid(facts.id, "series"),
        series_number=1,
        sop_instance_uid=_uid(facts.id, "report"),
        instance_number=1,
        manufacturer="Overread",
        is_complete=True,
        is_final=False,
        is_verified=False,
        series_description=NOTICE[:64],
    )
    for what in ("Content", "Series", "InstanceCreation"):
        setattr(document, f"{what}Date", facts.finished_at.strftime("%Y%m%d"))
        setattr(document, f"{what}Time", facts.finished_at.strftime("%H%M%S"))
    written = io.BytesIO()
    document.save_as(written)
    return written.getvalue()


def _uid(key: UUID, what: str) -> UID:
    return UID(f"2.25.{uuid5(NAMESPACE_OID, f'overread:{key}:{what}').int}")


def _picture(facts: AuditFacts) -> Dataset:
    """What the report says of the picture it is about: its size, and nothing of a person."""
    picture = Dataset()
    picture.SOPClassUID = IMAGE_CLASS
    picture.SOPInstanceUID = _uid(facts.case, "image")
    picture.StudyInstanceUID = _uid(facts.case, "study")
    picture.SeriesInstanceUID = _uid(facts.case, "images")
    picture.Rows, picture.Columns = facts.height, facts.width
    picture.Modality = "DX"
    for name in ("PatientID", "PatientName", "PatientBirthDate", "PatientSex"):
        setattr(picture, name, "")
    for name in ("StudyID", "StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName"):
        setattr(picture, name, "")
    return picture


def _observer(facts: AuditFacts) -> ObserverContext:
    return ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=DeviceObserverIdentifyingAttributes(
            uid=_uid(facts.id, "device"), name="Overread", model_name=facts.grounder.name
        ),
    )


def _label(label: Label) -> CodedConcept:
    if label in SNOMED:
        return CodedConcept(SNOMED[label].value, "SCT", SNOMED[label].meaning)
    return CodedConcept(label.value[:_LONGEST_CODE], OURS, PLAIN[label])


def _found(facts: AuditFacts, number: int, finding: Finding) -> Group:
    measured = None
    if finding.score is not None:
        name = CodedConcept("score", OURS, "Calibrated score")
        by = AlgorithmIdentification(name=facts.grounder.name, version=facts.grounder.version)
        measured = [Measurement(name=name, value=finding.score, unit=_NUMBER, algorithm_id=by)]
    tracking = _tracking(facts, f"finding {number + 1}")
    if finding.box is None:
        return MeasurementsAndQualitativeEvaluations(
            tracking_identifier=tracking, finding_type=_label(finding.label), measurements=measured
        )
    return PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking,
        referenced_region=_region(facts, finding.box),
        finding_type=_label(finding.label),
        measurements=measured,
    )


def _flagged(facts: AuditFacts, number: int, flag: Flag) -> Group:
    said = f"{flag.kind.value} by policy {facts.policy}"
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(facts, f"flag {number + 1}"),
        finding_type=_label(flag.label),
        qualitative_evaluations=[_judged(flag.kind.value, said)],
    )


def _nothing(facts: AuditFacts) -> Group:
    """An audit without a finding or a flag: the template wants one group at least."""
    said = f"No disagreement raised by policy {facts.policy}"
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(facts, "audit"),
        qualitative_evaluations=[_judged("NONE", said)],
    )


def _judged(code: str, meaning: str) -> QualitativeEvaluation:
    return QualitativeEvaluation(
        name=CodedConcept("flag", OURS, "Disagreement between image and draft"),
        value=CodedConcept(code, OURS, meaning),
    )


def _tracking(facts: AuditFacts, name: str) -> TrackingIdentifier:
    return TrackingIdentifier(uid=_uid(facts.id, name), identifier=name)


def _region(facts: AuditFacts, box: Box) -> ImageRegion:
    """The box as a closed line of (column, row) in pixels."""
    top, left, bottom, right = in_pixels(box, facts.width, facts.height)
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return ImageRegion(
        graphic_type=GraphicTypeValues.POLYLINE,
        graphic_data=np.array(corners),
        source_image=SourceImageForRegion(
            referenced_sop_class_uid=IMAGE_CLASS,
            referenced_sop_instance_uid=_uid(facts.case, "image"),
        ),
    )
