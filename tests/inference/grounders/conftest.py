import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from inference.grounders import Grounder, get_grounder
from inference.grounders.embedded.card import FOLDER
from inference.phantoms import render_phantom


@pytest.fixture(scope="session")
def embedded() -> Grounder:
    return get_grounder("embedded")


@pytest.fixture(scope="session")
def chest() -> npt.NDArray[np.uint8]:
    return render_phantom(7, findings=(), size=512).image


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A copy of the shipped weights that a test may damage."""
    return Path(shutil.copytree(FOLDER, tmp_path / "weights"))
