"""How mentions and findings add up to a state per label."""

from itertools import permutations

import pytest

from inference.schema import Finding, Mention
from inference.states import draft_labels, image_labels, judged_labels
from inference.vocabulary import LABELS, ImageState, Label, State

EFFUSION, PNEUMOTHORAX, OPACITY, NODULE, CARDIOMEGALY = LABELS


def said(state: State, overruled: bool = False) -> Mention:
    return Mention(EFFUSION, state, 0, 1, overruled=overruled)


@pytest.mark.parametrize(
    ("states", "total"),
    [
        ([], None),
        ([State.ABSENT], State.ABSENT),
        ([State.ABSENT, State.UNCERTAIN], State.UNCERTAIN),
        ([State.ABSENT, State.UNCERTAIN, State.PRESENT], State.PRESENT),
        ([State.PRESENT, State.ABSENT], State.PRESENT),
    ],
)
def test_the_strongest_mention_counts_in_any_order(states: list[State], total: State) -> None:
    for order in permutations(states):
        assert draft_labels(map(said, order))[EFFUSION] == total


def test_an_overruled_mention_does_not_count() -> None:
    labels = draft_labels([said(State.PRESENT, overruled=True), said(State.ABSENT)])
    assert labels[EFFUSION] == State.ABSENT
    assert list(labels) == list(LABELS)


def test_a_finding_is_present_and_silence_is_what_the_source_says_it_is() -> None:
    findings = [Finding(NODULE), Finding(EFFUSION, below=True)]
    assert image_labels(findings) == {**dict.fromkeys(LABELS, State.ABSENT), NODULE: State.PRESENT}
    assert image_labels(findings, otherwise=None)[EFFUSION] is None


def test_judging_overrides_labels_by_findings_and_leaves_the_unnamed_unassessed() -> None:
    labels: dict[Label, State | None] = {NODULE: State.ABSENT, OPACITY: State.UNCERTAIN}
    findings = [Finding(NODULE), Finding(CARDIOMEGALY, below=True)]
    assert judged_labels(ImageState.GROUNDED, labels, findings) == {
        EFFUSION: None,
        PNEUMOTHORAX: None,
        OPACITY: State.UNCERTAIN,
        NODULE: State.PRESENT,
        CARDIOMEGALY: None,
    }


def test_a_partial_image_proves_no_absence() -> None:
    labels = {EFFUSION: State.ABSENT, OPACITY: State.UNCERTAIN, NODULE: State.PRESENT}
    judged = judged_labels(ImageState.PARTIAL, labels)
    assert (judged[EFFUSION], judged[OPACITY], judged[NODULE]) == (
        None,
        State.UNCERTAIN,
        State.PRESENT,
    )


def test_a_failed_image_shows_nothing_at_all() -> None:
    judged = judged_labels(ImageState.FAILED, {NODULE: State.PRESENT}, [Finding(NODULE)])
    assert judged == dict.fromkeys(LABELS)
