"""Signing in by a real OpenID Connect provider, which runs beside these tests."""

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connections
from django.test import Client
from oidc_provider_mock import User as Known
from oidc_provider_mock import run_server_in_thread
from pytest_django import Settings

from audits.models import AuditLogEntry, SecondFactor, User
from audits.services.people import person_change
from auditsite.environment import oidc_apps

pytestmark = pytest.mark.django_db

MAIL = {"email": "ada@example.org", "email_verified": True}
PEOPLE = {
    "ada": MAIL | {"preferred_username": "ada"},
    "ada-with-mfa": MAIL | {"amr": ["pwd", "mfa"]},
    "says-so": {"email": "ada@example.org", "email_verified": False},
    "newcomer": {"preferred_username": "newcomer", "email": "new@example.org"},
    "namesake": {"preferred_username": "ada"},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    known = [Known(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(user_claims=known) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def set_up(provider: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_CLIENT_ID", "overread")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "a secret")
    settings.OIDC_ISSUER, settings.OIDC_NAME = provider, "the hospital"
    apps = oidc_apps(provider, "the hospital")
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": apps, "OAUTH_PKCE_ENABLED": True}
    }


@pytest.fixture
def ada(reader: User) -> User:
    User.objects.filter(pk=reader.pk).update(email="Ada@Example.org")
    return reader


def come(sub: str, client: Client | None = None, next_to: str = "") -> tuple[Client, str]:
    """Sign in as the provider's ``sub``; the client, and where it was sent in the end."""
    client = client or Client()
    offered = client.get("/api/v1/auth/session").json()["sign_in_with"]
    asked = client.get(offered["url"] + next_to)
    assert asked.status_code == 302, asked.content
    assert "code_challenge=" in asked["Location"] and "state=" in asked["Location"]
    told = httpx.post(asked["Location"], data={"sub": sub})
    assert told.status_code == 302, told.text
    return client, back(client, told.headers["Location"])


def back(client: Client, address: str) -> str:
    parts = urlsplit(address)
    answer = client.get(f"{parts.path}?{parts.query}")
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def signed_in(client: Client) -> str | None:
    user: dict[str, Any] | None = client.get("/api/v1/auth/session").json()["user"]
    return user and user["username"]


def test_the_verified_address_finds_the_account_and_the_sub_from_then_on(ada: User) -> None:
    client, went = come("ada")
    assert (went, signed_in(client)) == ("/", "ada")
    assert AuditLogEntry.objects.filter(action="user.linked", object_id=ada.pk).count() == 1
    link = SocialAccount.objects.get(user=ada)
    assert (link.uid, link.extra_data) == ("ada", {})

    User.objects.filter(pk=ada.pk).update(email="")
    client, went = come("ada")
    assert (went, signed_in(client)) == ("/", "ada")
    assert SocialAccount.objects.get(user=ada).extra_data == {}
    ada.refresh_from_db()
    assert ada.check_password("correct horse battery"), "the password still works beside it"


def test_an_address_that_was_not_verified_finds_nobody(ada: User) -> None:
    client, went = come("says-so")
    assert (went, signed_in(client)) == ("/?sign_in=unknown", None)
    assert not SocialAccount.objects.exists()


def test_an_address_of_two_accounts_finds_neither(ada: User, curator: User) -> None:
    User.objects.filter(pk=curator.pk).update(email="ada@example.org")
    assert come("ada")[1] == "/?sign_in=unknown"


def test_a_stranger_becomes_a_reviewer_only_where_that_is_set(settings: Settings) -> None:
    client, went = come("newcomer")
    assert (went, signed_in(client)) == ("/?sign_in=unknown", None)
    assert not User.objects.filter(username="newcomer").exists()

    settings.OIDC_SIGN_UP = True
    client, went = come("newcomer")
    assert (went, signed_in(client)) == ("/", "newcomer")
    user = User.objects.get(username="newcomer")
    assert not (user.is_staff or user.is_curator or user.has_usable_password())
    assert user.email == "", "it was not verified"
    assert AuditLogEntry.objects.filter(action="user.signed_up", object_id=user.pk).count() == 1


def test_a_namesake_is_somebody_else(ada: User, settings: Settings) -> None:
    settings.OIDC_SIGN_UP = True
    client, went = come("namesake")
    assert went == "/" and signed_in(client) not in (None, "ada")
    assert SocialAccount.objects.get().user != ada


def test_nobody_gets_around_a_second_factor(ada: User) -> None:
    SecondFactor.objects.create(user=ada, salt="00", confirmed_at=ada.date_joined)
    client, went = come("ada")
    assert (went, signed_in(client)) == ("/?sign_in=second_factor", None)
    client, went = come("ada-with-mfa")
    assert (went, signed_in(client)) == ("/", "ada")


def test_a_closed_account_stays_closed(ada: User, administrator: User) -> None:
    come("ada")
    person_change(person_id=ada.pk, actor=administrator, active=False)
    client, went = come("ada")
    assert (went, signed_in(client)) == ("/?sign_in=closed", None)


def test_a_refusal_and_a_forged_answer_are_told(ada: User) -> None:
    client = Client()
    url = client.get("/api/v1/auth/session").json()["sign_in_with"]["url"]
    asked = client.get(url)["Location"]
    denied = httpx.post(asked, data={"action": "deny"}).headers["Location"]
    # This provider leaves the state out of a refusal, which RFC 6749 (4.1.2.1) asks for.
    state = parse_qs(urlsplit(asked).query)["state"][0]
    assert back(client, f"{denied}&state={state}") == "/?sign_in=cancelled"
    assert back(client, f"{url}callback/?code=forged&state=forged") == "/?sign_in=failed"
    stolen = httpx.post(client.get(url)["Location"], data={"sub": "ada"}).headers["Location"]
    assert back(Client(), stolen) == "/?sign_in=failed", "a state is its browser's own"
    assert signed_in(client) is None


def test_administrators_come_back_to_where_they_wanted(ada: User) -> None:
    assert come("ada", next_to="?next=/admin/")[1] == "/admin/"
    assert come("ada", next_to="?next=https://evil.example/")[1] == "/"


@pytest.mark.django_db(transaction=True)
def test_two_first_sign_ins_at_once_make_one_account(settings: Settings) -> None:
    settings.OIDC_SIGN_UP = True
    barrier = threading.Barrier(2)
    went: list[str] = []

    def first_time() -> None:
        barrier.wait()
        went.append(come("newcomer")[1])
        connections.close_all()

    threads = [threading.Thread(target=first_time) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "/" in went and set(went) <= {"/", "/?sign_in=failed"} and len(went) == 2
    assert SocialAccount.objects.count() == 1
    assert User.objects.filter(username__startswith="newcomer").count() == 1


def test_without_a_provider_there_is_no_such_door(settings: Settings) -> None:
    settings.OIDC_ISSUER = ""
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert Client().get("/api/v1/auth/session").json()["sign_in_with"] is None
    assert Client().get("/sign-in/oidc/sso/login/").status_code == 404
