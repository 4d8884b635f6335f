"""What the platform is told, and who may read it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.configuration import (
    Site,
    application_environment,
    read_environment,
    write_environment,
)
from bootstrap.services import Services
from tests.bootstrap.places import layout_at, open_folder

UP = Services("postgresql://u:p@127.0.0.1:5/overread", "redis://:p@127.0.0.1:6/0", ())
VALUES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r"))


def test_secrets_are_made_once_and_are_the_owners_alone(tmp_path: Path) -> None:
    layout = layout_at(tmp_path)
    first = application_environment(layout, {}, UP)
    key = Path(first["SECRET_KEY_FILE"])
    secret = key.read_text()

    application_environment(layout, {}, UP)

    assert key.read_text() == secret
    assert len(secret) > 50
    assert key.stat().st_mode & 0o077 == 0


def test_what_the_caller_sets_wins_except_where_the_services_are(tmp_path: Path) -> None:
    given = {
        "DEBUG": "1",
        "SECRET_KEY": "mine",
        "ALLOWED_HOSTS": "",
        "DEMO": "0",
        "PYTHONPATH": "/elsewhere",
    }
    site = Site("127.0.0.1", 8000, 8001)

    told = application_environment(layout_at(tmp_path), given, UP, site)

    assert told["DEBUG"] == "1"
    assert told["SECRET_KEY"] == "mine"
    assert told["DEMO"] == "0"
    assert "SECRET_KEY_FILE" not in told
    assert told["ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1]"
    assert told["ORT_DISABLE_TELEMETRY"] == "1"
    assert "PYTHONPATH" not in told
    assert (told["DATABASE_URL"], told["REDIS_URL"]) == (UP.database_url, UP.redis_url)
    assert (told["PORT"], told["EVENTS_PORT"], told["PLAIN_HTTP"]) == ("8000", "8001", "1")


def test_an_open_site_is_told_its_own_names(tmp_path: Path) -> None:
    site = Site("0.0.0.0", 8000, 8001)

    told = application_environment(layout_at(tmp_path), {}, UP, site)

    assert os.uname().nodename in told["ALLOWED_HOSTS"].split(",")
    assert site.address == "http://127.0.0.1:8000"
    assert site.is_open


@given(st.dictionaries(st.from_regex(r"\AOVERREAD_X[A-Z_]{1,8}\Z"), VALUES))
def test_the_noted_environment_reads_back_as_it_was(environment: dict[str, str]) -> None:
    with open_folder() as folder:
        note = folder / "environment"
        write_environment(note, environment)

        assert read_environment(note) == environment
        assert note.stat().st_mode & 0o077 == 0


def test_no_note_is_an_empty_environment(tmp_path: Path) -> None:
    assert read_environment(tmp_path / "environment") == {}


def test_only_what_differs_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERREAD_SAME", "1")
    write_environment(tmp_path / "environment", {"OVERREAD_SAME": "1", "PORT": "8000"})

    assert read_environment(tmp_path / "environment") == {"PORT": "8000"}
