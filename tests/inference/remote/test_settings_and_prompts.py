"""Settings, versions, templates and the breaker: what needs no server."""

from pathlib import Path

import pytest

from inference.boxes import BoxFormat
from inference.grounders import BackendUnavailable
from inference.grounders.remote import RemoteGrounder
from inference.prompts import answer_schema, load_prompt, prompt_of
from inference.remote.breaker import Breaker
from inference.remote.settings import remote_settings

SET = {"REMOTE_GROUNDER_URL": "http://gpu-1:8000/v1/", "REMOTE_GROUNDER_MODEL": "google/medgemma"}

PUBLISHED = {
    "findings-2": "acec0efb54ffc1cdac892cf419e7682fcfb75eb67269b4275330a7df416f3640",
    "findings-1": "95bb45b4aafc98aa75e50fb492795aa2610fd84aefbbd62a2f5b9d98bd909358",
    "mentions-1": "bc5b6854da60becf897c09ae4d5a62772c2147b267a7e1140cda2edf59b27dc3",
}


@pytest.mark.parametrize(
    ("answer", "name"),
    [("findings", "findings-1"), ("findings", "findings-2"), ("mentions", "mentions-1")],
)
def test_a_published_template_never_changes(answer: str, name: str) -> None:
    """Audits name a template by its hash: a change is a new file, added here."""
    prompt = load_prompt(name, "findings" if answer == "findings" else "mentions")
    assert prompt.hash == PUBLISHED[name]
    assert prompt.reference == f"{name}@{prompt.hash[:16]}"


def test_a_published_checkpoint_declares_its_boxes() -> None:
    tuned = load_prompt(
        prompt_of("alex-feeel/medgemma-cxr-auditor-v2", "findings") or "", "findings"
    )
    base = load_prompt(prompt_of("google/medgemma-1.5-4b-it", "findings") or "", "findings")
    assert (tuned.boxes, base.boxes) == (BoxFormat(1.0), BoxFormat(1000.0, padded=True))
    assert answer_schema(tuned)["type"] == "array"
    assert answer_schema(base)["type"] == "object"
    assert prompt_of("somebody/else", "findings") is None


def test_an_unknown_template_lists_those_there_are() -> None:
    given = {**SET, "REMOTE_GROUNDER_PROMPT": "../secret"}
    with pytest.raises(BackendUnavailable, match=r"REMOTE_GROUNDER_PROMPT.*findings-1"):
        RemoteGrounder(remote_settings(given, "GROUNDER"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", ""),
        ("URL", "gpu-1:8000"),
        ("URL", "http://user:pass@gpu-1/v1"),
        ("MODEL", ""),
        ("ATTEMPTS", "0"),
        ("ANSWER_SECONDS", "soon"),
        ("BACKOFF_SECONDS", "-1"),
        ("BACKOFF_SECONDS", "nan"),
        ("FORCE_SCHEMA", "yes"),
        ("KEY_FILE", "/nowhere/key"),
    ],
)
def test_a_setting_that_does_not_hold_is_named(name: str, value: str) -> None:
    with pytest.raises(BackendUnavailable, match=f"REMOTE_GROUNDER_{name}"):
        remote_settings({**SET, f"REMOTE_GROUNDER_{name}": value}, "GROUNDER")


def test_a_key_comes_from_its_file_and_is_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("s3cret\n")
    settings = remote_settings({**SET, "REMOTE_GROUNDER_KEY_FILE": str(path)}, "GROUNDER")
    assert settings.key == "s3cret"
    assert "s3cret" not in repr(settings)


def test_the_version_covers_what_is_asked_and_not_how_long_is_waited() -> None:
    def version_hash(**given: str) -> str:
        named = {f"REMOTE_GROUNDER_{name}": value for name, value in given.items()}
        return RemoteGrounder(remote_settings({**SET, **named}, "GROUNDER")).version.hash

    plain = version_hash()
    assert version_hash(URL="https://other/v1", KEY="k", ATTEMPTS="9") == plain
    changed = {version_hash(MODEL="b"), version_hash(REVISION="2"), version_hash(MAX_TOKENS="9")}
    assert len(changed | {plain}) == 4


def test_the_version_fits_its_columns_and_forbids_release_unless_told() -> None:
    given = {**SET, "REMOTE_GROUNDER_MODEL": "m" * 300}
    version = RemoteGrounder(remote_settings(given, "GROUNDER")).version
    assert version.name == "remote"
    assert len(version.version) <= 60 and len(version.checkpoint) <= 200
    assert len(version.decoding) <= 400 and len(version.prompt) <= 200
    assert not version.may_release_output


def test_the_breaker_opens_lets_one_try_and_closes_on_success() -> None:
    now = [0.0]
    breaker = Breaker(2, 10.0, clock=lambda: now[0])
    breaker.failed()
    assert breaker.wait() == 0
    breaker.failed()
    assert breaker.wait() == 10
    now[0] = 10.0
    assert breaker.wait() == 0, "one may try"
    assert breaker.wait() == 10, "and only one"
    breaker.succeeded()
    assert breaker.wait() == 0
