"""A Postgres of our own, as root and as an ordinary user, and after a crash."""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from bootstrap.accounts import Account, server_account
from bootstrap.layout import site_packages
from bootstrap.postgres import THROWAWAY_SETTINGS, server_at, start_server
from bootstrap.processes import Running, stop_orphans
from bootstrap.terminal import Trouble
from tests.bootstrap.places import PACKAGES, as_ordinary_user, open_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as opened:
        yield opened


def begin(folder: Path, settings: Sequence[str] = THROWAWAY_SETTINGS) -> tuple[Running, str]:
    server = server_at(folder / "postgres", PACKAGES, settings)
    return start_server(server, records=folder, log=folder / "postgres.log")


def answer(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def begin_and_ask(folder: Path) -> str:
    running, url = begin(folder)
    try:
        return str(answer(url, "select current_database() || ' ' || current_setting('TimeZone')"))
    finally:
        running.stop(5)


def test_it_serves_whoever_starts_it(folder: Path) -> None:
    assert begin_and_ask(folder) == "overread UTC"


def test_it_serves_an_ordinary_user(folder: Path) -> None:
    assert as_ordinary_user(lambda: begin_and_ask(folder)) == "overread UTC"


def test_the_callers_own_settings_for_postgres_do_not_reach_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGDATA": "/nowhere", "PGPORT": "1", "LC_ALL": "xx_XX"}.items():
        monkeypatch.setenv(name, value)

    assert begin_and_ask(folder) == "overread UTC"


def test_the_password_is_asked_for_and_hidden_from_others(folder: Path) -> None:
    running, url = begin(folder)
    try:
        with pytest.raises(psycopg.OperationalError):
            answer(url.replace("overread:", "overread:wrong"), "select 1")
        assert (folder / "postgres" / "password").stat().st_mode & 0o077 == 0
    finally:
        running.stop(5)


def test_data_outlives_a_killed_server_whose_number_another_program_has_now(folder: Path) -> None:
    killed, url = begin(folder, settings=())
    with psycopg.connect(url) as connection:
        connection.execute("create table kept as select 7 as value")
    killed.process.send_signal(signal.SIGKILL)
    killed.process.wait()
    stale = folder / "postgres" / "data" / "postmaster.pid"
    lines = stale.read_text().splitlines()
    stale.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")

    running, url = begin(folder)
    try:
        assert answer(url, "select value from kept") == 7
    finally:
        running.stop(5)


def test_a_server_left_running_is_stopped_by_its_record(folder: Path) -> None:
    left, _ = begin(folder)

    assert stop_orphans(folder) == ["postgres"]

    assert left.process.wait(60) == 0


def test_data_of_another_version_is_refused_in_a_sentence(folder: Path) -> None:
    begin_and_ask(folder)
    (folder / "postgres" / "data" / "PG_VERSION").write_text("15\n")

    with pytest.raises(
        Trouble, match=r"made by Postgres 15 and this is \d+: .* remove that folder"
    ):
        begin(folder)


def test_a_missing_package_is_named(folder: Path) -> None:
    with pytest.raises(Trouble, match="run `make setup`"):
        server_at(folder / "postgres", folder)


def test_without_packages_there_is_no_environment(folder: Path) -> None:
    with pytest.raises(Trouble, match="not a virtual environment: run `make setup`"):
        site_packages(folder)


def test_root_lends_it_another_account_and_nobody_else_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    lent = server_account(folder / "data")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert isinstance(lent, Account)
    assert lent.name in ("postgres", "nobody")
    assert lent.uid != 0
    assert server_account(folder / "data") is None
