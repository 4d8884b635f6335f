"""Nobody gets anything: every address of the API, every method, tried from the URL table."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from audits.models import ApiToken, User
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_queue

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete")
OPEN = {"session", "token", "schema"}
"""Where a person without an account must get in: to sign in, and to read the contract."""
ADMINISTRATORS = {
    ("audit-log", "get"),
    ("audit-log-chain", "get"),
    ("audit-log-export", "get"),
    ("sign-in-locks", "get"),
    ("people", "get"),
    ("queue-members", "get"),
    ("queue-members", "post"),
    ("queue", "patch"),
    ("queue-fill", "post"),
    ("queues", "post"),
    ("release-publish", "post"),
    ("sources", "post"),
    ("source", "patch"),
    ("synthetic-drafts", "get"),
    ("synthetic-drafts", "post"),
    ("webhooks", "get"),
    ("webhooks", "post"),
}


def api_patterns() -> Iterator[URLPattern]:
    def walk(patterns: list[Any]) -> Iterator[URLPattern]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif pattern.name:
                yield pattern

    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and str(resolver.pattern) == "api/v1/":
            yield from walk(resolver.url_patterns)


NAMED = {str(pattern.name): pattern for pattern in api_patterns()}


def address(name: str, ids: dict[str, UUID]) -> str:
    pattern = NAMED[name].pattern
    path = str(pattern)
    for key in pattern.converters:
        value = "MANIFEST.sha256" if key == "name" else str(ids.get(key, UUID(int=7)))
        path = path.replace(f"<uuid:{key}>", value).replace(f"<path:{key}>", value)
    return f"/api/v1/{path}"


@pytest.fixture
def ids() -> dict[str, UUID]:
    audit = make_audit()
    queue = make_queue(audit)
    slot = queue.slots.get()
    return {
        "audit_id": audit.pk,
        "case_id": audit.case_id,
        "queue_id": queue.pk,
        "slot_id": slot.pk,
    }


def everything() -> list[Any]:
    """All rows of the platform, to compare."""
    models = apps.get_app_config("audits").get_models()
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_table_is_whole() -> None:
    assert len(NAMED) >= 30 and NAMED.keys() >= OPEN


@pytest.mark.parametrize("name", sorted(NAMED.keys() - OPEN))
def test_without_signing_in_nothing_is_shown_or_changed(name: str, ids: dict[str, UUID]) -> None:
    before = everything()
    stranger = client_of()
    for method in METHODS:
        answer = getattr(stranger, method)(address(name, ids))
        assert answer.status_code in (401, 405), (method, answer.status_code)
        assert set(answer.json()) == {"error"}
        if answer.status_code == 401:
            assert answer["WWW-Authenticate"] == "Bearer"
    assert everything() == before


@pytest.mark.parametrize("name", sorted(NAMED.keys() - OPEN))
def test_bad_token_is_nobody(name: str, ids: dict[str, UUID]) -> None:
    stranger = APIClient(HTTP_AUTHORIZATION="Bearer ovr_wrong")
    answer = stranger.get(address(name, ids))
    assert answer.status_code in (401, 405)


@pytest.mark.parametrize("name", sorted(NAMED.keys() - OPEN))
def test_signed_in_person_meets_no_server_error(
    name: str, ids: dict[str, UUID], reader: User
) -> None:
    """Every method with an empty body: refused or served, never broken."""
    person = client_of(reader)
    for method in METHODS:
        answer = getattr(person, method)(address(name, ids))
        assert answer.status_code < 500 or name.endswith("-events"), (method, answer.content)
        if (name, method) in ADMINISTRATORS:
            assert answer.status_code in (403, 404)


def test_administrators_only(reader: User, administrator: User) -> None:
    assert client_of(reader).get("/api/v1/audit-log").status_code == 403
    assert client_of(administrator).get("/api/v1/audit-log").status_code == 200


def test_cookie_without_csrf_token_changes_nothing(ids: dict[str, UUID], reader: User) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(reader)
    before = everything()
    for name, method in (("cases", "post"), ("queue-claim", "post"), ("audit-cancel", "post")):
        answer = getattr(browser, method)(address(name, ids))
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "permission_denied"
    assert everything() == before


def test_inactive_person_is_out_at_once(reader: User) -> None:
    person = client_of(reader)
    assert person.get("/api/v1/audits").status_code == 200
    reader.is_active = False
    reader.save()
    assert person.get("/api/v1/audits").status_code == 401
    assert not ApiToken.objects.exists()
