"""API tokens of one's own: shown once, no wider than asked, ended by time or by hand."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from audits.models import ApiToken, AuditLogEntry, User
from audits.services.tokens import token_create
from tests.audits.conftest import PASSWORD, client_of

pytestmark = pytest.mark.django_db

TOKENS = "/api/v1/me/tokens"


@pytest.fixture(autouse=True)
def no_failures_counted() -> None:
    cache.clear()


def make(client: APIClient, scope: str = "read", **given: Any) -> dict[str, Any]:
    answer = client.post(TOKENS, {"name": "a script", "scope": scope, **given})
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def program(text: str) -> APIClient:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {text}")


def test_shown_once_and_listed_without_its_text(api: APIClient) -> None:
    made = make(api, days=3)
    (listed,) = api.get(TOKENS).json()["results"]
    assert listed == {name: value for name, value in made.items() if name != "token"}
    token = ApiToken.objects.get()
    assert made["token"] not in str(vars(token))
    assert token.expires_at - token.created_at < timedelta(days=3, seconds=60)
    log = AuditLogEntry.objects.get(object_id=token.pk)
    assert log.data == {"scope": "read", "days": 3} and made["token"] not in str(log.data)


@pytest.mark.parametrize(
    ("scope", "answers"),
    [
        ("read", (200, 403, 403, 403)),
        ("write", (200, 201, 403, 403)),
        ("administer", (200, 201, 200, 201)),
    ],
)
def test_scope_bounds_what_an_administrator_may(
    administrator: User, scope: str, answers: tuple[int, ...]
) -> None:
    client = program(make(client_of(administrator), scope)["token"])
    hook = {"url": "https://hook.example/", "events": ["audit.done"]}
    got = (
        client.get("/api/v1/audits").status_code,
        client.post(TOKENS, {"name": "more", "scope": "read"}).status_code,
        client.get("/api/v1/audit-log").status_code,
        client.post("/api/v1/webhooks", hook).status_code,
    )
    assert got == answers


def test_scope_gives_nothing_that_the_person_has_not(api: APIClient) -> None:
    client = program(make(api, "administer")["token"])
    assert client.get("/api/v1/audit-log").status_code == 403


def test_too_narrow_token_says_which_scope_it_takes(api: APIClient) -> None:
    answer = program(make(api)["token"]).post(TOKENS, {"name": "x", "scope": "read"})
    assert answer.json()["error"]["code"] == "permission_denied"
    assert "scope write" in answer.json()["error"]["message"]


def test_token_makes_no_wider_one(api: APIClient) -> None:
    client = program(make(api, "write")["token"])
    answer = client.post(TOKENS, {"name": "x", "scope": "administer"})
    assert answer.status_code == 400 and answer.json()["error"]["fields"]["scope"]
    assert ApiToken.objects.count() == 1


def test_revoked_token_is_nobody_at_once_and_once(api: APIClient, reader: User) -> None:
    made = make(api)
    client = program(made["token"])
    assert client.get("/api/v1/audits").status_code == 200
    for _ in range(2):
        assert api.delete(f"{TOKENS}/{made['id']}").status_code == 204
    assert client.get("/api/v1/audits").status_code == 401
    assert AuditLogEntry.objects.filter(action="token.revoked").count() == 1
    assert api.get(TOKENS).json()["results"][0]["revoked_at"]


def test_tokens_of_others_are_not_there(api: APIClient) -> None:
    token, _ = token_create(user=User.objects.create_user("eve"))
    assert api.get(TOKENS).json()["results"] == []
    assert api.delete(f"{TOKENS}/{token.pk}").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_use_is_noted_but_not_at_every_request(api: APIClient) -> None:
    client = program(make(api)["token"])
    client.get("/api/v1/audits")
    first = ApiToken.objects.get().last_used_at
    client.get("/api/v1/audits")
    assert first is not None and ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=6))
    client.get("/api/v1/audits")
    assert ApiToken.objects.get().last_used_at >= first


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"scope": "read"}, "name"),
        ({"name": "x"}, "scope"),
        ({"name": "x", "scope": "all"}, "scope"),
        ({"name": "x", "scope": "read", "days": 0}, "days"),
        ({"name": "x", "scope": "read", "days": 366}, "days"),
    ],
)
def test_what_is_wrong_is_named(api: APIClient, given: dict[str, Any], field: str) -> None:
    answer = api.post(TOKENS, given)
    assert answer.status_code == 400 and set(answer.json()["error"]["fields"]) == {field}


def test_token_by_password_has_all_that_the_person_has(administrator: User) -> None:
    given = {"username": "root", "password": PASSWORD}
    text = client_of().post("/api/v1/auth/token", given).json()["token"]
    assert program(text).get("/api/v1/audit-log").status_code == 200
