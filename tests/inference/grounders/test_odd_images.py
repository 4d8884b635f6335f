"""Odd but valid pictures through the shipped networks: no exception, no absence out of nothing."""

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from inference.grounders import Grounder
from inference.grounders.embedded.preprocess import reduce, shrink
from inference.images import encode_png, read_image
from inference.phantoms import render_phantom
from inference.schema import Grounding
from inference.vocabulary import LABELS, ImageState, State

Gray = npt.NDArray[np.uint8]
MEMORY = """
from pathlib import Path
import numpy as np
from inference.grounders import get_grounder
side = np.linspace(0, 60_000, 8000).astype(np.uint16)
film = np.broadcast_to(side, (6000, 8000)).copy()
film[1500:4500, 2000:6000] //= 2
grounding, = get_grounder("embedded").ground([film])
status = Path("/proc/self/status").read_text().split()
print(grounding.image_state, int(status[status.index("VmHWM:") + 1]) // 1024)
"""
"""The peak is read from /proc: a child's ru_maxrss begins with its parent's."""
LIMIT_MB = 400


def one(grounder: Grounder, image: npt.NDArray[np.uint8] | npt.NDArray[np.uint16]) -> Grounding:
    (grounding,) = grounder.ground([image])
    return grounding


def stretched(film: Gray, width: int, height: int) -> Gray:
    return np.asarray(Image.fromarray(film).resize((width, height)), dtype=np.uint8)


def assert_nothing_is_called_absent(seen: Grounding) -> None:
    assert seen.image_state is ImageState.GROUNDED
    assert State.ABSENT not in seen.labels.values()
    assert not seen.image_normal
    assert seen.measurements == {}
    assert seen.notes


@pytest.mark.parametrize("size", [(65, 65), (64, 90)])
def test_the_smallest_film_is_read_and_badged(
    embedded: Grounder, chest: Gray, size: tuple[int, int]
) -> None:
    seen = one(embedded, stretched(chest, *size))
    assert seen.image_state is ImageState.GROUNDED
    assert any(f"{min(size)} pixels" in note for note in seen.notes)


@pytest.mark.parametrize("size", [(200, 3000), (3000, 200), (500, 1100)])
def test_a_strip_is_no_frontal_chest_whatever_it_shows(
    embedded: Grounder, chest: Gray, size: tuple[int, int]
) -> None:
    assert_nothing_is_called_absent(one(embedded, stretched(chest, *size)))


@pytest.mark.parametrize("turns", [1, 3])
def test_a_film_on_its_side_calls_nothing_absent(
    embedded: Grounder, chest: Gray, turns: int
) -> None:
    assert_nothing_is_called_absent(one(embedded, np.ascontiguousarray(np.rot90(chest, turns))))


@pytest.mark.parametrize("seed", range(4))
def test_noise_calls_nothing_absent(embedded: Grounder, seed: int) -> None:
    dice = np.random.default_rng(seed)
    deep = dice.integers(0, 65536, (300, 400)).astype(np.uint16)
    faint = (30_000 + dice.integers(0, 4, (300, 300))).astype(np.uint16)
    for image in (deep, faint):
        assert_nothing_is_called_absent(one(embedded, image))


def test_a_faint_sixteen_bit_chest_is_read_and_badged(embedded: Grounder, chest: Gray) -> None:
    seen = one(embedded, chest.astype(np.uint16) * 4 + 30_000)
    assert any("contrast" in note for note in seen.notes)
    assert seen.scores == pytest.approx(one(embedded, chest).scores, abs=0.05)


def test_a_film_stored_in_colour_reads_like_the_gray_one(embedded: Grounder, chest: Gray) -> None:
    stored = BytesIO()
    Image.fromarray(chest).convert("RGB").save(stored, format="PNG")
    assert one(embedded, read_image(stored.getvalue())) == one(embedded, chest)


def test_an_inverted_film_is_told_and_calls_nothing_another_way(
    embedded: Grounder, chest: Gray
) -> None:
    plain, seen = one(embedded, chest), one(embedded, np.asarray(~chest, dtype=np.uint8))
    assert any("MONOCHROME1" in note for note in seen.notes)
    assert seen.scores == pytest.approx(plain.scores, abs=0.1)


def test_a_huge_film_is_seen_like_a_small_one_within_the_memory_allowed() -> None:
    made = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, check=True, text=True
    )
    state, used = made.stdout.split()
    assert state == ImageState.GROUNDED
    assert int(used) < LIMIT_MB


@pytest.mark.parametrize("shape", [(2048, 2048), (2100, 900), (700, 3333)])
def test_blocks_of_a_large_film_keep_its_picture(chest: Gray, shape: tuple[int, int]) -> None:
    large = stretched(chest, shape[1], shape[0])
    small = reduce(large)
    assert max(small.shape) < 2048
    assert abs(float(small.mean()) - float(large.mean())) < 0.5
    difference = shrink(large, 160).astype(int) - shrink(chest, 160)
    assert np.abs(difference).mean() < 4


def test_a_film_of_usual_size_is_not_reduced(chest: Gray) -> None:
    assert reduce(chest) is chest


def test_two_processes_write_the_same_findings(tmp_path: Path) -> None:
    for number in range(2):
        film = render_phantom(70 + number, size=300).image
        (tmp_path / f"{number}.png").write_bytes(encode_png(film))
    runs = []
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "inference", "ground", "--all", str(tmp_path)]
        environment = os.environ | {"PYTHONHASHSEED": seed}
        made = subprocess.run(command, capture_output=True, check=True, text=True, env=environment)
        runs.append([json.loads(line) | {"ms": 0} for line in made.stdout.splitlines()])
    assert runs[0] == runs[1]
    assert [set(line["scores"]) for line in runs[0]] == [set(LABELS)] * 2
