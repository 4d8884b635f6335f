"""Further drafts, synthetic drafts with their truth, and the prior of a case."""

from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from audits.models import Audit, Case, Draft, RecordedReading, SyntheticDraft, User
from audits.services.cases import NewCase, case_create
from audits.services.drafts import subject_of
from audits.services.recorded import reading_store
from inference.comparator import compare
from inference.datasets import Reading
from inference.datasets.base import NativeFinding
from inference.parsers import get_parser
from inference.schema import Finding
from inference.states import image_labels
from inference.vocabulary import LABELS, ImageState, Label
from tests.audits.conftest import client_of
from tests.audits.pictures import picture

pytestmark = pytest.mark.django_db

BOX = [0.2, 0.6, 0.5, 0.9]
ALL = frozenset(LABELS)


@pytest.fixture
def curator(db: None) -> APIClient:
    return client_of(User.objects.create_user("cora", password="x", is_curator=True))


def case(seed: int, **said: Any) -> Case:
    new = NewCase(image=picture(seed=seed), **{"source": "nih-cxr14", "draft": "Clear.", **said})
    return case_create(new=new, actor=User.objects.filter(username="ada").first()).draft.case


def read(case: Case, *labels: Label, reader: str = "a", **more: Any) -> None:
    findings = tuple(NativeFinding(label, BOX) for label in labels)
    given = {"kind": "annotated", "assessed": ALL, "normal": not labels, **more}
    reading_store(case=case, reading=Reading(reader=reader, findings=findings, **given))


class TestVersions:
    def test_each_text_is_a_version(self, api: APIClient) -> None:
        own = case(1)
        address = f"/api/v1/cases/{own.pk}"
        first = api.get(address).json()["drafts"][0]
        body = {"text": " Clear. No effusion.\n", "origin": "edited", "revises": first["id"]}
        made = api.post(f"{address}/drafts", body)
        assert made.status_code == 201
        assert made.json()["version"] == 2 and made.json()["text"] == body["text"]
        again = api.post(f"{address}/drafts", body)
        assert again.status_code == 200 and again.json() == made.json()
        listed = api.get(address).json()["drafts"]
        assert [draft["version"] for draft in listed] == [1, 2]
        assert listed[1] == made.json() and listed[1]["revises"] == first["id"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"origin": "nobody"}, "origin"),
            ({"origin": "synthetic"}, "origin"),
            ({"text": 7}, "text"),
            ({"text": "a\0"}, "text"),
            ({"text": "x" * 200_001}, "draft"),
            ({"revises": "00000000-0000-0000-0000-000000000007"}, "revises"),
        ],
    )
    def test_refusals_store_nothing(
        self, api: APIClient, change: dict[str, Any], field: str
    ) -> None:
        own = case(1)
        answer = api.post(f"/api/v1/cases/{own.pk}/drafts", {"text": "Mass.", **change})
        assert answer.status_code == 400 and field in answer.json()["error"]["fields"]
        assert Draft.objects.count() == 1

    def test_revises_only_its_own_case(self, api: APIClient) -> None:
        own, other = case(1), case(2)
        body = {"text": "Mass.", "revises": str(other.drafts.get().pk)}
        assert api.post(f"/api/v1/cases/{own.pk}/drafts", body).status_code == 400


class TestSubject:
    def subject(self, own: Case) -> Any:
        return subject_of(list(RecordedReading.objects.filter(case=own)))

    def test_more_than_half_of_the_readers_make_it_present(self) -> None:
        own = case(1)
        read(own, Label.PNEUMOTHORAX, Label.CARDIOMEGALY, reader="a")
        read(own, Label.PNEUMOTHORAX, reader="b")
        read(own, reader="c")
        known = self.subject(own)
        assert [(each.label, each.box) for each in known.findings] == [
            (Label.PNEUMOTHORAX, pytest.approx(tuple(BOX)))
        ]
        assert known.absent == ALL - {Label.PNEUMOTHORAX, Label.CARDIOMEGALY}
        assert not known.normal

    def test_what_was_not_looked_for_is_neither(self) -> None:
        own = case(1)
        read(own, Label.NODULE_MASS, assessed=frozenset({Label.NODULE_MASS}))
        assert not self.subject(own).absent
        read(own, reader="program", kind="recorded")
        known = self.subject(own)
        assert {each.label for each in known.findings} == {Label.NODULE_MASS}, "people first"
        assert known.absent == ALL - {Label.NODULE_MASS}


