"""Heights: where the draft's words and the image's boxes clearly differ, and only there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.heights import HEIGHTS, height_notes, height_of
from inference.parsers import get_parser
from inference.parsers.rules.lexicon import load_lexicon
from inference.schema import Box, Finding, Mention
from inference.vocabulary import Label, State
from tests.inference.strategies import boxes

HIGH: Box = (0.05, 0.6, 0.3, 0.8)
MIDDLE: Box = (0.4, 0.6, 0.6, 0.8)
LOW: Box = (0.7, 0.6, 0.95, 0.8)


def said(location: str | None, label: Label = Label.NODULE_MASS, **given: State) -> Mention:
    return Mention(label, given.get("state", State.PRESENT), 0, 6, location=location)


def seen(*found: Box | None, label: Label = Label.NODULE_MASS) -> list[Finding]:
    return [Finding(label, box) for box in found]


@pytest.mark.parametrize(
    ("location", "box", "told"),
    [
        ("upper", LOW, "high in the chest; on the image it lies low in the chest."),
        ("apex", LOW, "high in the chest; on the image it lies low in the chest."),
        ("base", HIGH, "low in the chest; on the image it lies high in the chest."),
        ("retrocardiac", HIGH, "low in the chest; on the image it lies high in the chest."),
        ("costophrenic angle", HIGH, "low in the chest; on the image it lies high in the chest."),
        ("mid", (0.0, 0.6, 0.15, 0.8), "at mid height; on the image it lies high in the chest."),
        ("lower", (0.3, 0.6, 0.49, 0.8), "low in the chest; on the image it lies at mid height."),
        # Near enough: a chest lies higher or lower in its picture than its thirds.
        ("upper", MIDDLE, None),
        ("lower", MIDDLE, None),
        ("mid", HIGH, None),
        ("lingula", LOW, None),
        (None, LOW, None),
    ],
)
def test_a_box_clearly_outside_the_named_height_is_told(
    location: str | None, box: Box, told: str | None
) -> None:
    notes = list(height_notes(seen(box), [said(location)]))
    assert notes == ([] if told is None else [f"The draft puts nodule or mass {told}"])


def test_one_box_at_one_of_the_named_heights_is_enough() -> None:
    drafted = [said("upper"), said("lower")]
    assert not list(height_notes(seen(HIGH, LOW), drafted))
    assert not list(height_notes(seen(LOW), drafted))
    assert list(height_notes(seen((0.4, 0.1, 0.45, 0.2), LOW), [said("apex")])) == []


def test_all_heights_are_told_once_and_in_one_order() -> None:
    notes = list(
        height_notes(seen((0.0, 0, 0.1, 0.2), (0.1, 0, 0.12, 0.2)), [said("base"), said("mid")])
    )
    assert notes == [
        "The draft puts nodule or mass at mid height or low in the chest;"
        " on the image it lies high in the chest."
    ]


def test_what_is_denied_lost_or_without_a_height_is_left_alone() -> None:
    assert not list(height_notes(seen(LOW), [said("apex", state=State.ABSENT)]))
    assert not list(height_notes(seen(LOW, None), [said("apex")]))
    assert not list(height_notes([], [said("apex")]))
    heart = seen(LOW, label=Label.CARDIOMEGALY)
    assert not list(height_notes(heart, [said("apex", Label.CARDIOMEGALY)]))


@given(boxes(), st.sampled_from(sorted(HEIGHTS)))
def test_a_note_never_contradicts_itself(box: Box, location: str) -> None:
    if list(height_notes(seen(box), [said(location)])):
        assert height_of(box) != HEIGHTS[location]


@pytest.mark.parametrize(
    ("draft", "location"),
    [
        ("Nodule in the right upper lobe.", "upper"),
        ("Small left apical pneumothorax.", "apex"),
        ("Left basal effusion.", "base"),
        ("Retrocardiac consolidation.", "retrocardiac"),
        ("Blunting of the left costophrenic angle, small effusion.", "costophrenic angle"),
    ],
)
def test_the_words_are_those_that_the_parser_gives(draft: str, location: str) -> None:
    found = {m.location for m in get_parser("rules").parse(draft).mentions if m.location}
    assert found == {location}
    assert location in HEIGHTS


def test_every_location_of_the_lexicon_has_a_height() -> None:
    assert set(load_lexicon().details["location"].values()) == set(HEIGHTS)
