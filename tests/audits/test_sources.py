"""Sources: their terms are known from the start, and only curators change them."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from audits.models import AuditLogEntry, Source, User
from audits.services.sources import SWITCHES
from tests.audits.conftest import client_of

pytestmark = pytest.mark.django_db

NEW = {"slug": "our-pacs", "name": "Our PACS", "licence": "CC-BY-4.0", "text_redistributable": True}


@pytest.fixture
def curator(administrator: User) -> APIClient:
    return client_of(administrator)


def listed(client: APIClient) -> dict[str, Any]:
    return {row["slug"]: row for row in client.get("/api/v1/sources").json()["results"]}


def test_known_datasets_carry_their_terms(api: APIClient) -> None:
    sources = listed(api)
    for slug in ("vindr-cxr", "mimic-cxr", "padchest-gr", "chexpert", "jsrt"):
        assert not any(sources[slug][name] for name in SWITCHES), slug
    for slug in ("nih-cxr14", "chestx-det"):
        assert all(sources[slug][name] for name in SWITCHES), slug
    open_i = sources["open-i"]
    assert open_i["licence"] == "CC-BY-NC-ND-4.0" and not open_i["text_redistributable"]
    named = [row for slug, row in sources.items() if slug not in ("upload", "phantom")]
    assert all(row["citation"] and row["terms_url"] and row["consent_note"] for row in named)
    assert len(named) == 10


def test_curator_creates_and_changes(curator: APIClient) -> None:
    made = curator.post("/api/v1/sources", NEW)
    assert made.status_code == 201 and made.json()["slug"] == "our-pacs"
    assert not made.json()["pixels_redistributable"]
    address = f"/api/v1/sources/{made.json()['id']}"
    changed = curator.patch(address, {"pixels_redistributable": True, "licence": "CC0-1.0"})
    assert changed.json()["licence"] == "CC0-1.0" and changed.json()["pixels_redistributable"]
    assert curator.get(address).json() == changed.json()
    entry = AuditLogEntry.objects.get(action="source.changed")
    assert entry.data["switches"] == {"pixels_redistributable": [False, True]}
    curator.patch(address, {"licence": "CC0-1.0"})
    assert AuditLogEntry.objects.filter(action="source.changed").count() == 1


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"slug": "Our PACS"}, 400, "slug"),
        ({"slug": "upload"}, 409, "slug"),
        ({"name": ""}, 400, "name"),
        ({"terms_url": "not an address"}, 400, "terms_url"),
        ({"text_redistributable": "perhaps"}, 400, "text_redistributable"),
    ],
)
def test_refusals_name_the_field(
    curator: APIClient, change: dict[str, Any], status: int, field: str
) -> None:
    before = Source.objects.count()
    answer = curator.post("/api/v1/sources", {**NEW, **change})
    assert answer.status_code == status and field in answer.json()["error"]["fields"]
    assert Source.objects.count() == before


def test_others_read_only(api: APIClient, curator: APIClient) -> None:
    before = list(Source.objects.order_by("pk").values())
    source = Source.objects.get(slug="upload")
    assert api.post("/api/v1/sources", NEW).status_code == 403
    assert api.patch(f"/api/v1/sources/{source.pk}", {"name": "x"}).status_code == 403
    phantom = Source.objects.get(slug="phantom")
    assert curator.patch(f"/api/v1/sources/{phantom.pk}", {"name": "x"}).status_code == 400
    assert list(Source.objects.order_by("pk").values()) == before
