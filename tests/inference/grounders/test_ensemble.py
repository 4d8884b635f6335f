"""Several grounders together: votes, fused boxes, and what becomes of a member that fails."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from inference import grounders
from inference.boxes import iou
from inference.fusion import MEET, fuse
from inference.grounders import BackendUnavailable, GroundingFailed, get_grounder
from inference.grounders.embedded.backend import EmbeddedGrounder
from inference.grounders.ensemble import EnsembleGrounder, build, together
from inference.images import GrayImage
from inference.phantoms import render_phantom
from inference.schema import Attempt, BackendVersion, Box, Finding, Grounding, LedgerEntry
from inference.states import judged_labels
from inference.vocabulary import LABELS, ImageState, Label, LedgerReason, State
from tests.inference.strategies import boxes

HERE: Box = (0.1, 0.1, 0.3, 0.3)
NEAR: Box = (0.12, 0.1, 0.32, 0.3)
AWAY: Box = (0.6, 0.6, 0.8, 0.8)
NODULE = Label.NODULE_MASS
ONE_EACH = {"a": 1.0, "b": 1.0, "c": 1.0}
UNIFORM = np.full((80, 80), 7, np.uint8)


def saying(state: State | None, *found: Finding, **more: object) -> Grounding:
    """An answer with this state of nodule, and every other label absent."""
    labels: dict[Label, State | None] = {**dict.fromkeys(LABELS, State.ABSENT), NODULE: state}
    return replace(Grounding(ImageState.GROUNDED, labels, findings=found), **more)  # type: ignore[arg-type]


def nodule(box: Box | None, score: float | None = 0.8, *, below: bool = False) -> Finding:
    return Finding(NODULE, box, score, below)


PRESENT = saying(State.PRESENT, nodule(HERE))
ABSENT = saying(State.ABSENT)
UNSURE = saying(State.UNCERTAIN)
SILENT = saying(None)
FAILED = Grounding(ImageState.FAILED, dict.fromkeys(LABELS), notes=("It fell over.",))


class Fixed:
    """A member that answers what it is told, or raises it."""

    def __init__(self, answer: Grounding | Exception, name: str = "fixed") -> None:
        self.version = BackendVersion(name, "1", name * 8, f"{name} terms", name != "closed")
        self._answer = answer

    def ground(self, images: Sequence[GrayImage]) -> list[Grounding]:
        if isinstance(self._answer, Exception):
            raise self._answer
        return [self._answer for _ in images]


# --- The vote ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ((PRESENT, PRESENT, ABSENT), State.PRESENT),
        ((PRESENT, ABSENT, ABSENT), State.UNCERTAIN),
        ((PRESENT, ABSENT), State.UNCERTAIN),
        ((UNSURE, ABSENT, ABSENT), State.ABSENT),
        ((UNSURE, ABSENT), State.UNCERTAIN),
        ((ABSENT, ABSENT, ABSENT), State.ABSENT),
        ((PRESENT, SILENT, SILENT), State.PRESENT),
        ((SILENT, SILENT), None),
        ((PRESENT, FAILED), State.PRESENT),
        ((ABSENT, FAILED), State.ABSENT),
    ],
)
def test_a_label_goes_by_the_majority_of_who_assessed_it(
    answers: tuple[Grounding, ...], state: State | None
) -> None:
    named = dict(zip("abc", answers, strict=False))
    assert together(named, ONE_EACH).labels[NODULE] is state


def test_a_weight_outvotes() -> None:
    named = {"a": PRESENT, "b": ABSENT, "c": ABSENT}
    heavy = {**ONE_EACH, "a": 3.0}
    assert together(named, heavy).labels[NODULE] is State.PRESENT


def test_a_finding_is_a_vote_whatever_the_member_s_own_label_says() -> None:
    odd = saying(State.ABSENT, nodule(HERE))
    assert together({"a": odd, "b": odd}, ONE_EACH).labels[NODULE] is State.PRESENT


def test_what_a_partial_answer_calls_absent_is_no_vote() -> None:
    partial = replace(ABSENT, image_state=ImageState.PARTIAL)
    found = together({"a": partial, "b": PRESENT}, ONE_EACH)
    assert found.image_state is ImageState.PARTIAL
    assert found.labels[NODULE] is State.PRESENT


def test_members_that_disagree_are_told_and_raise_no_finding() -> None:
    found = together({"eyes": PRESENT, "words": ABSENT}, {"eyes": 1.0, "words": 1.0})
    assert found.notes == (
        "The models disagree on nodule or mass: eyes says present, words says absent;"
        " it counts as uncertain.",
    )
    assert [finding.below for finding in found.findings] == [True]
    assert {(v.member, v.state, v.boxes) for v in found.votes if v.label is NODULE} == {
        ("eyes", State.PRESENT, (HERE,)),
        ("words", State.ABSENT, ()),
    }


# --- What fails ----------------------------------------------------------------------------------


def test_a_member_that_fails_makes_the_image_partial_so_that_nothing_counts_as_absent() -> None:
    found = together({"a": ABSENT, "b": FAILED}, ONE_EACH)
    assert found.image_state is ImageState.PARTIAL and not found.image_normal
    assert found.notes == ("b could not read the image and has no vote: It fell over.",)
    judged = judged_labels(found.image_state, found.labels, found.findings)
    assert set(judged.values()) == {None}


def test_if_all_fail_the_grounding_has_failed() -> None:
    found = together({"a": FAILED, "b": FAILED}, ONE_EACH)
    assert found.image_state is ImageState.FAILED
    assert set(found.labels.values()) == {None} and not found.findings


def test_a_member_that_raises_is_kept_with_its_attempts() -> None:
    attempt = Attempt("failed", "I can see a", 12)
    broken = Fixed(GroundingFailed("out of memory", [attempt]))
    ensemble = EnsembleGrounder({"good": Fixed(PRESENT), "bad": broken}, {"good": 1, "bad": 1})
    (found,) = ensemble.ground([UNIFORM])
    assert found.image_state is ImageState.PARTIAL
    assert found.attempts == (replace(attempt, member="bad"),)
    assert "bad could not read the image and has no vote: out of memory" in found.notes
    with pytest.raises(GroundingFailed, match="bad: out of memory") as caught:
        EnsembleGrounder({"bad": broken, "worse": broken}, {"bad": 1, "worse": 1}).ground([UNIFORM])
    assert [one.member for one in caught.value.attempts] == ["bad", "worse"]


def test_what_members_could_not_use_is_kept_under_their_names() -> None:
    entry = LedgerEntry(LedgerReason.UNKNOWN_LABEL, "atelectasis", "no counterpart")
    said = replace(PRESENT, ledger=(entry,), attempts=(Attempt("used", "{}", 5),))
    found = together({"a": said, "b": said}, ONE_EACH)
    assert [one.detail for one in found.ledger] == ["a: no counterpart", "b: no counterpart"]
    assert [one.member for one in found.attempts] == ["a", "b"]


# --- Boxes ---------------------------------------------------------------------------------------


def test_boxes_that_meet_become_one_and_a_lone_one_stays_below() -> None:
    named = {
        "a": saying(State.PRESENT, nodule(HERE, 0.9)),
        "b": saying(State.PRESENT, nodule(NEAR, 0.6)),
        "c": saying(State.PRESENT, nodule(AWAY, 0.9)),
    }
    one, other = together(named, ONE_EACH).findings
    assert one.box == (0.108, 0.1, 0.308, 0.3)  # pulled to the surer one: 0.9 against 0.6
    assert one.score == pytest.approx(0.75 * 2 / 3) and not one.below
    assert (other.box, other.below) == (AWAY, True)


def test_a_lost_box_is_never_a_lost_finding() -> None:
    named = {"a": saying(State.PRESENT, nodule(None)), "b": saying(State.PRESENT, nodule(None))}
    assert together(named, ONE_EACH).findings == (Finding(NODULE),)


def test_boxes_that_nobody_shares_leave_the_strongest() -> None:
    named = {
        "a": saying(State.PRESENT, nodule(HERE, 0.9)),
        "b": saying(State.PRESENT, nodule(AWAY, 0.7)),
        "c": saying(State.PRESENT, nodule((0.1, 0.6, 0.3, 0.9), 0.5)),
    }
    found = together(named, ONE_EACH).findings
    assert [(f.box, f.below) for f in found] == [(HERE, False), (AWAY, True)]


@given(st.lists(boxes(), min_size=1, max_size=5))
def test_one_model_alone_keeps_boxes_that_do_not_meet(drawn: list[Box]) -> None:
    apart = [b for i, b in enumerate(drawn) if all(iou(b, c) < MEET for c in drawn[:i])]
    fused = fuse({"a": [(box, 0.5) for box in apart]}, {"a": 2.0})
    if len(fused) == len(apart):  # a mean box may meet what its members did not
        rounded = sorted(tuple(round(edge, 4) for edge in box) for box in apart)
        assert sorted(one.box for one in fused) == rounded
    assert all(one.share == 1.0 and one.score == 0.5 for one in fused)


@given(
    st.lists(st.tuples(boxes(), st.floats(0, 1) | st.none()), max_size=4),
    st.lists(st.tuples(boxes(), st.floats(0, 1) | st.none()), max_size=4),
)
def test_the_order_of_models_changes_nothing(
    a: list[tuple[Box, float | None]], b: list[tuple[Box, float | None]]
) -> None:
    weights = {"a": 1.0, "b": 2.0}
    fused = fuse({"a": a, "b": b}, weights)
    assert fused == fuse({"b": b, "a": a}, weights)
    for one in fused:
        y0, x0, y1, x1 = one.box
        assert 0 <= y0 <= y1 <= 1 and 0 <= x0 <= x1 <= 1 and 0 < one.share <= 1


def test_a_fused_box_lies_within_its_members() -> None:
    (one,) = fuse({"a": [(HERE, 0.9)], "b": [(NEAR, 0.3)]}, {"a": 1.0, "b": 1.0})
    assert HERE[0] < one.box[0] < (HERE[0] + NEAR[0]) / 2
    (even,) = fuse({"a": [(HERE, None)], "b": [(NEAR, None)]}, {"a": 1.0, "b": 1.0})
    assert even.box == (0.11, 0.1, 0.31, 0.3) and even.score is None and even.share == 1.0


# --- The version and the settings ----------------------------------------------------------------


def test_the_version_is_made_of_its_members() -> None:
    parts = {"open": Fixed(PRESENT, "open"), "closed": Fixed(PRESENT, "closed")}
    version = EnsembleGrounder(parts, {"open": 1, "closed": 1}).version
    assert version.may_release_output is False
    assert version.licence == "open terms; closed terms"
    assert json.loads(version.decoding) == {"open": "open 1", "closed": "closed 1"}
    assert version.hash != EnsembleGrounder(parts, {"open": 2, "closed": 1}).version.hash


@pytest.mark.parametrize(
    ("members", "weights", "words"),
    [
        ("", "", "two members"),
        ("embedded", "", "two members"),
        ("embedded,embedded", "", "once"),
        ("embedded,ensemble", "", "not the ensemble"),
        ("embedded,nobody", "", "nobody"),
        ("embedded,remote", "1", "a number above 0 for each"),
        ("embedded,remote", "1,0", "a number above 0 for each"),
        ("embedded,remote", "1,x", "a number above 0 for each"),
    ],
)
def test_settings_that_make_no_ensemble_are_named(
    monkeypatch: pytest.MonkeyPatch, members: str, weights: str, words: str
) -> None:
    monkeypatch.setenv("ENSEMBLE_MEMBERS", members)
    monkeypatch.setenv("ENSEMBLE_WEIGHTS", weights)
    monkeypatch.setitem(grounders.GROUNDERS, "remote", lambda: Fixed(ABSENT, "remote"))
    get_grounder.cache_clear()
    with pytest.raises(BackendUnavailable, match=words):
        build()
    get_grounder.cache_clear()


def test_a_member_that_can_not_start_stops_the_ensemble(monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> Fixed:
        raise BackendUnavailable("no weights here")

    monkeypatch.setenv("ENSEMBLE_MEMBERS", "embedded,down")
    monkeypatch.setitem(grounders.GROUNDERS, "down", down)
    get_grounder.cache_clear()
    with pytest.raises(BackendUnavailable, match="no weights here"):
        build()
    get_grounder.cache_clear()


def test_the_shipped_detector_beside_itself_says_what_it_says_alone() -> None:
    phantom = render_phantom(12, size=256)
    alone = EmbeddedGrounder()
    (expected,) = alone.ground([phantom.image])
    both = EnsembleGrounder({"one": alone, "two": EmbeddedGrounder()}, {"one": 1, "two": 3})
    (found,) = both.ground([phantom.image])
    assert found.labels == expected.labels and found.scores == expected.scores
    seen = {(f.label, f.box) for f in expected.findings if not f.below}
    assert {(f.label, f.box) for f in found.findings if not f.below} == seen
    assert found.measurements == expected.measurements and found.notes == expected.notes
    (failed,) = both.ground([np.full((80, 80), 7, np.uint8)])
    assert failed.image_state is ImageState.FAILED


def test_votes_survive_the_database_s_json() -> None:
    found = together({"a": PRESENT, "b": ABSENT}, ONE_EACH)
    stored = TypeAdapter(Grounding).dump_json(found)
    assert TypeAdapter(Grounding).validate_json(stored) == found
