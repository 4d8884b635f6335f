"""Who is under 18 is known whatever the age field looked like, and ages over 89 are one."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from audits.models import Case, User
from audits.services.cases import NewCase, case_create
from tests.audits.conftest import client_of
from tests.audits.pictures import picture
from tests.audits.test_imports import counts, imported, jsonl, rows, zipped

pytestmark = pytest.mark.django_db


def sent(api: APIClient, age: str | None, seed: int = 0) -> Any:
    form = {
        "image": SimpleUploadedFile("0.png", picture(seed=seed)),
        **({} if age is None else {"age": age}),
    }
    return api.post("/api/v1/cases", form, format="multipart")


@pytest.mark.parametrize(
    ("age", "under_18"),
    [("006M", True), ("17Y", True), ("17 years", True), ("018Y", False), (">89", False)],
)
def test_an_image_sent_with_any_age_field_is_badged(
    api: APIClient, age: str, under_18: bool
) -> None:
    answer = sent(api, age)
    assert answer.status_code == 201, answer.content
    assert api.get(f"/api/v1/cases/{answer.json()['id']}").json()["under_18"] is under_18


@pytest.mark.parametrize("age", [None, ""])
def test_without_an_age_nobody_knows(api: APIClient, age: str | None) -> None:
    body = api.get(f"/api/v1/cases/{sent(api, age).json()['id']}").json()
    assert body["under_18"] is None and body["age"] is None


@pytest.mark.parametrize("age", ["60M", "121", "born 1950"])
def test_what_could_be_two_ages_is_refused_by_name(api: APIClient, age: str) -> None:
    answer = sent(api, age)
    assert answer.status_code == 400 and "age" in answer.json()["error"]["fields"]
    assert age not in answer.content.decode() and not Case.objects.exists()


def test_ages_of_a_manifest(curator: User) -> None:
    ages = ["011M", "17 y", "90+", "104", "60F"]
    manifest = [{"image": f"{number}.png", "age": age} for number, age in enumerate(ages)]
    files = {f"{number}.png": picture(seed=number) for number in range(len(ages))}
    api = client_of(curator)
    body = imported(api, zipped({"manifest.jsonl": jsonl(manifest), **files}))
    assert counts(body)["failed"] == 1
    assert [row["field"] for row in rows(api, body, "?outcome=failed")] == ["age"]
    assert sorted(Case.objects.values_list("age", flat=True)) == [0, 17, 90, 90]


def test_an_age_is_learned_later_and_never_rewritten(api: APIClient) -> None:
    image = picture()
    case_create(new=NewCase(image=image), actor=None)
    case_create(new=NewCase(image=image, age=97), actor=None)
    assert Case.objects.get().age == 90
    case_create(new=NewCase(image=image, age=93), actor=None)  # the same, as far as we keep it
    answer = api.post(
        "/api/v1/cases",
        {"image": SimpleUploadedFile("0.png", image), "age": "12"},
        format="multipart",
    )
    assert answer.status_code == 400 and "age" in answer.json()["error"]["fields"]
    assert Case.objects.get().age == 90
