"""An audit by the remote backends, from the database to a real server and back."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from audits.models import User
from audits.services.audits import audit_start
from inference.grounders import GROUNDERS, get_grounder
from inference.grounders.remote import RemoteGrounder
from inference.remote.settings import RemoteSettings
from tests.audits.conftest import client_of
from tests.audits.reviewing import make_queue
from tests.audits.stored import started, work
from tests.audits.test_comparisons import settle
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


def test_another_prompt_is_another_version_and_the_comparison_says_so(
    server: ModelServer, settings: Settings, monkeypatch: pytest.MonkeyPatch, curator: User
) -> None:
    """The same model, asked in other words, over the same drafts: from the template to the page."""
    first = [work(started(seed=number)) for number in range(2)]
    said = [{"label": "nodule_mass", "box_2d": [0.4, 0.4, 0.5, 0.5]}]
    server.script[:] = [says(said)]
    given = RemoteSettings(server.url, "tiny", "findings-2", 64, backoff_seconds=0.0)
    monkeypatch.setitem(GROUNDERS, "remote", lambda: RemoteGrounder(given))
    get_grounder.cache_clear()
    second = [work(audit_start(draft=audit.draft, actor=None)) for audit in first]
    old, new = first[0].grounder, second[0].grounder
    assert old.pk != new.pk and old.hash != new.hash
    queue = make_queue(*first)
    for item in queue.items.select_related("audit"):
        settle(item, true=False)
    asked = {"a": str(old.pk), "b": str(new.pk), "queue": str(queue.pk)}
    told = client_of(curator).post("/api/v1/comparisons", asked, format="json").json()
    assert (told["a"]["prompt"], told["b"]["prompt"]) == (old.prompt, new.prompt)
    assert [side["prompt"].split("@")[0] for side in (told["a"], told["b"])] == [
        "findings-1",
        "findings-2",
    ]
    assert told["a"]["checkpoint"] == told["b"]["checkpoint"] == "tiny"
    assert told["report"]["accounting"]["b"]["used"] == 2
