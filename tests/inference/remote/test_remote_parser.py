"""The remote parser against a real server."""

from typing import Any

import pytest

from inference.generation.answers import MAX_CHARACTERS
from inference.parsers.remote import RemoteParser
from inference.remote.settings import RemoteSettings
from inference.vocabulary import DraftState, Label, State
from tests.inference.remote.model_server import ModelServer, refuses, says, serving

DRAFT = "Small left effusion. No pneumothorax."
MENTIONS = {
    "mentions": [
        {"label": "pleural_effusion", "status": "present", "span": "Small left effusion"},
        {"label": "pneumothorax", "status": "absent", "span": "No pneumothorax"},
    ]
}


def parser(server: ModelServer, **given: Any) -> RemoteParser:
    settings = {"prompt": "mentions-1", "max_tokens": 64, "backoff_seconds": 0.0, **given}
    return RemoteParser(RemoteSettings(server.url, "tiny", **settings))


def test_mentions_are_tied_to_the_drafts_own_characters() -> None:
    with serving(says(MENTIONS)) as server:
        parsing = parser(server).parse(DRAFT)
    assert parsing.draft_state == DraftState.PARSED
    assert [DRAFT[each.start : each.end] for each in parsing.mentions] == [
        "Small left effusion",
        "No pneumothorax",
    ]
    assert parsing.labels[Label.PLEURAL_EFFUSION] == State.PRESENT
    assert parsing.labels[Label.PNEUMOTHORAX] == State.ABSENT
    assert [each.outcome for each in parsing.attempts] == ["used"]
    assert DRAFT in server.bodies[0]["messages"][1]["content"]


def test_thinking_is_kept_in_the_raw_answer_and_never_read() -> None:
    thought = '<think>{"label": "nodule_mass", "status": "present", "span": "Small"}</think>[]'
    with serving(says(thought)) as server:
        parsing = parser(server).parse(DRAFT)
    assert (parsing.draft_state, parsing.mentions) == (DraftState.PARSED, ())
    assert parsing.attempts[0].raw == thought


def test_a_span_that_is_not_in_the_draft_goes_to_the_ledger() -> None:
    made_up = {"label": "nodule_mass", "status": "present", "span": "a large mass"}
    with serving(says({"mentions": [made_up]})) as server:
        parsing = parser(server).parse(DRAFT)
    assert parsing.mentions == ()
    assert [entry.reason for entry in parsing.ledger] == ["span_not_in_draft"]
    assert parsing.attempts[0].outcome == "recovered"


def test_a_draft_the_model_never_reads_is_unparsed_with_the_reason() -> None:
    with serving(says("I can't help with that.")) as server:
        parsing = parser(server).parse(DRAFT)
    assert parsing.draft_state == DraftState.UNPARSED
    assert set(parsing.labels.values()) == {None}
    assert parsing.reason
    assert [each.outcome for each in parsing.attempts] == ["failed"] * 3


def test_a_cut_answer_shows_its_mentions_and_decides_nothing() -> None:
    cut = '[{"label": "pneumothorax", "status": "absent", "span": "No pneumothorax"}, {"lab'
    with serving(says(cut)) as server:
        parsing = parser(server).parse(DRAFT)
    assert parsing.draft_state == DraftState.UNPARSED
    assert [each.text for each in parsing.mentions] == ["No pneumothorax"]
    assert set(parsing.labels.values()) == {None}


def test_a_server_that_is_down_leaves_the_draft_unparsed() -> None:
    with serving(refuses(503)) as server:
        down = parser(server, attempts=2, breaker_failures=1, breaker_seconds=600.0)
        first, second = down.parse(DRAFT), down.parse(DRAFT)
    assert first.draft_state == second.draft_state == DraftState.UNPARSED
    assert "HTTP 503" in first.reason and len(first.attempts) == 2
    assert "in a row" in second.reason and second.attempts == ()


@pytest.mark.parametrize(
    ("text", "state"),
    [("", DraftState.EMPTY), (" \n", DraftState.EMPTY), ("x" * 20_001, DraftState.UNPARSED)],
)
def test_what_is_no_draft_is_never_sent(text: str, state: DraftState) -> None:
    assert MAX_CHARACTERS == 20_000
    with serving(says(MENTIONS)) as server:
        assert parser(server).parse(text).draft_state == state
        assert server.bodies == []
