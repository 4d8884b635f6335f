"""The closed vocabulary and the tables over it."""

import json

from inference.policies import PENALTIES, PLAIN, POLICY_TABLE, SIDED, SPECIFICITY, URGENCY
from inference.vocabulary import LABELS, Label, State


def test_labels_keep_the_order_that_everything_is_sorted_by() -> None:
    assert json.loads(json.dumps(LABELS)) == [
        "pleural_effusion",
        "pneumothorax",
        "lung_opacity_consolidation",
        "nodule_mass",
        "cardiomegaly",
    ]


def test_specificity_ranks_every_label_once() -> None:
    assert [label.value for label in SPECIFICITY] == [
        "pneumothorax",
        "nodule_mass",
        "pleural_effusion",
        "cardiomegaly",
        "lung_opacity_consolidation",
    ]


def test_urgency_has_its_two_tiers_with_wording() -> None:
    assert {label: urgency.tier for label, urgency in URGENCY.items()} == {
        Label.PNEUMOTHORAX: 1,
        Label.NODULE_MASS: 2,
    }
    assert all(urgency.wording.endswith(".") for urgency in URGENCY.values())


def test_every_label_has_words_and_only_the_heart_has_no_side() -> None:
    assert set(PLAIN) == set(LABELS)
    assert set(LABELS) - SIDED == {Label.CARDIOMEGALY}


def test_the_policy_answers_every_meeting_of_states() -> None:
    states = {*State, None}
    assert set(POLICY_TABLE) == states
    for row in POLICY_TABLE.values():
        assert set(row) == states
        assert row[None].alignment is None
        assert all(row[state].alignment in PENALTIES for state in State)
        assert all("{}" in row[state].cause for state in State)
