"""An audit by the remote backends, from the database to a real server and back."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from inference.grounders import GROUNDERS, get_grounder
from inference.grounders.remote import RemoteGrounder
from inference.remote.settings import RemoteSettings
from tests.audits.stored import started, work
from tests.inference.remote.model_server import ModelServer, refuses, says, serving

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_else")]

NODULE = {"findings": [{"label": "nodule_mass", "box_2d": [400, 400, 500, 500]}]}


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with serving(says(NODULE)) as running:
        given = RemoteSettings(running.url, "tiny", "findings-1", 64, backoff_seconds=0.0)
        monkeypatch.setitem(GROUNDERS, "remote", lambda: RemoteGrounder(given))
        settings.GROUNDER = "remote"
        get_grounder.cache_clear()
        yield running
        get_grounder.cache_clear()


def test_an_audit_keeps_what_the_server_said(server: ModelServer) -> None:
    server.script[:0] = [refuses(503), says("I see a nodule.")]
    audit = work(started(seed=1))
    assert (audit.state, audit.image_state) == ("done", "grounded")
    assert [row.label for row in audit.findings.all()] == ["nodule_mass"]
    rows = audit.generations.order_by("position")
    assert [row.outcome for row in rows] == ["failed", "failed", "used"]
    assert len(server.bodies) == len(rows)  # every sending has its row
    assert [row.raw for row in rows][:2] == ["busy", "I see a nodule."]
    assert audit.grounder.checkpoint == "tiny"
    assert audit.grounder.prompt.startswith("findings-1@")


def test_an_audit_fails_when_the_server_gives_no_answer(server: ModelServer) -> None:
    server.script[:] = [refuses(401)]
    audit = work(started(seed=1))
    assert (audit.state, audit.failure_code) == ("failed", "grounding_failed")
    assert not audit.flags.exists()
    assert [row.outcome for row in audit.generations.all()] == ["failed"]