class TestSynthetic:
    def make(self, curator: APIClient, **change: Any) -> Any:
        body = {"source": "nih-cxr14", "kinds": ["drop", "add", "control"], "count": 9, "seed": 3}
        return curator.post("/api/v1/synthetic-drafts", {**body, **change})

    def test_truth_is_kept_beside_each_and_nothing_made_twice(self, curator: APIClient) -> None:
        for seed in range(4):
            read(case(seed), *list(LABELS)[seed : seed + 2])
        made = self.make(curator).json()
        assert made["created"] + made["known"] == 9 and made["cases"] == 4
        rows = SyntheticDraft.objects.select_related("draft")
        assert rows.count() == made["created"] == sum(made["kinds"].values())
        assert {str(row.batch) for row in rows} == {made["batch"]}
        assert {row.draft.origin for row in rows} == {"synthetic"}
        for row in rows:
            assert self.flags(row) == [
                (each["kind"], each["label"], each["reason"], each["reported"])
                for each in row.expected_flags
            ]
        before = list(Draft.objects.order_by("pk").values())
        again = self.make(curator).json()
        assert again["created"] == 0 and again["known"] == 9
        assert list(Draft.objects.order_by("pk").values()) == before
        listed = curator.get(f"/api/v1/synthetic-drafts?batch={made['batch']}").json()["results"]
        assert len(listed) == made["created"] and all("expected_flags" in row for row in listed)

    def flags(self, row: SyntheticDraft) -> list[tuple[Any, ...]]:
        """What an auditor with perfect findings raises."""
        known = subject_of(list(row.draft.case.readings.all()))
        found = tuple(Finding(each.label, each.box) for each in known.findings)
        parsing = get_parser("rules").parse(row.draft.text)
        raised = compare(
            image_state=ImageState.GROUNDED,
            findings=found,
            image_labels=image_labels(found),
            draft_state=parsing.draft_state,
            mentions=parsing.mentions,
        )
        return [(flag.kind, flag.label, flag.reason, flag.reported) for flag in raised.flags]

    def test_cases_without_findings_give_none(self, curator: APIClient) -> None:
        case(1)
        answer = self.make(curator)
        assert answer.status_code == 400 and "kinds" in answer.json()["error"]["fields"]
        read(case(2))
        made = self.make(curator, kinds=["add"]).json()
        assert made["cases"] == 1 and not made["lacking"]
        answer = self.make(curator, kinds=["drop"])
        assert answer.status_code == 400 and not Draft.objects.filter(text="drop").exists()

    def test_source_or_import_but_not_both_and_nobody_else(
        self, curator: APIClient, api: APIClient
    ) -> None:
        assert self.make(curator, source="").status_code == 400
        nowhere = "00000000-0000-0000-0000-000000000007"
        body = {"kinds": ["add"], "count": 1, "seed": 0, "run": nowhere}
        answer = curator.post("/api/v1/synthetic-drafts", body)
        assert "run" in answer.json()["error"]["fields"]
        assert self.make(api).status_code == 403
        assert api.get("/api/v1/synthetic-drafts").status_code == 403
        assert curator.get("/api/v1/synthetic-drafts?batch=x").status_code == 400

    def test_readers_see_no_truth(self, api: APIClient, curator: APIClient) -> None:
        own = case(1)
        read(own, Label.CARDIOMEGALY)
        self.make(curator)
        text = api.get(f"/api/v1/cases/{own.pk}").content.decode()
        assert "expected" not in text and '"drop"' not in text and "synthesis" not in text

    def test_command(self) -> None:
        read(case(1), Label.CARDIOMEGALY)
        out = StringIO()
        arguments = {"source": "nih-cxr14", "count": 3, "seed": 1, "audit": True}
        call_command("synthesize_drafts", **arguments, stdout=out, stderr=StringIO())
        made = SyntheticDraft.objects.count()
        assert f"{made} new drafts" in out.getvalue() and Audit.objects.count() == made
        with pytest.raises(CommandError, match="no source"):
            call_command("synthesize_drafts", source="nowhere", count=1)


class TestPrior:
    def prior(self, api: APIClient, own: Case) -> Any:
        return api.get(f"/api/v1/cases/{own.pk}").json()["prior"]

    def test_nearest_earlier_study_of_the_same_patient(self, api: APIClient) -> None:
        third = case(3, patient="p", study_order=3, view="PA")
        first = case(1, patient="p", study_order=0, view="AP", draft="Small effusion.")
        second = case(2, patient="p", study_order=1, view="LATERAL")
        case(4, patient="q", study_order=2)
        case(5, patient="p", study_order=2, source="jsrt")
        case(6, patient="p", view="PA")
        prior = self.prior(api, third)
        assert prior["id"] == str(first.pk) and prior["draft"]["text"] == "Small effusion."
        assert prior["image_url"] == f"/api/v1/cases/{first.pk}/image"
        assert self.prior(api, first) is None and self.prior(api, second) is None

    def test_order_of_arrival_where_no_other_is_known(self, api: APIClient) -> None:
        cases = [case(seed, patient="p", draft="") for seed in range(3)]
        assert self.prior(api, cases[0]) is None
        for before, own in pairwise(cases):
            prior = self.prior(api, own)
            assert prior["id"] == str(before.pk) and prior["draft"] is None

    def test_nobody_known_has_no_prior(self, api: APIClient) -> None:
        case(1)
        assert self.prior(api, case(2)) is None

    def test_synthetic_drafts_are_not_what_was_said_then(self, api: APIClient) -> None:
        before = case(1, patient="p", origin="synthetic")
        own = case(2, patient="p")
        assert self.prior(api, own)["id"] == str(before.pk)
        assert self.prior(api, own)["draft"] is None
