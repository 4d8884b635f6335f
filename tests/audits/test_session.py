"""Signing in: cookie and token, right and wrong, and slowed down."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.models import ApiToken, AuditLogEntry, User
from tests.audits.conftest import PASSWORD, client_of

pytestmark = pytest.mark.django_db


def browser() -> APIClient:
    return APIClient(enforce_csrf_checks=True)


def sign_in(client: APIClient, password: str = PASSWORD) -> int:
    token = client.get("/api/v1/auth/session").json()["csrf_token"]
    answer = client.post(
        "/api/v1/auth/session",
        {"username": "ada", "password": password},
        format="json",
        headers={"X-CSRFToken": token},
    )
    return int(answer.status_code)


def test_session_from_door_to_door(reader: User) -> None:
    client = browser()
    before = client.get("/api/v1/auth/session").json()
    assert before["user"] is None and before["demo"] == [] and before["notice"]
    assert sign_in(client) == 200
    session = client.get("/api/v1/auth/session").json()
    assert session["user"]["username"] == "ada" and session["user"]["initials"] == "AK"
    assert session["user"]["roles"] == ["reviewer"]
    assert client.get("/api/v1/audits").status_code == 200
    headers = {"X-CSRFToken": session["csrf_token"]}
    assert client.delete("/api/v1/auth/session", headers=headers).status_code == 204
    assert client.get("/api/v1/audits").status_code == 401


def test_signing_in_needs_the_csrf_token(reader: User) -> None:
    given = {"username": "ada", "password": PASSWORD}
    answer = browser().post("/api/v1/auth/session", given, format="json")
    assert answer.status_code == 403


def test_wrong_password(reader: User) -> None:
    client = browser()
    assert sign_in(client, "wrong") == 400
    answer = client_of().post("/api/v1/auth/token", {"username": "ada", "password": "wrong"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid_credentials"
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("given", [{}, {"username": "ada"}, {"username": "a\0", "password": "b"}])
def test_credentials_are_named_when_they_lack(reader: User, given: dict[str, str]) -> None:
    answer = client_of().post("/api/v1/auth/token", given, format="json")
    assert answer.status_code == 400 and answer.json()["error"]["fields"]


def test_guessing_is_slowed_down_per_name(reader: User) -> None:
    User.objects.create_user("eve", password=PASSWORD)
    client = client_of()
    wrong = {"username": "ada", "password": "wrong"}
    answers = [client.post("/api/v1/auth/token", wrong).status_code for _ in range(12)]
    assert answers == [400] * 10 + [429] * 2
    right = {"username": "ada", "password": PASSWORD}
    assert client.post("/api/v1/auth/token", right).status_code == 429
    other = {"username": "eve", "password": PASSWORD}
    assert client.post("/api/v1/auth/token", other).status_code == 200


def test_token_works_until_it_ends(reader: User) -> None:
    given = {"username": "ada", "password": PASSWORD}
    text = client_of().post("/api/v1/auth/token", given).json()["token"]
    program = APIClient(HTTP_AUTHORIZATION=f"Bearer {text}")
    assert program.get("/api/v1/audits").status_code == 200
    token = ApiToken.objects.get()
    assert text not in str(vars(token)) and len(token.digest) == 64
    assert AuditLogEntry.objects.filter(action="token.created", object_id=token.pk).exists()

    token.revoked_at = timezone.now()
    token.save()
    assert program.get("/api/v1/audits").status_code == 401
    token.revoked_at = None
    token.created_at = timezone.now() - timedelta(days=2)
    token.expires_at = timezone.now() - timedelta(days=1)
    token.save()
    assert program.get("/api/v1/audits").status_code == 401


def test_demo_accounts_are_shown_only_in_the_demo(settings: Settings) -> None:
    settings.DEMO = True
    demo = client_of().get("/api/v1/auth/session").json()["demo"]
    assert {account["username"] for account in demo} >= {"reader", "admin"}


@pytest.mark.parametrize(
    ("url", "port", "base"),
    [
        ("", 0, ""),
        ("", 8001, "http://testserver:8001"),
        ("https://e.example", 8001, "https://e.example"),
    ],
)
def test_page_is_told_where_events_are(settings: Settings, url: str, port: int, base: str) -> None:
    settings.EVENTS_URL, settings.EVENTS_PORT = url, port
    answer = client_of().get("/api/v1/auth/session")
    assert answer.json()["events_url"] == base
    connect = next(
        part
        for part in answer["Content-Security-Policy"].split("; ")
        if part.startswith("connect-src")
    )
    assert connect == f"connect-src 'self' {base}".rstrip()
