"""Audits by findings that came with a case: people's (`annotated`), a program's (`recorded`)."""

from typing import Any

import pytest
from pytest_django import Settings

from audits.models import Audit, Case, User
from audits.services.audits import audit_start
from audits.services.cases import NewCase, case_create
from audits.services.recorded import reading_store
from inference.boxes import BoxFormat
from inference.datasets import Reading
from inference.datasets.base import NativeFinding
from inference.schema import LedgerEntry
from inference.vocabulary import LABELS, Label, LedgerReason, State
from tests.audits.conftest import client_of
from tests.audits.pictures import picture
from tests.audits.stored import work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_else")]

BOX = [0.2, 0.6, 0.5, 0.9]
ALL = frozenset(LABELS)
DRAFT = "Heart size normal. No pneumothorax. Small left pleural effusion."


@pytest.fixture(autouse=True)
def offered(settings: Settings) -> None:
    settings.GROUNDERS = ["embedded", "annotated", "recorded"]


def case(seed: int = 1) -> Case:
    new = NewCase(image=picture(seed=seed), draft=DRAFT, source="nih-cxr14")
    return case_create(new=new, actor=None).draft.case


def read(own: Case, *labels: Label, reader: str = "a", **more: Any) -> None:
    findings = tuple(NativeFinding(label, BOX) for label in labels)
    given = {"kind": "annotated", "assessed": ALL, "findings": findings, **more}
    reading_store(case=own, reading=Reading(reader=reader, **given))


def audited(own: Case, grounder: str = "annotated") -> Audit:
    audit = audit_start(draft=own.drafts.get(), actor=None, grounder=grounder)
    return work(audit)


def flags(audit: Audit) -> set[tuple[str, str]]:
    return set(audit.flags.values_list("kind", "label"))


def test_what_the_source_did_not_assess_is_null_and_raises_nothing() -> None:
    """Boxes of the NIH: one finding is boxed, nothing is said of the others."""
    own = case()
    read(own, Label.CARDIOMEGALY, assessed=frozenset({Label.CARDIOMEGALY}))
    audit = audited(own)
    assert audit.state == "done", audit.failure_message
    assert audit.image_labels == {**dict.fromkeys(LABELS), "cardiomegaly": "present"}
    assert flags(audit) == {("MISSING", "cardiomegaly")}
    assert [finding.box for finding in audit.findings.all()] == [pytest.approx(BOX)]
    assert audit.grounder.may_release_output is False


def test_what_it_assessed_and_did_not_find_is_absent() -> None:
    own = case()
    read(own, kind="recorded")
    audit = audited(own, "recorded")
    assert set((audit.image_labels or {}).values()) == {"absent"}
    assert flags(audit) == {("UNSUPPORTED", "pleural_effusion")}


def test_three_readers_are_one_answer() -> None:
    own = case()
    read(own, Label.PNEUMOTHORAX, Label.NODULE_MASS, reader="a")
    read(own, Label.PNEUMOTHORAX, reader="b")
    read(own, reader="c")
    read(own, Label.CARDIOMEGALY, kind="recorded", reader="program")
    labels = audited(own).image_labels or {}
    assert (labels["pneumothorax"], labels["nodule_mass"]) == ("present", "uncertain")
    assert labels["cardiomegaly"] == "absent", "a program's findings are another grounder's"


def test_scores_of_a_program_stay_with_their_boxes() -> None:
    own = case()
    marks = (
        NativeFinding(Label.NODULE_MASS, BOX, score=0.7),
        NativeFinding(Label.NODULE_MASS, [0.6, 0.1, 0.7, 0.2], score=0.4),
        NativeFinding(Label.CARDIOMEGALY, state=State.UNCERTAIN),
    )
    read(own, kind="recorded", findings=marks)
    audit = audited(own, "recorded")
    assert [(found.label, found.score) for found in audit.findings.all()] == [
        ("nodule_mass", 0.7),
        ("nodule_mass", 0.4),
    ]
    assert (audit.image_labels or {})["cardiomegaly"] == "uncertain"


@pytest.mark.parametrize(
    ("name", "state", "rest"),
    [("Atelectasis", "grounded", "absent"), ("Somebody's own word", "partial", "present")],
)
def test_a_finding_by_an_unknown_name_takes_back_what_is_absent(
    name: str, state: str, rest: str
) -> None:
    own = case()
    lost = (LedgerEntry(LedgerReason.UNKNOWN_LABEL, name),)
    read(own, Label.PNEUMOTHORAX, ledger=lost)
    audit = audited(own)
    assert audit.image_state == state
    assert audit.ledger.count() == 1
    is_flagged = ("UNSUPPORTED", "pleural_effusion") in flags(audit)
    assert is_flagged == (rest == "absent")


def test_a_lost_box_is_no_lost_finding() -> None:
    own = case()
    read(own, findings=(NativeFinding(Label.PNEUMOTHORAX, [5, 5, 1, 1], BoxFormat()),))
    audit = audited(own)
    assert [finding.box for finding in audit.findings.all()] == [None]
    assert ("URGENT", "pneumothorax") in flags(audit) and audit.ledger.count() == 1


def test_a_case_without_findings_fails_and_says_so() -> None:
    audit = audited(case())
    assert (audit.state, audit.failure_code) == ("failed", "no_readings")
    assert "annotated findings" in audit.failure_message


def test_a_batch_audits_a_source_by_them(curator: User) -> None:
    for seed in (1, 2):
        read(case(seed), Label.PNEUMOTHORAX)
    body = {"source": "nih-cxr14", "grounder": "annotated"}
    made = client_of(curator).post("/api/v1/batches", body, format="json")
    assert made.status_code == 201, made.content
    assert made.json()["grounder"]["name"] == "annotated"
