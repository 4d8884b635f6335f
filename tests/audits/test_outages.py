"""What the API says while something that it stands on is gone."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from audits.models import Case
from auditsite.environment import media_stores
from bootstrap.ports import free_port
from tests.audits.pictures import picture
from tests.audits.test_intake import post
from tests.audits.test_path import upload

pytestmark = pytest.mark.django_db(transaction=True)


def is_told_to_ask_again(answer: Any, what: str) -> bool:
    told = answer.json()["error"]
    return (answer.status_code, told["code"]) == (503, "unavailable") and (
        what in told["message"] and int(answer["Retry-After"]) > 0
    )


@contextmanager
def no_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where Postgres was, nobody listens, and no connection is left over."""
    port = connection.settings_dict["PORT"]

    def move(to: object) -> None:
        connection.close()
        connection.close_pool()
        connection.settings_dict["PORT"] = to

    move(free_port())
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict["OPTIONS"]["pool"], "timeout", 0.2)
        try:
            yield
        finally:
            move(port)


def test_the_database(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with no_database(monkeypatch):
        assert is_told_to_ask_again(api.get("/api/v1/audits"), "database")
        assert is_told_to_ask_again(post(api, picture(seed=1)), "database")
    assert api.get("/api/v1/audits").status_code == 200


def test_the_store_of_files(
    api: APIClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload(api, picture(seed=2))
    (case,) = Case.objects.all()
    in_the_folder = settings.STORAGES
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "no secret")
    nobody = f"http://127.0.0.1:{free_port()}"
    stores = media_stores(bucket="b", endpoint=nobody, link_endpoint="", region="eu-central-1")
    settings.STORAGES = {**in_the_folder, **stores}
    assert is_told_to_ask_again(api.get(f"/api/v1/cases/{case.pk}/image"), "store of files")
    assert is_told_to_ask_again(post(api, picture(seed=3)), "store of files")
    assert Case.objects.count() == 1
    settings.STORAGES = in_the_folder
    upload(api, picture(seed=3))


def test_no_space_left_for_the_database(
    api: APIClient, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path

    def full(*_: Any, **__: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE disk_full USING MESSAGE = 'voll'; END $$")

    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "_save", full)
        answer = post(api, picture(seed=5))
    assert answer.status_code == 507 and answer.json()["error"]["code"] == "no_space"


def test_no_space_left(
    api: APIClient, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path  # where no other test has stored the same picture

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "_save", full)
        answer = post(api, picture(seed=4))
    assert answer.status_code == 507 and answer.json()["error"]["code"] == "no_space"
    assert not Case.objects.exists()
    upload(api, picture(seed=4))
