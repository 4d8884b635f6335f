"""Boxes: conversion, side, overlap, merging, deduplication, matching."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.boxes import (
    BoxFormat,
    dedupe_labels,
    group_boxes,
    iou,
    iou_matrix,
    match_boxes,
    mean_box,
    merge_boxes,
    side_of,
    to_box,
)
from inference.schema import Box, Finding
from inference.vocabulary import LABELS
from tests.inference.strategies import boxes

EFFUSION, PNEUMOTHORAX, OPACITY, NODULE, CARDIOMEGALY = LABELS

NUMBERS = "a box is four finite numbers"
ORDER = "a box needs y0 < y1 and x0 < x1"
OUTSIDE = "the box lies outside its frame: is its scale 1.0?"
WIDE = (0.2, 0.0, 0.6, 1.0)
OURS = BoxFormat()


@pytest.mark.parametrize(
    ("values", "form", "size", "box"),
    [
        ([0.1, 0.2, 0.3, 0.4], BoxFormat(), (10, 20), (0.1, 0.2, 0.3, 0.4)),
        ([0.2, 0.1, 0.4, 0.3], BoxFormat(order="xyxy"), (10, 20), (0.1, 0.2, 0.3, 0.4)),
        ([100, 200, 300, 400], BoxFormat(1000), (10, 20), (0.1, 0.2, 0.3, 0.4)),
        ([256, 512, 512, 1024], BoxFormat(1024), (10, 20), (0.25, 0.5, 0.5, 1.0)),
        ([256, 128, 512, 256], BoxFormat(1024, "xywh"), (9, 9), (0.125, 0.25, 0.375, 0.75)),
        ([50, 20, 150, 80], BoxFormat("pixels", "xyxy"), (100, 200), (0.2, 0.25, 0.8, 0.75)),
        ([50, 20, 100, 60], BoxFormat("pixels", "xywh"), (100, 200), (0.2, 0.25, 0.8, 0.75)),
        # 100 high, 200 wide: the square is 200, the image its rows 50 to 150.
        ([250, 0, 750, 500], BoxFormat(1000, padded=True), (100, 200), (0.0, 0.0, 1.0, 0.5)),
        ([0.5, 0.5, 0.75, 1], BoxFormat(padded=True), (100, 200), (0.5, 0.5, 1.0, 1.0)),
        ([60, 0, 110, 200], BoxFormat("pixels", padded=True), (100, 200), (0.1, 0.0, 0.6, 1.0)),
        # The same for a tall image, and for an odd border (1 row above, 2 below).
        ([0, 0.25, 1, 0.5], BoxFormat(padded=True), (200, 100), (0.0, 0.0, 1.0, 0.5)),
        ([1, 0, 8, 10], BoxFormat("pixels", padded=True), (7, 10), (0.0, 0.0, 1.0, 1.0)),
        # A little over the edge is clipped.
        ([-0.05, 0.9, 0.5, 1.05], BoxFormat(), (9, 9), (0.0, 0.9, 0.5, 1.0)),
    ],
)
def test_every_declared_format_becomes_our_box(
    values: list[float], form: BoxFormat, size: tuple[int, int], box: Box
) -> None:
    converted = to_box(values, form, *size)
    assert converted.reason == ""
    assert converted.box == pytest.approx(box)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (None, NUMBERS),
        ("0.1", NUMBERS),
        ([0.1, 0.1, 0.2], NUMBERS),
        ([0.1, 0.1, 0.2, 0.2, 0.2], NUMBERS),
        ([0.1, 0.1, 0.2, "0.2"], NUMBERS),
        ([0.1, 0.1, 0.2, None], NUMBERS),
        ([False, 0.1, 0.2, True], NUMBERS),
        ([0.1, 0.1, 0.2, math.nan], NUMBERS),
        ([0.1, 0.1, 0.2, math.inf], NUMBERS),
        ([0.1, 0.1, 0.2, 10**400], NUMBERS),
        ([10, 10, 200, 300], OUTSIDE),
        ([0.1, 0.1, 0.2, 1.06], OUTSIDE),
        ([0.1, 0.1, 1.06, 0.2], OUTSIDE),
        ([0.1, -0.06, 0.2, 0.5], OUTSIDE),
        ([-0.06, 0.1, 0.2, 0.5], OUTSIDE),
        ([0.3, 0.1, 0.3, 0.2], ORDER),
        ([0.3, 0.1, 0.2, 0.2], ORDER),
        ([0.1, 0.2, 0.2, 0.2], ORDER),
        ([0.1, 0.3, 0.2, 0.2], ORDER),
        ([1.01, 0.3, 1.04, 0.4], "nothing of the box lies inside the image"),
        ([0.3, 1.01, 0.4, 1.04], "nothing of the box lies inside the image"),
    ],
)
def test_an_unusable_box_says_why(values: object, reason: str) -> None:
    converted = to_box(values, OURS, 100, 100)
    assert converted.box is None
    assert converted.reason == reason


def test_a_box_drawn_on_the_padding_is_unusable() -> None:
    converted = to_box([0, 0, 200, 900], BoxFormat(1000, padded=True), 100, 200)
    assert converted.box is None
    assert "inside the image" in converted.reason


def test_no_box_holds_a_negative_zero() -> None:
    converted = to_box([-0.0, -0.01, 0.5, 0.5], OURS, 9, 9)
    assert str(converted.box) == "(0.0, 0.0, 0.5, 0.5)"


@given(boxes(), st.integers(64, 5000), st.integers(64, 5000))
@settings(deadline=None)
def test_a_box_of_ours_comes_back_to_the_last_digit(box: Box, height: int, width: int) -> None:
    assert to_box(box, OURS, height, width).box == box


@given(boxes(1e-3), st.integers(64, 5000), st.integers(64, 5000))
@settings(deadline=None)
def test_padding_and_scale_come_off_again(box: Box, height: int, width: int) -> None:
    square = max(height, width)
    above, before = (square - height) // 2, (square - width) // 2
    y0, x0, y1, x1 = box
    seen = (
        1000 * (y0 * height + above) / square,
        1000 * (x0 * width + before) / square,
        1000 * (y1 * height + above) / square,
        1000 * (x1 * width + before) / square,
    )
    back = to_box(seen, BoxFormat(1000, padded=True), height, width).box
    assert back == pytest.approx(box, abs=1e-9)


@given(
    st.lists(st.integers() | st.floats() | st.none() | st.text(max_size=2), max_size=5),
    st.sampled_from([1.0, 1000.0, "pixels"]),
    st.sampled_from(["yxyx", "xyxy", "xywh"]),
    st.booleans(),
)
@settings(deadline=None)
def test_conversion_gives_a_valid_box_or_a_reason(
    values: list[object], scale: float, order: str, padded: bool
) -> None:
    box, reason = to_box(values, BoxFormat(scale, order, padded), 300, 200)  # type: ignore[arg-type]
    assert (box is None) == bool(reason)
    if box is not None:
        assert 0 <= box[0] < box[2] <= 1
        assert 0 <= box[1] < box[3] <= 1


@pytest.mark.parametrize(
    ("x0", "x1", "side"),
    [
        (0.1, 0.3, "right"),
        (0.7, 0.9, "left"),
        (0.0, 0.5, "right"),
        (0.5, 1.0, "left"),
        (0.125, 0.625, "right"),
        (0.375, 0.875, "left"),
        (0.2, 0.61, None),
        (0.39, 0.8, None),
        (0.4, 0.6, None),
        (0.0, 1.0, None),
    ],
)
def test_the_images_left_is_the_patients_right(x0: float, x1: float, side: str | None) -> None:
    assert side_of((0.1, x0, 0.2, x1)) == side


@given(boxes(1e-3))
@settings(deadline=None)
def test_a_mirrored_box_changes_sides(box: Box) -> None:
    y0, x0, y1, x1 = box
    mirrored = {"left": "right", "right": "left", None: None}
    midline = (0.5 - x0) / (x1 - x0)
    if min(abs(midline - 0.25), abs(midline - 0.75)) > 1e-9:
        assert side_of((y0, 1 - x1, y1, 1 - x0)) == mirrored[side_of(box)]


def test_iou_by_hand() -> None:
    assert iou((0.0, 0.0, 0.2, 0.2), (0.1, 0.1, 0.3, 0.3)) == pytest.approx(1 / 7)
    assert iou((0.0, 0.0, 0.4, 0.2), (0.0, 0.0, 0.2, 0.2)) == pytest.approx(1 / 2)
    assert iou((0.0, 0.0, 0.4, 0.2), (0.1, 0.05, 0.2, 0.15)) == pytest.approx(1 / 8)
    assert iou((0.0, 0.0, 0.2, 0.2), (0.2, 0.0, 0.4, 0.2)) == 0
    assert iou((0.0, 0.0, 0.2, 0.2), (0.0, 0.2, 0.2, 0.4)) == 0
    assert iou((0.0, 0.0, 0.2, 0.2), (0.5, 0.0, 0.7, 0.2)) == 0
    assert iou((0.0, 0.0, 0.2, 0.2), (0.0, 0.5, 0.2, 0.7)) == 0


def test_boxes_too_thin_for_an_area_do_not_divide_by_it() -> None:
    thin = (0.0, 0.0, 1e-200, 1e-200)
    assert iou(thin, thin) == 0
    assert iou_matrix([thin], [thin]).tolist() == [[0.0]]


@given(boxes(), boxes())
@settings(deadline=None)
def test_iou_is_symmetric_bounded_and_one_only_with_itself(a: Box, b: Box) -> None:
    assert 0 <= iou(a, b) <= 1
    assert iou(a, b) == iou(b, a)
    assert iou(a, a) == 1


@given(st.lists(boxes(), max_size=5), st.lists(boxes(), max_size=5))
@settings(deadline=None)
def test_the_matrix_holds_what_the_scalar_says(a: list[Box], b: list[Box]) -> None:
    expected = np.array([[iou(x, y) for y in b] for x in a]).reshape(len(a), len(b))
    assert iou_matrix(a, b).shape == (len(a), len(b))
    np.testing.assert_allclose(iou_matrix(a, b), expected, atol=1e-12)


ROW = [(0.0, 0.0, 0.4, 0.4), (0.0, 0.1, 0.4, 0.5), (0.0, 0.2, 0.4, 0.6)]
APART = (0.6, 0.6, 0.9, 0.9)


def test_boxes_merge_by_chains_to_their_mean() -> None:
    # The ends of the row overlap at 1/3 only; the middle joins them.
    assert group_boxes([*ROW, APART]) == [[0, 1, 2], [3]]
    assert group_boxes([ROW[0], APART, ROW[2], ROW[1]]) == [[0, 2, 3], [1]]
    assert merge_boxes([ROW[0], APART, *ROW[1:]]) == [pytest.approx((0.0, 0.1, 0.4, 0.5)), APART]
    assert merge_boxes([ROW[0], ROW[2]]) == [ROW[0], ROW[2]]


def test_merging_starts_at_exactly_the_threshold() -> None:
    half = [(0.0, 0.0, 0.5, 0.5), (0.0, 0.0, 0.5, 0.25)]
    assert len(merge_boxes(half)) == 1
    assert len(merge_boxes(half, 0.51)) == 2
    assert len(merge_boxes(ROW, 0.59)) == 1
    assert len(merge_boxes(ROW, 0.61)) == 3


def test_no_boxes_merge_to_none() -> None:
    assert merge_boxes([]) == []


@given(st.lists(boxes(), max_size=5), st.randoms())
@settings(deadline=None)
def test_merging_does_not_depend_on_order(some: list[Box], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge_boxes(shuffled) == merge_boxes(some)


def test_the_mean_is_of_each_coordinate() -> None:
    assert mean_box([(0.0, 0.2, 0.4, 0.6), (0.2, 0.4, 0.8, 1.0)]) == pytest.approx(
        (0.1, 0.3, 0.6, 0.8)
    )


def test_of_two_labels_on_one_place_the_more_specific_stays() -> None:
    opacity, effusion = Finding(OPACITY, WIDE), Finding(EFFUSION, WIDE)
    nodule, second = Finding(NODULE, APART), Finding(EFFUSION, (0.2, 0.0, 0.6, 0.9))
    lost_box = Finding(OPACITY, None)
    kept, dropped = dedupe_labels([opacity, lost_box, effusion, nodule, second])
    assert kept == [lost_box, effusion, nodule, second]
    assert dropped == [opacity]


def test_the_whole_order_of_specificity_holds() -> None:
    order = [PNEUMOTHORAX, NODULE, EFFUSION, CARDIOMEGALY, OPACITY]
    for i, better in enumerate(order):
        for worse in order[i + 1 :]:
            kept, dropped = dedupe_labels([Finding(worse, WIDE), Finding(better, WIDE)])
            assert [finding.label for finding in kept] == [better]
            assert [finding.label for finding in dropped] == [worse]


def test_labels_are_deduplicated_from_exactly_the_threshold_on() -> None:
    # Exactly representable: the smaller box is 5/8 of the larger.
    pair = [Finding(OPACITY, (0.0, 0.0, 1.0, 1.0)), Finding(NODULE, (0.0, 0.0, 1.0, 0.625))]
    assert len(dedupe_labels(pair)[1]) == 1
    assert len(dedupe_labels(pair, 0.625)[1]) == 1
    assert len(dedupe_labels(pair, 0.63)[1]) == 0
    less = [pair[0], Finding(NODULE, (0.0, 0.0, 1.0, 0.59))]
    assert len(dedupe_labels(less)[1]) == 0


def test_what_lost_to_a_dropped_label_comes_back() -> None:
    """A box hidden only by one that is itself dropped stays."""
    pneumothorax = Finding(PNEUMOTHORAX, (0.0, 0.0, 0.4, 0.4))
    nodule = Finding(NODULE, (0.0, 0.08, 0.4, 0.48))
    opacity = Finding(OPACITY, (0.0, 0.16, 0.4, 0.56))
    kept, dropped = dedupe_labels([opacity, nodule, pneumothorax])
    assert (kept, dropped) == ([opacity, pneumothorax], [nodule])


NEAR = (0.0, 0.0, 0.4, 0.42)
NEARER = (0.0, 0.0, 0.4, 0.41)


def test_each_box_is_matched_once_and_the_closest_pair_first() -> None:
    matches = match_boxes([NEAR, NEARER, APART], [ROW[0], APART], threshold=0.5)
    assert [(m.predicted, m.truth) for m in matches] == [(1, 0), (2, 1)]
    assert matches[0].iou == pytest.approx(0.4 / 0.41)
    assert matches[1].iou == 1


def test_one_prediction_never_takes_two_true_boxes() -> None:
    matches = match_boxes([ROW[1]], [ROW[0], ROW[2], ROW[1]], threshold=0.3)
    assert [(m.predicted, m.truth) for m in matches] == [(0, 2)]


def test_with_scores_the_surest_box_chooses_first() -> None:
    matches = match_boxes([NEAR, NEARER], [ROW[0]], threshold=0.5, scores=[0.9, 0.8])
    assert [(m.predicted, m.truth) for m in matches] == [(0, 0)]
    matches = match_boxes([NEAR, NEARER], [ROW[0]], threshold=0.5, scores=[0.5, 0.5])
    assert [(m.predicted, m.truth) for m in matches] == [(1, 0)]


def test_matching_starts_at_exactly_the_threshold() -> None:
    half = (0.0, 0.0, 0.5, 0.25)
    assert len(match_boxes([half], [(0.0, 0.0, 0.5, 0.5)], threshold=0.5)) == 1
    assert len(match_boxes([half], [(0.0, 0.0, 0.5, 0.5)], threshold=0.5001)) == 0


def test_nothing_matches_nothing() -> None:
    assert match_boxes([], [WIDE], threshold=0.5) == []
    assert match_boxes([WIDE], [], threshold=0.5) == []


def test_two_images_with_their_boxes_swapped_have_no_match() -> None:
    """Pooled over images, the same boxes would match perfectly."""
    truth = {"a": [ROW[0]], "b": [APART]}
    swapped = {"a": truth["b"], "b": truth["a"]}
    assert [m for key in truth for m in match_boxes(swapped[key], truth[key], threshold=0.1)] == []


@given(st.lists(boxes(), min_size=1, max_size=4, unique=True))
@settings(deadline=None)
def test_boxes_match_themselves_whatever_the_order(some: list[Box]) -> None:
    for order in permutations(some):
        matches = match_boxes(order, some, threshold=0.5)
        assert [(order[m.predicted], m.iou) for m in matches] == [(box, 1.0) for box in order]
        assert [some[m.truth] for m in matches] == list(order)
