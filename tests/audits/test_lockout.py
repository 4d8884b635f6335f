"""Lock-out: wrong passwords are counted for a name and an address, also when they come at once."""

import threading
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.middleware import current_address, request_address
from audits.models import ApiToken, AuditLogEntry, SignInGuesses, User
from audits.services.signin import guesses_forget
from tests.audits.conftest import PASSWORD, client_of

pytestmark = pytest.mark.django_db
LIMIT = 3


@pytest.fixture(autouse=True)
def few(settings: Settings) -> None:
    settings.SIGN_IN_FAILURES = LIMIT


def guess(password: str = "wrong", name: str = "ada", address: str = "198.51.100.7") -> int:
    answer = APIClient(REMOTE_ADDR=address).post(
        "/api/v1/auth/token", {"username": name, "password": password}
    )
    return int(answer.status_code)


def lock_out(name: str = "ada") -> None:
    assert [guess(name=name) for _ in range(LIMIT)] == [400] * LIMIT


def test_the_answer_tells_how_long(reader: User) -> None:
    lock_out()
    answer = APIClient(REMOTE_ADDR="198.51.100.7").post(
        "/api/v1/auth/token", {"username": "ada", "password": PASSWORD}
    )
    assert answer.status_code == 429 and not ApiToken.objects.exists()
    error = answer.json()["error"]
    assert error["code"] == "throttled" and 290 <= error["wait_seconds"] <= 300
    assert answer["Retry-After"] == str(error["wait_seconds"])
    assert "5 minutes" in error["message"]


def test_the_page_and_programs_count_together(reader: User) -> None:
    lock_out()
    session = APIClient(REMOTE_ADDR="198.51.100.7").post(
        "/api/v1/auth/session", {"username": "ada", "password": PASSWORD}
    )
    assert session.status_code == 429


def test_the_administration_has_no_sign_in_of_its_own(administrator: User) -> None:
    for answer in (
        client_of().get("/admin/login/"),
        client_of().post("/admin/login/", {"username": "root", "password": PASSWORD}),
    ):
        assert answer.status_code == 302 and answer["Location"] == "/?next=/admin/"
    assert client_of(administrator).get("/admin/").status_code == 200


def test_others_are_not_held_up(reader: User) -> None:
    User.objects.create_user("eve", password=PASSWORD)
    lock_out()
    assert guess(PASSWORD) == 429
    assert guess(PASSWORD, name="eve") == 200
    assert guess(PASSWORD, address="198.51.100.8") == 200


def test_a_right_password_starts_the_count_again(reader: User) -> None:
    for _ in range(3):
        assert [guess() for _ in range(LIMIT - 1)] == [400] * (LIMIT - 1)
        assert guess(PASSWORD) == 200
    assert not SignInGuesses.objects.exists()


def test_the_lock_ends_and_guesses_do_not_lengthen_it(reader: User) -> None:
    lock_out()
    before = SignInGuesses.objects.get().last_at
    assert guess() == 429
    assert SignInGuesses.objects.get().last_at == before
    assert guesses_forget() == 0
    SignInGuesses.objects.update(last_at=timezone.now() - timedelta(seconds=301))
    assert [guess() for _ in range(LIMIT + 1)] == [400] * LIMIT + [429]
    SignInGuesses.objects.update(last_at=timezone.now() - timedelta(seconds=301))
    assert guess(PASSWORD) == 200


def test_what_nobody_waits_for_is_forgotten(reader: User) -> None:
    lock_out()
    SignInGuesses.objects.update(last_at=timezone.now() - timedelta(seconds=301))
    assert guesses_forget() == 1 and not SignInGuesses.objects.exists()


def test_names_that_nobody_has_are_locked_alike_and_not_kept(administrator: User) -> None:
    lock_out("hunter2")
    assert guess(name="hunter2") == 429
    stored = SignInGuesses.objects.get()
    assert "hunter2" not in str(vars(stored)) and stored.user is None
    (row,) = client_of(administrator).get("/api/v1/sign-in-locks").json()["results"]
    assert row["username"] is None and row["address"] == "198.51.100.7"


def test_administrators_see_and_lift_a_lock(reader: User, administrator: User) -> None:
    guess(address="198.51.100.9")  # once is no lock
    lock_out()
    client = client_of(administrator)
    (row,) = client.get("/api/v1/sign-in-locks").json()["results"]
    assert row["username"] == "ada" and row["failures"] == LIMIT
    assert client.delete(f"/api/v1/sign-in-locks/{row['id']}").status_code == 204
    assert client.delete(f"/api/v1/sign-in-locks/{row['id']}").status_code == 404
    assert guess(PASSWORD) == 200
    locked = AuditLogEntry.objects.get(action="sign_in.locked")
    lifted = AuditLogEntry.objects.get(action="sign_in.lock_lifted")
    assert locked.data == lifted.data == {"user": str(reader.pk)}
    assert locked.actor.user is None and locked.actor.address == "198.51.100.7"
    assert lifted.actor.user == administrator


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_not_more_than_the_limit(transactional_db: None) -> None:
    User.objects.create_user("ada", password=PASSWORD)
    gate = threading.Barrier(12)
    answers: list[int] = []

    def run() -> None:
        gate.wait()
        try:
            answers.append(guess())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [400] * LIMIT + [429] * (12 - LIMIT)
    assert AuditLogEntry.objects.filter(action="sign_in.locked").count() == 1


PROXY, CLIENT, FORGED = "10.0.0.2", "198.51.100.7", "203.0.113.1"


@pytest.mark.parametrize(
    ("proxies", "peer", "told", "found"),
    [
        (None, CLIENT, FORGED, CLIENT),
        ("", PROXY, f"{FORGED}, {CLIENT}", CLIENT),
        ("", PROXY, "", PROXY),
        ("", PROXY, "nonsense", PROXY),
        ("", "", CLIENT, CLIENT),
        ("10.0.0.0/8", CLIENT, FORGED, CLIENT),
        ("10.0.0.0/8", PROXY, f"{FORGED}, {CLIENT}, 10.9.9.9", CLIENT),
        ("10.0.0.0/8", PROXY, f"{FORGED}, {CLIENT}", CLIENT),
        ("10.0.0.0/8", PROXY, "10.1.1.1", "10.1.1.1"),
        (None, "", "", None),
    ],
)
def test_the_address_is_never_the_clients_own_claim(
    settings: Settings,
    proxies: str | None,
    peer: str,
    told: str,
    found: str | None,
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = (
        ("HTTP_X_FORWARDED_PROTO", "https") if proxies is not None else None
    )
    settings.TRUSTED_PROXIES = [ip_network(proxies)] if proxies else []
    seen: list[str | None] = []

    def note(request: HttpRequest) -> None:
        seen.append(current_address.get())

    request = RequestFactory(REMOTE_ADDR=peer).get("/", headers={"X-Forwarded-For": told})
    request_address(note)(request)  # type: ignore[arg-type]
    assert seen == [found]
