"""Boxes in words: zones and sides."""

import pytest
from hypothesis import given

from inference.regions import Region, Widths, region_of, widths_of
from inference.schema import Box
from tests.inference.strategies import UNIT, boxes

CHEST = Widths(chest=(0.1, 0.9), heart=(0.4, 0.7))
LUNGS = {"upper_zone", "apex", "mid_zone", "lower_zone", "costophrenic_angle", "hilar"}


def around(y: float, x: float) -> Box:
    return y - 0.02, x - 0.02, y + 0.02, x + 0.02


@pytest.mark.parametrize(
    ("y", "x", "name"),
    [
        (0.10, 0.25, "right apex"),
        (0.25, 0.75, "left upper zone"),
        (0.50, 0.38, "right hilar"),
        (0.50, 0.15, "right mid zone"),
        (0.75, 0.30, "right lower zone"),
        (0.85, 0.12, "right costophrenic angle"),
        (0.85, 0.88, "left costophrenic angle"),
        (0.70, 0.65, "left retrocardiac"),
        (0.60, 0.52, "cardiac"),
        (0.20, 0.50, "mediastinal"),
    ],
)
def test_a_box_is_named_as_a_reader_names_it(y: float, x: float, name: str) -> None:
    assert region_of(around(y, x), CHEST).name == name


def test_without_a_heart_nothing_is_behind_it() -> None:
    assert region_of(around(0.70, 0.65), Widths()).name == "left lower zone"


def test_a_box_across_the_midline_has_no_side() -> None:
    assert region_of((0.7, 0.3, 0.9, 1.0), Widths()) == Region("lower_zone", None)


@given(boxes(least=0.01))
def test_the_mirrored_box_lies_on_the_other_side_of_the_same_zone(box: Box) -> None:
    mirrored = (box[0], 1 - box[3], box[2], 1 - box[1])
    centre = abs((box[1] + box[3]) / 2 - 0.5)
    edges = (0.12, 0.24, 0.33)
    share = abs((0.5 - box[1]) / (box[3] - box[1]) - 0.5)
    if min(abs(centre - edge) for edge in edges) < 1e-9 or abs(share - 0.25) < 1e-9:
        return  # on an edge, rounding decides
    here, there = region_of(box, Widths()), region_of(mirrored, Widths())
    assert here.zone == there.zone
    assert {here.side, there.side} in ({"left", "right"}, {None})


@given(boxes(), UNIT, UNIT, UNIT, UNIT)
def test_every_box_has_a_region_whatever_was_measured(
    box: Box, a: float, b: float, c: float, d: float
) -> None:
    measured = {"chest_x0": a, "chest_x1": b, "heart_x0": c, "heart_x1": d}
    widths = widths_of(measured)
    region = region_of(box, widths)
    assert region.name
    if region.side is not None:
        inner = (box[1] + box[3]) / 2
        assert (region.side == "right") == (inner <= widths.midline)
    if region.zone in {"cardiac", "mediastinal"}:
        assert region.side is None
    else:
        assert region.zone in LUNGS | {"retrocardiac"}


@pytest.mark.parametrize(
    "measured",
    [
        {},
        {"chest_x0": 0.2},
        {"chest_x0": 0.9, "chest_x1": 0.1},
        {"chest_x0": 0.2, "chest_x1": 0.2},
        {"chest_x0": float("nan"), "chest_x1": 0.8},
    ],
)
def test_widths_that_do_not_hold_are_the_whole_picture(measured: dict[str, float]) -> None:
    assert widths_of(measured) == Widths()


def test_a_heart_outside_its_chest_is_not_believed() -> None:
    measured = {"chest_x0": 0.2, "chest_x1": 0.8, "heart_x0": 0.1, "heart_x1": 0.6}
    assert widths_of(measured) == Widths((0.2, 0.8))
