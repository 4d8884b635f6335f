"""Phantoms: the same for ever, right where they say, and the demo built on them."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.boxes import side_of
from inference.images import read_image
from inference.phantoms import Phantom, render_phantom
from inference.phantoms.demo import demo_cases
from inference.schema import Box
from inference.vocabulary import LABELS, Label

ROOT = Path(__file__).parents[2]
SEEDS = st.integers(0, 2**40)
PLACED = [Label.PNEUMOTHORAX, Label.NODULE_MASS]
"""Labels whose outline is as sharp on a small picture as on a large one."""
SIDED = [label for label in LABELS if label is not Label.CARDIOMEGALY]

DIGEST = (
    "import hashlib; from inference.phantoms import render_phantom; "
    "from inference.vocabulary import LABELS; "
    "p = render_phantom(17, LABELS, 256); "
    "print(hashlib.sha256(p.image.tobytes() + repr(p.findings).encode()).hexdigest())"
)


def difference(seed: int, label: Label, size: int = 160) -> tuple[np.ndarray, Phantom]:
    """What drawing ``label`` alone changed, as absolute gray levels."""
    shown, plain = render_phantom(seed, [label], size), render_phantom(seed, [], size)
    return np.abs(shown.image.astype(int) - plain.image), shown


def inside(change: np.ndarray, box: Box, margin: float = 0.0) -> np.ndarray:
    height, width = change.shape
    rows = (np.arange(height) + 0.5) / height
    cols = (np.arange(width) + 0.5) / width
    tall = (rows > box[0] - margin) & (rows < box[2] + margin)
    wide = (cols > box[1] - margin) & (cols < box[3] + margin)
    return np.outer(tall, wide)


def test_the_same_bytes_in_two_processes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    phantom = render_phantom(17, LABELS, 256)
    here = hashlib.sha256(phantom.image.tobytes() + repr(phantom.findings).encode()).hexdigest()
    assert digests == {here + "\n"}


@given(SEEDS, st.permutations(LABELS))
@settings(max_examples=15, deadline=None)
def test_order_of_findings_does_not_matter(seed: int, labels: list[Label]) -> None:
    one, other = render_phantom(seed, LABELS, 96), render_phantom(seed, labels, 96)
    assert np.array_equal(one.image, other.image)
    assert one.findings == other.findings
    assert [finding.label for finding in one.findings] == list(LABELS)


@given(SEEDS, st.integers(64, 200), st.sets(st.sampled_from(LABELS)))
@settings(max_examples=40, deadline=None)
def test_every_label_renders_on_every_seed_with_a_box_in_the_picture(
    seed: int, size: int, labels: set[Label]
) -> None:
    phantom = render_phantom(seed, list(labels), size)
    assert phantom.image.shape == (size, size)
    assert phantom.image.dtype == np.uint8
    assert {finding.label for finding in phantom.findings} == labels
    for finding in phantom.findings:
        assert finding.box is not None
        y0, x0, y1, x1 = finding.box
        assert 0 <= y0 < y1 <= 1
        assert 0 <= x0 < x1 <= 1
        assert finding.score is None


@pytest.mark.parametrize("label", LABELS)
@given(seed=SEEDS)
@settings(max_examples=10, deadline=None)
def test_what_a_finding_changes_lies_in_its_box(label: Label, seed: int) -> None:
    change, phantom = difference(seed, label)
    box = phantom.findings[0].box
    assert box is not None
    within = inside(change, box, margin=0.01)
    # A reader's box leaves out the fluid behind the heart and behind the dome.
    share = 0.6 if label is Label.PLEURAL_EFFUSION else 0.9
    assert change[within].sum() > share * change.sum()
    # Visible: the box is not a box around nothing.
    assert np.percentile(change[inside(change, box)], 90) >= 4


@pytest.mark.parametrize("label", LABELS)
@given(seed=SEEDS)
@settings(max_examples=8, deadline=None)
def test_boxes_are_tight(label: Label, seed: int) -> None:
    change, phantom = difference(seed, label)
    box = phantom.findings[0].box
    assert box is not None
    rows, cols = np.nonzero((change >= 3) & inside(change, box))
    size = change.shape[0]
    assert rows.min() / size - box[0] < 0.3 * (box[2] - box[0]) + 0.02
    assert box[2] - (rows.max() + 1) / size < 0.3 * (box[2] - box[0]) + 0.02
    assert cols.min() / size - box[1] < 0.3 * (box[3] - box[1]) + 0.02
    assert box[3] - (cols.max() + 1) / size < 0.3 * (box[3] - box[1]) + 0.02


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_sides_are_the_patients(seed: int) -> None:
    phantom = render_phantom(seed, LABELS, 96)
    for finding, side in zip(phantom.findings, phantom.sides, strict=True):
        assert finding.box is not None
        if finding.label is Label.CARDIOMEGALY:
            assert side is None
        else:
            assert side_of(finding.box) == side


def test_a_left_finding_lies_on_the_pictures_right() -> None:
    change, phantom = difference(113, Label.PLEURAL_EFFUSION)
    assert phantom.sides == ("left",)
    half = change.shape[1] // 2
    assert change[:, half:].sum() > 20 * change[:, :half].sum()


def test_both_sides_occur() -> None:
    for label in SIDED:
        assert {render_phantom(seed, [label], 64).sides[0] for seed in range(8)} == {
            "left",
            "right",
        }


@given(SEEDS)
@settings(max_examples=5, deadline=None)
def test_size_changes_the_grain_and_not_the_place(seed: int) -> None:
    small, large = (render_phantom(seed, PLACED, size) for size in (96, 192))
    for one, other in zip(small.findings, large.findings, strict=True):
        assert one.box is not None
        assert other.box is not None
        assert np.abs(np.subtract(one.box, other.box)).max() < 0.03


def test_an_enlarged_heart_is_wider_than_half_the_chest() -> None:
    for seed in range(10):
        change, phantom = difference(seed, Label.CARDIOMEGALY)
        box = phantom.findings[0].box
        assert box is not None
        assert box[3] - box[1] > 0.36
        assert change[:, : change.shape[1] // 2].sum() > 0
        assert change[:, change.shape[1] // 2 :].sum() > 0


def test_the_marker_stands_on_its_own_side() -> None:
    markers = {}
    for seed in range(20):
        phantom = render_phantom(seed, [], 256)
        markers[phantom.marker] = phantom.image
    assert set(markers) == {"L", "R"}
    band = slice(0, 73)
    assert (markers["L"][band, 180:] > 235).sum() > 10
    assert (markers["R"][band, :73] > 235).sum() > 10


def test_the_seed_decides_when_nothing_is_asked_for() -> None:
    drawn = [render_phantom(seed, size=64) for seed in range(60)]
    counts = [len(phantom.findings) for phantom in drawn]
    assert 12 <= counts.count(0) <= 36
    assert max(counts) >= 2
    assert {finding.label for phantom in drawn for finding in phantom.findings} == set(LABELS)
    again = render_phantom(3, [finding.label for finding in drawn[3].findings], 64)
    assert np.array_equal(again.image, drawn[3].image)


def test_people_differ() -> None:
    pictures = [render_phantom(seed, [], 64).image.astype(float) for seed in range(8)]
    for index, one in enumerate(pictures):
        for other in pictures[index + 1 :]:
            assert np.abs(one - other).mean() > 5


def test_gray_is_spread_as_on_a_radiograph() -> None:
    """Lungs dark, abdomen bright, background darkest, none of them clipped away."""
    for seed in range(12):
        image = render_phantom(seed, [], 256).image
        lung = np.median(image[80:120, 60:80])
        abdomen = np.median(image[235:250, 90:170])
        heart = np.median(image[145:165, 120:145])
        assert lung < heart < abdomen + 12
        assert 30 < lung < 190
        assert abdomen > 190
        assert (image == 255).mean() < 0.25


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": 1, "size": 63}, "63"),
        ({"seed": 1, "size": 5000}, "5000"),
        ({"seed": 1, "findings": [Label.NODULE_MASS] * 2}, "at most once"),
    ],
)
def test_impossible_requests_are_refused(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        render_phantom(**arguments)  # type: ignore[arg-type]


def test_demo_cases_are_twelve_and_apart() -> None:
    cases = demo_cases()
    assert len(cases) == 12
    assert len({case.name for case in cases}) == 12
    assert len({case.seed for case in cases}) == 12
    assert all(0 <= case.seed < 1000 for case in cases)
    assert {label for case in cases for label in case.findings} == set(LABELS)
    assert sum(not case.findings for case in cases) == 2


def test_demo_drafts_name_the_side_they_are_about() -> None:
    """A faithful draft puts the finding where the phantom has it; wrong-side does not."""
    for case in demo_cases():
        phantom = render_phantom(case.seed, case.findings, 128)
        sides = {side for side in phantom.sides if side}
        words = {side for side in ("left", "right") if side in case.purpose.split(" that ")[0]}
        assert words == sides or case.name == "over-call"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "inference.phantoms", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_command_writes_one_phantom(tmp_path: Path) -> None:
    out = tmp_path / "one.png"
    assert (
        run("--seed", "5", "--size", "96", "--finding", "nodule_mass", "--out", str(out)).returncode
        == 0
    )
    assert np.array_equal(read_image(out), render_phantom(5, [Label.NODULE_MASS], 96).image)


def test_command_writes_the_committed_sheet(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    assert run("--sheet", str(out)).returncode == 0
    committed = ROOT / "docs" / "images" / "phantoms.png"
    assert committed.stat().st_size <= 400_000
    apart = np.abs(read_image(out).astype(int) - read_image(committed))
    assert apart.max() <= 1


def test_command_says_what_is_wrong() -> None:
    wrong = run("--seed", "-4", "--out", "/nowhere/x.png")
    assert wrong.returncode == 2
    assert "seed" in wrong.stderr
    assert "Traceback" not in wrong.stderr
