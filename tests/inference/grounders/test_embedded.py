"""The shipped networks through their public door, on phantoms."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from inference.grounders import BackendUnavailable, Grounder
from inference.grounders.embedded.backend import EmbeddedGrounder
from inference.phantoms import render_phantom
from inference.schema import Grounding
from inference.vocabulary import LABELS, ImageState, State

Gray = npt.NDArray[np.uint8]


def one(grounder: Grounder, image: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]) -> Grounding:
    (grounding,) = grounder.ground([image])
    return grounding


def test_the_same_image_gives_the_same_grounding(embedded: Grounder, chest: Gray) -> None:
    assert one(embedded, chest) == one(embedded, chest.copy())


def test_a_batch_equals_its_single_runs(embedded: Grounder, chest: Gray) -> None:
    images = [chest, render_phantom(8, size=300).image, chest[:, ::-1].copy()]
    assert embedded.ground(images) == [one(embedded, image) for image in images]


def test_no_images_give_no_groundings(embedded: Grounder) -> None:
    assert embedded.ground([]) == []


def test_a_second_process_would_see_the_same(embedded: Grounder, chest: Gray) -> None:
    assert one(EmbeddedGrounder(), chest) == one(embedded, chest)


@pytest.mark.parametrize("seed", range(20, 26))
def test_states_findings_and_scores_tell_one_story(embedded: Grounder, seed: int) -> None:
    card = EmbeddedGrounder().card
    seen = one(embedded, render_phantom(seed, size=400).image)
    assert seen.image_state is ImageState.GROUNDED
    for label in LABELS:
        score, limits = seen.scores[label], card.labels[label]
        expected = (
            State.PRESENT
            if score >= limits.present
            else State.UNCERTAIN
            if score >= limits.rule_out
            else State.ABSENT
        )
        own = [f for f in seen.findings if f.label is label]
        assert 0 <= score <= 1
        assert seen.labels[label] is expected
        assert own[0].score == score
        assert all(f.below is (expected is not State.PRESENT) for f in own)
    assert seen.image_normal is all(state is State.ABSENT for state in seen.labels.values())


@pytest.mark.parametrize("seed", range(30, 36))
def test_boxes_lie_in_the_image_in_label_order(embedded: Grounder, seed: int) -> None:
    seen = one(embedded, render_phantom(seed, size=400).image)
    assert [LABELS.index(f.label) for f in seen.findings] == sorted(
        LABELS.index(f.label) for f in seen.findings
    )
    for finding in seen.findings:
        assert finding.box is not None
        y0, x0, y1, x1 = finding.box
        assert 0 <= y0 < y1 <= 1
        assert 0 <= x0 < x1 <= 1


def test_sixteen_bits_and_eight_bits_read_alike(embedded: Grounder, chest: Gray) -> None:
    deep = chest.astype(np.uint16) * 16
    assert one(embedded, deep).scores == pytest.approx(one(embedded, chest).scores, abs=0.02)


def test_a_large_film_reads_like_a_small_one(embedded: Grounder) -> None:
    small, large = (one(embedded, render_phantom(40, size=size).image) for size in (512, 1600))
    assert large.scores == pytest.approx(small.scores, abs=0.2)


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_uniform_image_fails_with_a_reason_and_no_absence(embedded: Grounder, value: int) -> None:
    seen = one(embedded, np.full((300, 300), value, dtype=np.uint8))
    assert seen.image_state is ImageState.FAILED
    assert not seen.image_normal
    assert set(seen.labels.values()) == {None}
    assert "uniform" in seen.notes[0]


def test_one_uniform_image_does_not_spoil_its_batch(embedded: Grounder, chest: Gray) -> None:
    blank = np.zeros((300, 300), dtype=np.uint8)
    states = [g.image_state for g in embedded.ground([blank, chest])]
    assert states == [ImageState.FAILED, ImageState.GROUNDED]


def test_what_is_no_chest_is_never_called_normal_or_absent(embedded: Grounder) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (400, 400)).astype(np.uint8)
    ramp = np.tile(np.arange(400, dtype=np.uint16) * 100, (300, 1))
    for image in (noise, ramp):
        seen = one(embedded, image)
        assert not seen.image_normal
        assert State.ABSENT not in seen.labels.values()
        assert any("frontal chest" in note for note in seen.notes)
        assert seen.measurements == {}


def test_a_frontal_chest_has_a_cardiothoracic_ratio_with_landmarks(
    embedded: Grounder, chest: Gray
) -> None:
    found = one(embedded, chest).measurements
    heart, ribs = found["heart_x1"] - found["heart_x0"], found["chest_x1"] - found["chest_x0"]
    assert found["cardiothoracic_ratio"] == pytest.approx(heart / ribs, abs=0.001)
    assert 0.2 < found["cardiothoracic_ratio"] < 0.8
    assert 0 < found["heart_y"] < 1
    assert 0 < found["chest_y"] < 1


def test_inverted_tones_are_read_as_if_they_were_not(embedded: Grounder, chest: Gray) -> None:
    plain, inverted = one(embedded, chest), one(embedded, np.asarray(255 - chest, dtype=np.uint8))
    assert any("inverted" in note for note in inverted.notes)
    assert inverted.scores == pytest.approx(plain.scores, abs=0.1)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4, 3), dtype=np.uint8),
        np.zeros((0, 5), dtype=np.uint8),
        np.zeros((64, 64), dtype=np.float32),
        np.zeros(64, dtype=np.uint8),
    ],
)
def test_an_array_that_is_no_gray_radiograph_is_refused(
    embedded: Grounder, image: npt.NDArray[np.uint8]
) -> None:
    with pytest.raises(ValueError, match="radiograph"):
        embedded.ground([image])


def test_a_corrupt_network_is_refused_by_its_hash(weights: Path) -> None:
    path = weights / "detector-1.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(BackendUnavailable, match=r"detector-1\.onnx is corrupt.*SHA-256"):
        EmbeddedGrounder(weights)


def test_a_truncated_anatomy_network_is_refused(weights: Path) -> None:
    path = weights / "anatomy.onnx"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(BackendUnavailable, match="SHA-256"):
        EmbeddedGrounder(weights)


def test_a_file_that_is_no_network_is_refused_even_with_its_hash(
    weights: Path, chest: Gray
) -> None:
    rewrite_card(weights, "detector-1.onnx", b"not a network")
    grounder = EmbeddedGrounder(weights)
    with pytest.raises(BackendUnavailable, match="onnxruntime can't load"):
        grounder.ground([chest])


@pytest.mark.parametrize("name", ["card.json", "detector-1.onnx", "anatomy.onnx"])
def test_a_missing_file_is_named(weights: Path, name: str) -> None:
    (weights / name).unlink()
    with pytest.raises(BackendUnavailable, match=name.replace(".", r"\.")):
        EmbeddedGrounder(weights)


@pytest.mark.parametrize("text", ["{}", "[]", "nonsense", '{"version": "1"}'])
def test_a_broken_card_is_refused(weights: Path, text: str) -> None:
    (weights / "card.json").write_text(text, encoding="ascii")
    with pytest.raises(BackendUnavailable, match="not a detector card"):
        EmbeddedGrounder(weights)


def test_other_thresholds_are_another_version(weights: Path, embedded: Grounder) -> None:
    path = weights / "card.json"
    card = json.loads(path.read_text(encoding="ascii"))
    card["labels"]["cardiomegaly"]["present"] = 0.0
    path.write_text(json.dumps(card), encoding="ascii")
    eager = EmbeddedGrounder(weights)
    assert eager.version.hash != embedded.version.hash
    assert replace(eager.version, hash="") == replace(embedded.version, hash="")
    seen = one(eager, render_phantom(50, findings=(), size=400).image)
    assert seen.labels[LABELS[-1]] is State.PRESENT
    assert [f.below for f in seen.findings if f.label is LABELS[-1]] == [False]


def rewrite_card(folder: Path, name: str, data: bytes) -> None:
    """Put ``data`` in place of a network and its hash in the card."""
    (folder / name).write_bytes(data)
    card = json.loads((folder / "card.json").read_text(encoding="ascii"))
    for member in card["members"]:
        if member["file"] == name:
            member["sha256"] = hashlib.sha256(data).hexdigest()
    (folder / "card.json").write_text(json.dumps(card), encoding="ascii")
