"""The page, the contract, and the questions of whoever runs it."""

import io
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest import MonkeyPatch
from pytest_django import Settings

from audits import ahead, site
from audits.models import AuditLogEntry, Source, User
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_audit, make_queue
from tests.audits.stored import started, work

ROUTES = ["/", "/sign-in", "/new", "/audits/0d3b", "/releases", "/models", "/somewhere/else"]


@pytest.fixture
def built(settings: Settings, tmp_path: Path) -> Path:
    site._index.cache_clear()
    settings.FRONTEND_DIST = tmp_path
    yield tmp_path
    site._index.cache_clear()


@pytest.mark.parametrize("path", ROUTES)
def test_page_is_served_at_every_address(built: Path, path: str) -> None:
    (built / "index.html").write_text("<!doctype html><title>Overread</title>")
    answer = Client().get(path)
    assert answer.status_code == 200 and b"Overread" in answer.content
    assert answer["Cache-Control"] == "no-store"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"


def brought(answer: HttpResponse, name: str) -> Any:
    """What the document brought along under this name; None if it did not."""
    head = f'<script id="{name}" type="application/json">'
    _, found, rest = answer.content.decode().partition(head)
    return json.loads(rest.partition("</script>")[0]) if found else None


def test_the_page_brings_what_its_script_would_ask_for_first(
    db: None, built: Path, reader: User, curator: User
) -> None:
    (built / "index.html").write_text("<!doctype html><head></head>")
    audit = make_audit()
    make_queue(audit)
    hidden = make_audit()

    def opened(user: User | None, path: str) -> tuple[HttpResponse, Client]:
        browser = Client()
        if user:
            browser.force_login(user)
        return browser.get(path), browser

    page, browser = opened(reader, f"/audits/{audit.pk}?queue=x")
    assert brought(page, "audit") == browser.get(f"/api/v1/audits/{audit.pk}?all=1").json()
    assert brought(page, "session")["user"]["username"] == reader.username
    image = (
        f'<link rel="preload" as="fetch" crossorigin href="/api/v1/cases/{audit.case_id}/image">'
    )
    assert image in page.content.decode()
    # To nobody what the API would not tell them.
    for user, path in [(None, audit.pk), (reader, hidden.pk), (reader, uuid4())]:
        page, _ = opened(user, f"/audits/{path}")
        assert brought(page, "audit") is None and b"preload" not in page.content
    assert brought(opened(curator, f"/audits/{hidden.pk}")[0], "audit")["id"] == str(hidden.pk)
    page, browser = opened(reader, "/")
    assert brought(page, "audit") is None and brought(page, "session") is not None
    # The token it brought is as good as one that was asked for.
    browser.handler.enforce_csrf_checks = True
    token = brought(page, "session")["csrf_token"]
    assert browser.delete("/api/v1/auth/session", headers={"X-CSRFToken": token}).status_code == 204


def test_what_a_draft_says_ends_no_element_of_the_page(
    db: None, built: Path, curator: User
) -> None:
    (built / "index.html").write_text("<!doctype html><head></head>")
    draft = "Clear. </script><script>alert(1)</script>"
    audit = make_audit(draft=draft)
    browser = Client()
    browser.force_login(curator)
    page = browser.get(f"/audits/{audit.pk}")
    assert brought(page, "audit")["draft"]["text"] == draft
    assert b"<script>alert" not in page.content


def test_without_a_database_the_page_comes_alone(built: Path, monkeypatch: MonkeyPatch) -> None:
    (built / "index.html").write_text("<!doctype html><head></head>")

    def gone(request: HttpRequest) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(ahead, "_session", gone)
    answer = Client().get("/")
    assert answer.status_code == 200 and answer.content == b"<!doctype html><head></head>"


def test_page_that_is_not_built_says_what_to_do(built: Path) -> None:
    answer = Client().get("/")
    assert answer.status_code == 503 and b"make setup" in answer.content


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/audits/not-a-uuid", "/api/v2/audits"])
def test_unknown_api_address_is_the_envelope(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/cases", "/api/v1/auth/token"])
def test_refused_body_is_read_up(db: None, path: str) -> None:
    """What stayed unread would be taken for the connection's next request, or cut it off."""
    body = b"{" + b" " * 5_000_000
    stream = io.BytesIO(body)
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(path, body, "application/json", **{"wsgi.input": stream})
    assert answer.status_code == {"/api/v1/nothing": 404, "/api/v1/cases": 401}.get(path, 413)
    assert stream.read() == b""


def test_health_asks_nothing_of_anyone() -> None:
    backends = {"grounder:squares": "up", "parser:rules": "up"}
    assert Client().get("/health").json() == {"status": "ok", "backends": backends}


@pytest.mark.django_db
def test_ready_names_what_is_missing(settings: Settings) -> None:
    answer = Client().get("/ready")
    assert answer.status_code == 200, answer.content
    assert set(answer.json()["checks"]) == {"postgres", "redis", "grounder", "parser"}
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.GROUNDER = "no-such-backend"
    answer = Client().get("/ready")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert [name for name, check in checks.items() if not check["ok"]] == ["redis", "grounder"]
    assert "127.0.0.1" not in answer.content.decode()


@pytest.mark.django_db
def test_schema_is_valid_and_complete(tmp_path: Path) -> None:
    call_command("spectacular", file=str(tmp_path / "schema.yml"), validate=True, fail_on_warn=True)
    schema = (tmp_path / "schema.yml").read_text()
    for path in ("/api/v1/cases:", "/api/v1/audits/{audit_id}:", "/api/v1/slots/{slot_id}/submit:"):
        assert path in schema
    assert Client().get("/api/v1/schema/").status_code == 200


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_json_is_bounded_in_size_and_depth(settings: Settings) -> None:
    deep = b"[" * 200_000
    answer = Client().post("/api/v1/auth/token", deep, content_type="application/json")
    assert answer.status_code == 400
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = Client().post("/api/v1/auth/token", deep, content_type="application/json")
    assert answer.status_code == 413 and answer.json()["error"]["code"] == "too_large"


@pytest.mark.django_db
def test_administration_shows_everything_and_logs_its_edits(administrator: User) -> None:
    administrator.is_superuser = True
    administrator.save()
    audit, browser = work(started()), client_of(administrator)
    for model in admin.site._registry:
        meta = model._meta
        assert browser.get(f"/admin/{meta.app_label}/{meta.model_name}/").status_code == 200, meta
    detail = f"/admin/audits/audit/{audit.pk}/change/"
    assert browser.get(detail).status_code == 200
    assert browser.post(detail, {"notes": "[]"}, format="multipart").status_code == 403

    source = Source.objects.get(slug="upload")
    given = {"slug": "upload", "name": "Uploaded", "text_redistributable": "on"}
    answer = browser.post(f"/admin/audits/source/{source.pk}/change/", given, format="multipart")
    assert answer.status_code == 302
    source.refresh_from_db()
    assert source.text_redistributable
    entry = AuditLogEntry.objects.get(object_id=source.pk)
    assert entry.action == "source.changed" and entry.actor.user == administrator
