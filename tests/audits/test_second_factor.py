"""The second factor: codes as RFC 6238 has them, asked for at the door, each good once."""

import base64
import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.models import ApiToken, AuditLogEntry, SecondFactor, SignInGuesses, User
from audits.services.second_factor import (
    STEP_SECONDS,
    code_at,
    factor_begin,
    factor_confirm,
    secret_of,
)
from tests.audits.conftest import PASSWORD, client_of

pytestmark = pytest.mark.django_db
GIVEN = {"username": "ada", "password": PASSWORD}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Stands still in the middle of a step; each call moves it one step on."""
    now = [1_800_000_015.0]
    monkeypatch.setattr(time, "time", lambda: now[0])

    def tick() -> None:
        now[0] += STEP_SECONDS

    return tick


def code_of(user: User) -> str:
    secret = secret_of(SecondFactor.objects.get(user=user))
    return code_at(secret, int(time.time()) // STEP_SECONDS)


@pytest.fixture
def recovery(reader: User, clock: Callable[[], None]) -> list[str]:
    """Ada has a second factor, and the code that turned it on is used up."""
    factor_begin(user=reader)
    codes = factor_confirm(user=reader, code=code_of(reader))
    clock()
    return codes


def ask(**more: str) -> int:
    answer = client_of().post("/api/v1/auth/token", {**GIVEN, **more})
    return int(answer.status_code)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    """Appendix B of RFC 6238, its last six digits."""
    assert code_at(b"12345678901234567890", seconds // STEP_SECONDS) == code


def test_turned_on_by_the_person(reader: User, clock: Callable[[], None]) -> None:
    client = client_of(reader)
    off = {"on": False, "needed": False, "recovery_codes_left": 0}
    assert client.get("/api/v1/me/second-factor").json() == off
    wrong = client.post("/api/v1/me/second-factor", {"password": "wrong"})
    assert wrong.status_code == 400
    begun = client.post("/api/v1/me/second-factor", {"password": PASSWORD})
    assert begun.status_code == 201
    address = urlsplit(begun.json()["address"])
    assert address.scheme == "otpauth" and address.netloc == "totp"
    secret = base64.b32decode(parse_qs(address.query)["secret"][0])
    assert ask() == 200  # not before a first code was right

    confirm = "/api/v1/me/second-factor/confirm"
    assert client.post(confirm, {"code": "000000"}).status_code == 400
    code = code_at(secret, int(time.time()) // STEP_SECONDS)
    codes = client.post(confirm, {"code": code}).json()["recovery_codes"]
    assert len(set(codes)) == 10
    assert client.post(confirm, {"code": code}).status_code == 409
    assert client.post("/api/v1/me/second-factor", {"password": PASSWORD}).status_code == 409
    kept = str(SecondFactor.objects.values().get())
    assert not any(each in kept for each in (*codes, secret.hex()))
    assert client.get("/api/v1/me/second-factor").json()["recovery_codes_left"] == 10
    assert AuditLogEntry.objects.filter(action="user.second_factor_on").count() == 1


def test_the_door_asks_for_the_code(reader: User, recovery: list[str]) -> None:
    answer = client_of().post("/api/v1/auth/token", GIVEN)
    assert answer.status_code == 403
    error = answer.json()["error"]
    assert error["code"] == "second_factor_needed" and error["fields"]["code"]
    assert not ApiToken.objects.exists()
    page = client_of()
    assert page.post("/api/v1/auth/session", GIVEN).status_code == 403
    assert page.get("/api/v1/audits").status_code == 401
    assert ask(code="000000") == 400
    given = {**GIVEN, "code": code_of(reader)}
    assert page.post("/api/v1/auth/session", given).status_code == 200
    assert page.get("/api/v1/audits").status_code == 200


def test_a_code_is_good_once(reader: User, recovery: list[str], clock: Callable[[], None]) -> None:
    code = code_of(reader)
    assert [ask(code=code), ask(code=code)] == [200, 400]
    clock()
    assert ask(code=code) == 400  # still within the slack, but used
    assert ask(code=code_of(reader)) == 200
    for _ in range(2):
        clock()
    late = code_of(reader)
    clock()
    assert ask(code=late) == 200  # a clock that is a step behind
    for _ in range(3):
        clock()
    assert ask(code=late) == 400


def test_a_recovery_code_is_good_once(reader: User, recovery: list[str]) -> None:
    assert [ask(code=recovery[3]), ask(code=recovery[3])] == [200, 400]
    assert ask(code=recovery[4].upper()) == 200
    assert len(SecondFactor.objects.get().recovery) == 8
    assert AuditLogEntry.objects.filter(action="user.recovery_code_used").count() == 2


def test_guesses_at_codes_end_from_all_addresses_together(
    reader: User, recovery: list[str], settings: Settings
) -> None:
    settings.SIGN_IN_FAILURES = 3

    def guess(code: str, host: int) -> int:
        client = APIClient(REMOTE_ADDR=f"198.51.100.{host}")
        return int(client.post("/api/v1/auth/token", {**GIVEN, "code": code}).status_code)

    assert [guess("000000", host) for host in range(5)] == [400] * 3 + [429] * 2
    assert guess(code_of(reader), 9) == 429


def test_the_password_alone_neither_counts_nor_starts_the_count_again(
    reader: User, recovery: list[str], settings: Settings
) -> None:
    settings.SIGN_IN_FAILURES = 3
    assert ask(password="wrong") == 400
    assert [ask() for _ in range(5)] == [403] * 5
    assert SignInGuesses.objects.get().failures == 1
    assert [ask(password="wrong") for _ in range(3)] == [400, 400, 429]


def test_turned_off_with_a_code(reader: User, recovery: list[str]) -> None:
    client = client_of(reader)
    remove = "/api/v1/me/second-factor/remove"
    assert client.post(remove, {"code": "000000"}).status_code == 400
    assert client.post(remove, {"code": recovery[0]}).status_code == 204
    assert ask() == 200
    assert AuditLogEntry.objects.filter(action="user.second_factor_off").count() == 1


def test_administrators_can_be_made_to_have_one(
    administrator: User, reader: User, settings: Settings, clock: Callable[[], None]
) -> None:
    given = {"username": "root", "password": PASSWORD}
    text = client_of().post("/api/v1/auth/token", given).json()["token"]
    settings.ADMINISTRATORS_NEED_SECOND_FACTOR = True
    program = APIClient(HTTP_AUTHORIZATION=f"Bearer {text}")
    client = client_of(administrator)
    for each in (client, program):
        answer = each.get("/api/v1/audits")
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "second_factor_missing"
    assert client.get("/admin/").status_code == 302
    assert client.get("/api/v1/auth/session").json()["user"]["second_factor_missing"] is True
    assert client_of(reader).get("/api/v1/audits").status_code == 200

    assert client.post("/api/v1/me/second-factor", {"password": PASSWORD}).status_code == 201
    confirmed = client.post("/api/v1/me/second-factor/confirm", {"code": code_of(administrator)})
    assert confirmed.status_code == 200
    assert client.get("/api/v1/audits").status_code == 200
    assert client.get("/admin/").status_code == 200
    assert client.get("/api/v1/auth/session").json()["user"]["second_factor_missing"] is False


def test_own_password(reader: User) -> None:
    here, there = client_of(reader), client_of(reader)
    change = {"password": PASSWORD, "new_password": "a much newer secret"}
    wrong = here.post("/api/v1/me/password", {**change, "password": "wrong"})
    assert wrong.status_code == 400
    weak = here.post("/api/v1/me/password", {**change, "new_password": "password"})
    assert weak.status_code == 400 and weak.json()["error"]["fields"]["new_password"]
    assert there.get("/api/v1/audits").status_code == 200
    assert here.post("/api/v1/me/password", change).status_code == 204
    assert here.get("/api/v1/audits").status_code == 200
    assert there.get("/api/v1/audits").status_code == 401
    assert [ask(), ask(password="a much newer secret")] == [400, 200]
    assert AuditLogEntry.objects.filter(action="user.password_changed").count() == 1


def test_sign_out_elsewhere(reader: User) -> None:
    here, there = client_of(reader), client_of(reader)
    for _ in range(2):
        assert here.post("/api/v1/me/sign-out-elsewhere").status_code == 204
        assert here.get("/api/v1/audits").status_code == 200
        assert there.get("/api/v1/audits").status_code == 401
        there = client_of(User.objects.get(pk=reader.pk))
        assert there.get("/api/v1/audits").status_code == 200


def test_a_token_does_not_change_its_own_person(reader: User) -> None:
    text = client_of().post("/api/v1/auth/token", GIVEN).json()["token"]
    program = APIClient(HTTP_AUTHORIZATION=f"Bearer {text}")
    for name in ("password", "second-factor", "second-factor/remove", "sign-out-elsewhere"):
        assert program.post(f"/api/v1/me/{name}", {}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_code_sent_twice_at_once_is_good_once(transactional_db: None) -> None:
    ada = User.objects.create_user("ada", password=PASSWORD)
    factor_begin(user=ada)
    factor_confirm(user=ada, code=code_of(ada))
    SecondFactor.objects.update(last_step=0)
    code = code_of(ada)
    gate = threading.Barrier(6)
    answers: list[int] = []

    def run() -> None:
        gate.wait()
        try:
            answers.append(ask(code=code))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [400] * 5
