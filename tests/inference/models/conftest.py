"""Tiny checkpoints in folders: needs the packages of requirements-models.txt."""

from pathlib import Path

import numpy as np
import pytest
import torch

from inference.images import GrayImage
from inference.phantoms import render_phantom
from tests.inference.models.tiny import make_gemma, make_nemotron


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def gemma(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_gemma(tmp_path_factory.mktemp("gemma"))


@pytest.fixture(scope="session")
def nemotron(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_nemotron(tmp_path_factory.mktemp("nemotron"))


@pytest.fixture(scope="session")
def films() -> list[GrayImage]:
    phantoms = [render_phantom(seed, (), size=128).image for seed in range(3)]
    return [*phantoms, np.ascontiguousarray(phantoms[0][:, :90])]
