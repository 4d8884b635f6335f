"""Overlays: boxes where they belong, in the colour of their flag, and nothing over anatomy."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageColor

from inference.overlay import INK, UNFLAGGED, Mark, draw_overlay, marks_of
from inference.schema import Box, Finding, Flag
from inference.vocabulary import FlagKind, Label

GRAY = np.full((700, 700), 120, np.uint8)
BOX: Box = (0.3, 0.2, 0.6, 0.5)
MISSING = Flag(FlagKind.MISSING, Label.PLEURAL_EFFUSION, "omitted", boxes=(BOX,))
DENIED = Flag(FlagKind.MISSING, Label.CARDIOMEGALY, "denied")
UNSUPPORTED = Flag(FlagKind.UNSUPPORTED, Label.LUNG_OPACITY_CONSOLIDATION)
URGENT = Flag(FlagKind.URGENT, Label.PNEUMOTHORAX, reported=False, boxes=(BOX,))
REPORTED = Flag(FlagKind.URGENT, Label.NODULE_MASS, reported=True, boxes=(BOX,))


def drawn(image: np.ndarray, marks: list[Mark], *notes: str) -> np.ndarray:
    with Image.open(io.BytesIO(draw_overlay(image, marks, notes))) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB"))


def of_colour(picture: np.ndarray, ink: str) -> np.ndarray:
    return (picture == ImageColor.getrgb(ink)).all(axis=2)


def mark(*kinds: FlagKind, boxes: tuple[Box, ...] = (BOX,)) -> Mark:
    return Mark(1, kinds, "pleural effusion, right: MISSING", "pleural effusion", boxes)


@pytest.mark.parametrize("kind", FlagKind)
def test_the_line_runs_along_the_box_in_its_kinds_colour(kind: FlagKind) -> None:
    ink = of_colour(drawn(GRAY, [mark(kind)]), INK[kind])
    top, left, bottom, right = 210, 140, 419, 349
    for edge in (ink[top, left:right], ink[bottom, left:right]):
        assert edge.all()
    for edge in (ink[top:bottom, left], ink[top:bottom, right]):
        assert edge.all()


def test_a_box_is_hollow_and_has_a_black_halo_on_both_sides() -> None:
    picture = drawn(GRAY, [mark(FlagKind.MISSING)])
    assert (picture[215:415, 145:345] == 120).all()
    for row in (209, 212, 418 - 1, 420):
        assert (picture[row, 200] == 0).all()


def test_urgency_has_corner_brackets_and_nothing_else_has() -> None:
    def corner(kind: FlagKind) -> int:
        return int(of_colour(drawn(GRAY, [mark(kind)]), INK[kind])[205:250, 135:180].sum())

    assert corner(FlagKind.URGENT) > 1.4 * corner(FlagKind.MISSING)


def test_a_finding_without_a_flag_is_gray() -> None:
    marks = marks_of([], [Finding(Label.CARDIOMEGALY, BOX)])
    assert [m.kinds for m in marks] == [()]
    assert of_colour(drawn(GRAY, marks), UNFLAGGED)[210, 150:340].all()


def test_the_notice_and_the_legend_stand_below_the_picture() -> None:
    bare, marked = drawn(GRAY, []), drawn(GRAY, [mark(FlagKind.MISSING)])
    assert bare.shape[0] > 700
    assert marked.shape[0] > bare.shape[0]
    assert (bare[:700] == 120).all()
    assert bare[700:].max() > 150
    assert of_colour(marked, INK[FlagKind.MISSING])[700:].any()
    assert drawn(GRAY, [], "FAILED: the model is gone.").shape[0] > bare.shape[0]


def test_a_long_note_is_wrapped_and_not_cut() -> None:
    short, long = drawn(GRAY, [], "word"), drawn(GRAY, [], "word " * 60)
    assert long.shape[1] == short.shape[1]
    assert long.shape[0] >= short.shape[0] + 60


def test_a_tag_flips_below_a_box_at_the_top_edge() -> None:
    top: Box = (0.0, 0.2, 0.2, 0.5)
    picture = drawn(GRAY, [mark(FlagKind.MISSING, boxes=(top,))])
    below = of_colour(picture, INK[FlagKind.MISSING])[145:170, 140:400]
    assert below.any()
    assert (picture[10:130, 150:340] == 120).all()


def test_two_tags_on_one_box_do_not_cover_each_other() -> None:
    one, two = mark(FlagKind.MISSING), mark(FlagKind.UNSUPPORTED)
    together = drawn(GRAY, [one, two])
    for single in (one, two):
        ink = single.ink
        alone = of_colour(drawn(GRAY, [single]), ink)[:205].sum()
        assert of_colour(together, ink)[:205].sum() == alone


def test_small_pictures_are_enlarged_and_sixteen_bits_are_windowed() -> None:
    small = np.linspace(20_000, 30_000, 64 * 64).reshape(64, 64).astype(np.uint16)
    picture = drawn(small, [])
    assert picture.shape[1] == 640
    assert picture[:640].min() == 0
    assert picture[:640].max() == 255


coordinate = st.integers(0, 1000)


@given(st.tuples(coordinate, coordinate, coordinate, coordinate), st.sampled_from(FlagKind))
@settings(max_examples=60, deadline=None)
def test_any_box_can_be_drawn(numbers: tuple[int, int, int, int], kind: FlagKind) -> None:
    y0, y1 = sorted(numbers[:2])
    x0, x1 = sorted(numbers[2:])
    box = (y0 / 1001, x0 / 1001, (y1 + 1) / 1001, (x1 + 1) / 1001)
    picture = drawn(GRAY, [mark(kind, boxes=(box,))])
    assert picture.shape[1] == 700
    assert of_colour(picture, INK[kind])[:700].any()


def test_marks_stand_in_the_order_of_urgency() -> None:
    flags = [REPORTED, UNSUPPORTED, MISSING, DENIED, URGENT]
    assert [m.label for m in marks_of(flags, [])] == [
        "pneumothorax",
        "cardiomegaly",
        "pleural effusion",
        "lung opacity or consolidation",
        "nodule or mass",
    ]
    assert [m.number for m in marks_of(flags, [])] == [1, 2, 3, 4, 5]
    assert [m.hollow for m in marks_of(flags, [])] == [False, False, False, False, True]


def test_urgent_and_missing_of_one_label_are_one_mark() -> None:
    missing = Flag(FlagKind.MISSING, Label.PNEUMOTHORAX, "denied", boxes=(BOX,))
    (only,) = marks_of([missing, URGENT], [Finding(Label.PNEUMOTHORAX, BOX)])
    assert set(only.kinds) == {FlagKind.URGENT, FlagKind.MISSING}
    assert only.ink == INK[FlagKind.URGENT]
    assert only.text == "pneumothorax, right: URGENT (not reported), MISSING (denied)"


def test_a_candidate_below_the_threshold_is_not_drawn() -> None:
    assert marks_of([], [Finding(Label.NODULE_MASS, BOX, 0.1, below=True)]) == []
