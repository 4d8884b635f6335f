"""Augmentation, targets and losses: torch required."""

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.schema import Box
from inference.training.augment import draw_warps, relight, warp_box, warp_pixels
from inference.training.dataset import NO_FINDING, Sample
from inference.training.losses import build_targets, cell_corners, total_loss
from inference.training.model import COARSE_CLASSES, FINE_CLASSES, Heads, Output
from inference.vocabulary import Label

SIZE = 128
OPACITY, EFFUSION = Label.LUNG_OPACITY_CONSOLIDATION, Label.PLEURAL_EFFUSION
BOX: Box = (0.25, 0.25, 0.5, 0.625)


def sample(*classes: str, boxes: tuple[tuple[str, Box], ...] = (), native: str = "") -> Sample:
    return Sample(
        Path("x"), frozenset(classes), boxes, native=frozenset(filter(None, native.split("|")))
    )


@given(st.integers(0, 10_000), st.floats(0.3, 0.7), st.floats(0.3, 0.7))
@settings(max_examples=30)
def test_a_warped_box_holds_its_warped_ellipse(seed: int, y: float, x: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    box = (y - 0.1, x - 0.06, y + 0.1, x + 0.06)
    grid = (torch.arange(256) + 0.5) / 256
    inside = ((grid[:, None] - y) / 0.1) ** 2 + ((grid[None] - x) / 0.06) ** 2 <= 1
    (warp,) = draw_warps(1, generator)
    shown = warp_pixels(inside.float()[None] * 2 - 1, [warp], 256)[0, 0] > 0
    moved = warp_box(box, warp)
    assert moved is not None
    rows, columns = torch.where(shown)
    seen = (rows.min() / 256, columns.min() / 256, rows.max() / 256, columns.max() / 256)
    assert moved == pytest.approx([float(v) for v in seen], abs=0.012)


def test_a_box_that_leaves_the_picture_is_dropped() -> None:
    generator = torch.Generator().manual_seed(0)
    moved = [warp_box((0.0, 0.0, 0.02, 0.02), warp) for warp in draw_warps(200, generator)]
    assert None in moved
    assert all(box is None or min(box) >= 0 for box in moved)


def test_relit_pixels_stay_in_range_and_differ() -> None:
    generator = torch.Generator().manual_seed(1)
    flat = torch.zeros(8, 1, 64, 64)
    lit = relight(flat, generator)
    assert lit.min() >= -1
    assert lit.max() <= 1.05
    assert len({round(float(picture.mean()), 4) for picture in lit}) == 8


def test_a_box_is_painted_at_its_centre_with_its_corners() -> None:
    drawn = sample(EFFUSION, boxes=((EFFUSION, BOX),))
    head = build_targets([drawn], [drawn.boxes], SIZE).coarse
    row = COARSE_CLASSES.index(EFFUSION)
    assert head.heat[0, row].max() == head.heat[0, row, 3, 3] == 1
    assert head.corners[0, row, :, 3, 3].tolist() == pytest.approx(list(BOX))
    assert head.heat[0].sum() == head.heat[0, row].sum()


def test_a_label_without_a_box_teaches_no_place() -> None:
    named = sample(EFFUSION)
    weight = build_targets([named], [()], SIZE).coarse.weight[0, :, 0, 0]
    expected = [0.0 if c == EFFUSION else 0.5 for c in COARSE_CLASSES]
    assert weight.tolist() == expected


def test_a_normal_film_teaches_every_absence_in_full() -> None:
    targets = build_targets([sample(NO_FINDING)], [()], SIZE)
    assert targets.coarse.weight.min() == targets.fine.weight.min() == 1


@pytest.mark.parametrize("native", ["Atelectasis", "Edema", "Fibrosis|Hernia", "Mass"])
def test_what_may_look_like_an_opacity_does_not_teach_its_absence(native: str) -> None:
    weight = build_targets([sample(native=native)], [()], SIZE).coarse.weight[0, :, 0, 0]
    assert weight[COARSE_CLASSES.index(OPACITY)] == 0
    assert weight[COARSE_CLASSES.index(EFFUSION)] == 0.5


def test_a_right_answer_costs_less_than_a_wrong_one() -> None:
    drawn = sample(EFFUSION, boxes=((EFFUSION, BOX),))
    targets = build_targets([drawn], [drawn.boxes], SIZE)
    balance = torch.ones(targets.image.shape[1])

    def cost(sign: float, scale: float) -> dict[str, float]:
        image = (targets.image * 2 - 1) * 4 * sign
        heads = []
        for wanted, classes in ((targets.coarse, COARSE_CLASSES), (targets.fine, FINE_CLASSES)):
            cells = wanted.heat.shape[-1]
            ltrb = _ltrb(wanted.corners, cells) * scale
            assert ltrb.shape[1] == len(classes)
            heads.append(Heads(torch.where(wanted.heat > 0.3, 6.0, -6.0) * sign, ltrb))
        parts = total_loss(Output(image, *heads), targets, balance)
        return {name: float(value) for name, value in parts.items()}

    good, bad = cost(1, 1.0), cost(-1, 1.7)
    assert all(good[name] < bad[name] for name in good)
    assert good["box"] == pytest.approx(0, abs=1e-4)


def _ltrb(corners: torch.Tensor, cells: int) -> torch.Tensor:
    middle = ((torch.arange(cells) + 0.5) / cells).view(1, 1, cells)
    y, x = middle.transpose(1, 2), middle
    top, left, bottom, right = corners.unbind(2)
    return torch.stack((y - top, x - left, bottom - y, right - x), 2)


def test_corners_undo_distances() -> None:
    wanted = torch.tensor(BOX)[None, None, :, None, None].expand(1, 1, 4, 8, 8)
    assert torch.allclose(cell_corners(_ltrb(wanted, 8)), wanted, atol=1e-6)
