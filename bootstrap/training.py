"""The environment of the tests that need torch, apart from the platform's lean one."""

import json
import re
from pathlib import Path

from bootstrap.commands import capture, require
from bootstrap.environments import (
    DEVELOPMENT_LOCKS,
    PLATFORM_LOCKS,
    ensure_venv,
    files_digest,
    install_locks,
    tool_environment,
)
from bootstrap.layout import Layout, python_of
from bootstrap.terminal import Trouble, say

# torch is pinned in both; the models' lock is the one that is read for it.
MODELS_LOCK = "requirements-models.txt"
TRAINING_LOCK = "requirements-train.txt"
# PyTorch's own index of builds for machines without a GPU.
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"


def ensure_training_packages(layout: Layout) -> Path:
    """The Python of `.venv-train`, with torch's CPU build and the locked packages in it."""
    venv = layout.training_venv
    ensure_venv(venv, cwd=layout.root)
    locks = (PLATFORM_LOCKS[0], *DEVELOPMENT_LOCKS, MODELS_LOCK, TRAINING_LOCK)
    stamp = venv / "overread-requirements.stamp"
    digest = files_digest(layout.root / lock for lock in locks)
    if not stamp.is_file() or stamp.read_text() != digest:
        say(f"Installing torch (CPU), {MODELS_LOCK} and {TRAINING_LOCK} ...")
        _install_torch(layout, python_of(venv))
        install_locks(layout, venv, locks)
        stamp.write_text(digest)
    return python_of(venv)


def _install_torch(layout: Layout, python: Path) -> None:
    """Install torch with pip, whose settings may name a local file that uv would not see.

    PyPI's build brings gigabytes of CUDA; when it is what pip would take, PyTorch's CPU build is
    asked for instead.
    """
    env = tool_environment(layout)
    requirement = _torch_requirement(layout.root / MODELS_LOCK)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    plan = [*pip, "--dry-run", "--no-deps", "--ignore-installed", "--report"]
    report = layout.cache / "torch-plan.json"
    asked = capture([*plan, report, requirement], cwd=layout.root, env=env)
    source: tuple[str, ...] = ()
    if asked.code != 0 or _brings_cuda(report):
        source = ("--index-url", CPU_BUILDS)
    require(
        capture([*pip, "--no-deps", *source, requirement], cwd=layout.root, env=env),
        f"{requirement} could not be installed as a CPU build.",
    )


def _torch_requirement(lock: Path) -> str:
    found = re.search(r"^torch==[^\s;\\]+", lock.read_text(), re.MULTILINE)
    if not found:
        raise Trouble(f"{lock.name} pins no torch.")
    return found.group()


def _brings_cuda(report: Path) -> bool:
    planned = json.loads(report.read_text())["install"]
    needed = [name for one in planned for name in one["metadata"].get("requires_dist", [])]
    return any(name.startswith(("nvidia-", "cuda-")) for name in needed)
