"""The remote grounder against a real server that does what servers do."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inference.grounders import BackendUnavailable, GroundingFailed
from inference.grounders.remote import RemoteGrounder
from inference.remote.settings import RemoteSettings
from inference.vocabulary import ImageState, Label, State
from tests.inference.remote.model_server import (
    Answer,
    ModelServer,
    drips,
    hangs_up,
    refuses,
    replies,
    says,
    serving,
    stalls,
    streams,
)

IMAGE = np.tile(np.arange(200, dtype=np.uint8), (100, 1))
"""[100, 200]: on the padded square it fills the rows from a quarter to three quarters."""

EFFUSION = {"findings": [{"label": "pleural_effusion", "box_2d": [500, 0, 750, 250]}]}
NODULE = {"findings": [{"label": "nodule_mass", "box_2d": None}]}


def grounder(server: ModelServer, **given: Any) -> RemoteGrounder:
    quick = {"backoff_seconds": 0.0, "breaker_failures": 99, "answer_seconds": 20.0}
    settings = {"prompt": "findings-1", "max_tokens": 64, **quick, **given}
    return RemoteGrounder(RemoteSettings(server.url, "tiny", **settings))


def test_the_box_of_the_padded_square_becomes_one_of_the_image() -> None:
    with serving(says(EFFUSION)) as server:
        (grounding,) = grounder(server, key="secret").ground([IMAGE])
    (finding,) = grounding.findings
    assert finding.label == Label.PLEURAL_EFFUSION
    assert finding.box == pytest.approx((0.5, 0.0, 1.0, 0.25))
    assert grounding.image_state == ImageState.GROUNDED
    assert grounding.labels[Label.PNEUMOTHORAX] == State.ABSENT
    (attempt,) = grounding.attempts
    assert (attempt.outcome, attempt.tokens_in, attempt.tokens_out) == ("used", 11, 7)
    assert server.headers[0]["authorization"] == "Bearer secret"
    assert "secret" not in repr(attempt)


def test_the_request_forces_the_schema_and_carries_the_padded_picture() -> None:
    with serving(says(EFFUSION)) as server:
        grounder(server).ground([IMAGE])
    (body,) = server.bodies
    form = body["response_format"]
    assert form["type"] == "json_schema" and form["json_schema"]["strict"] is True
    assert list(form["json_schema"]["schema"]["properties"]) == ["findings"]
    assert (body["temperature"], body["max_completion_tokens"]) == (0.0, 64)
    url = body["messages"][1]["content"][0]["image_url"]["url"]
    data = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    picture = np.asarray(Image.open(io.BytesIO(data)))
    assert picture.shape == (200, 200)
    assert not picture[:50].any() and picture[50:150].any() and not picture[150:].any()


@pytest.mark.parametrize(
    "trouble",
    [
        refuses(429, retry_after="0"),
        refuses(500),
        refuses(503),
        replies(b"<html>gateway</html>"),
        replies(b'{"choices": []'),
        replies(b'{"choices": [{"message": {"content": 7}}]}'),
        replies(b"[1]"),
        streams('{"findings"', whole=False),
        hangs_up,
    ],
)
def test_trouble_on_the_way_is_sent_again_and_kept(trouble: Answer) -> None:
    with serving(trouble, says(NODULE)) as server:
        (grounding,) = grounder(server).ground([IMAGE])
    assert [each.outcome for each in grounding.attempts] == ["failed", "used"]
    assert grounding.attempts[0].detail
    assert [finding.label for finding in grounding.findings] == [Label.NODULE_MASS]


@pytest.mark.parametrize("silence", [stalls, drips])
def test_a_server_that_never_ends_its_answer_fails_the_image(silence: Answer) -> None:
    with serving(silence) as server:
        slow = grounder(server, answer_seconds=0.1, attempts=2)
        with pytest.raises(GroundingFailed, match="no answer") as raised:
            slow.ground([IMAGE])
    assert [each.outcome for each in raised.value.attempts] == ["failed", "failed"]
    assert all("in time" in each.detail for each in raised.value.attempts)


def test_a_request_that_is_refused_for_good_is_sent_once() -> None:
    with serving(refuses(400, "no such model")) as server:
        with pytest.raises(GroundingFailed, match="HTTP 400") as raised:
            grounder(server).ground([IMAGE])
        assert len(server.bodies) == 1
    assert raised.value.attempts[0].raw == "no such model"


def test_a_server_that_streams_unasked_is_read() -> None:
    with serving(streams('{"findings": [{"label": "nodule', '_mass", "box_2d": null}]}')) as server:
        (grounding,) = grounder(server).ground([IMAGE])
    assert [finding.label for finding in grounding.findings] == [Label.NODULE_MASS]
    assert grounding.attempts[0].tokens_out == 2


def test_the_ladder_corrects_then_samples_and_keeps_every_answer() -> None:
    prose = says("The lungs are clear.")
    with serving(prose, prose, prose, says(NODULE)) as server:
        (grounding,) = grounder(server).ground([IMAGE])
    assert [each.outcome for each in grounding.attempts] == ["failed"] * 3 + ["used"]
    assert [body["temperature"] for body in server.bodies] == [0.0, 0.0, 0.4, 0.4]
    assert server.bodies[2]["seed"] != server.bodies[3]["seed"]
    asked = [body["messages"][1]["content"][1]["text"] for body in server.bodies]
    assert "could not be read" not in asked[0] and "could not be read" in asked[1]
    assert grounding.attempts[0].raw == "The lungs are clear."


def test_prose_to_the_end_is_a_failed_image_and_never_a_normal_one() -> None:
    with serving(says("No acute disease.")) as server:
        (grounding,) = grounder(server).ground([IMAGE])
    assert grounding.image_state == ImageState.FAILED
    assert set(grounding.labels.values()) == {None}
    assert not grounding.image_normal and grounding.notes
    assert [each.outcome for each in grounding.attempts] == ["failed"] * 4


def test_an_answer_that_is_always_cut_keeps_its_readable_part_as_partial() -> None:
    cut = '{"findings": [{"label": "nodule_mass", "box_2d": null}, {"label": "pneumo'
    with serving(says(cut, finish="length")) as server:
        (grounding,) = grounder(server).ground([IMAGE])
    assert grounding.image_state == ImageState.PARTIAL
    assert [finding.label for finding in grounding.findings] == [Label.NODULE_MASS]
    assert grounding.ledger
    outcomes = [each.outcome for each in grounding.attempts]
    assert outcomes == ["recovered", "failed", "failed", "failed"]
    assert grounding.attempts[0].settings["finish"] == "length"


def test_a_schema_the_server_did_not_keep_is_settled_by_recovery() -> None:
    wrong = [{"finding": "Pleural Effusion", "bbox": [500, 0, 750, 250]}, {"label": "dragon"}]
    with serving(says(wrong)) as server:
        (grounding,) = grounder(server).ground([IMAGE])
    assert [finding.label for finding in grounding.findings] == [Label.PLEURAL_EFFUSION]
    assert [entry.reason for entry in grounding.ledger] == ["unknown_label"]
    assert [each.outcome for each in grounding.attempts] == ["recovered"]


def test_what_postgres_cannot_store_is_replaced() -> None:
    with serving(
        replies(b'{"choices": [{"message": {"content": "[] \\u0000 \\ud800"}}]}')
    ) as server:
        (grounding,) = grounder(server).ground([IMAGE])
    grounding.attempts[0].raw.encode()
    assert "\0" not in grounding.attempts[0].raw


def test_images_keep_their_order_and_a_uniform_one_fails_alone() -> None:
    with serving(says(NODULE)) as server:
        flat = np.zeros((64, 64), dtype=np.uint8)
        states = [each.image_state for each in grounder(server).ground([IMAGE, flat, IMAGE])]
        assert len(server.bodies) == 2
    assert states == [ImageState.GROUNDED, ImageState.FAILED, ImageState.GROUNDED]


def test_a_server_that_is_down_is_left_alone_after_a_while() -> None:
    with serving(refuses(500)) as server:
        tired = grounder(server, attempts=1, breaker_failures=2, breaker_seconds=600.0)
        for _ in range(2):
            with pytest.raises(GroundingFailed):
                tired.ground([IMAGE])
        with pytest.raises(BackendUnavailable, match="2 times in a row"):
            tired.ground([IMAGE])
        assert len(server.bodies) == 2


def test_nobody_listening_is_a_failure_with_its_attempts() -> None:
    with serving(says(NODULE)) as server:
        late = grounder(server, attempts=2)
    with pytest.raises(GroundingFailed, match="connection") as raised:
        late.ground([IMAGE])
    assert len(raised.value.attempts) == 2
