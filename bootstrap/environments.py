"""Virtual environments and the locked requirements in them."""

import hashlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from bootstrap.commands import capture, inherited_environment, require
from bootstrap.layout import Layout, python_of
from bootstrap.terminal import Trouble, say

UV = "uv==0.13.9"
PLATFORM_LOCKS = ("requirements.txt", "requirements-local.txt")
DEVELOPMENT_LOCKS = ("requirements-dev.txt",)
# Environment, node_modules, package caches; measured 1.1 GB.
FIRST_SETUP_BYTES = 2_000_000_000


def ensure_packages(layout: Layout, locks: Sequence[str]) -> None:
    """Have the locked packages in `.venv`, doing nothing when these very locks are there."""
    ensure_venv(layout.venv, cwd=layout.root)
    stamp = layout.venv / f"overread-{Path(locks[0]).stem}.stamp"
    digest = files_digest(layout.root / lock for lock in locks)
    if stamp.is_file() and stamp.read_text() == digest:
        return
    say(f"Installing {', '.join(locks)} ...")
    install_locks(layout, layout.venv, locks)
    stamp.write_text(digest)


def ensure_venv(venv: Path, *, cwd: Path) -> None:
    """Have a virtual environment that runs; one that was moved or lost its Python is made anew."""
    if _runs(venv):
        return
    if venv.is_symlink():
        # `venv --clear` would empty what the link points at, which others may be using.
        raise Trouble(
            f"{venv} is a link to {venv.resolve()}, which does not run: make that one again, or "
            "remove the link."
        )
    if any(importlib.util.find_spec(module) is None for module in ("venv", "ensurepip")):
        raise Trouble(
            f"This Python ({sys.executable}) has no venv module: install it "
            "(Debian or Ubuntu: apt install python3-venv) and run make again."
        )
    _refuse_full_disk(cwd)
    say(f"Creating the virtual environment {venv.name} with Python {sys.version.split()[0]} ...")
    made = capture(
        [_base_python(), "-m", "venv", "--clear", venv], cwd=cwd, env=inherited_environment()
    )
    require(made, f"The virtual environment {venv} could not be made.")


def install_locks(layout: Layout, venv: Path, locks: Sequence[str]) -> None:
    """Install with uv; where uv can't (say a mirror that only pip is told of), with pip."""
    python = python_of(venv)
    env = tool_environment(layout)
    wanted = [part for lock in locks for part in ("-r", str(layout.root / lock))]
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    require(
        capture([*pip, UV], cwd=layout.root, env=env),
        "pip could not install uv: check that this machine reaches PyPI, then run make again.",
    )
    uv = [str(python), "-m", "uv", "--quiet", "pip", "install", "--python", str(python)]
    if capture([*uv, *wanted], cwd=layout.root, env=env).code == 0:
        return
    say("uv could not install them; trying pip, which is slower ...")
    require(
        capture([*pip, *wanted], cwd=layout.root, env=env),
        "The locked requirements could not be installed.",
    )


def tool_environment(layout: Layout) -> dict[str, str]:
    """An environment for uv, pip and npm: with caches of our own where home can't be written."""
    env = inherited_environment()
    home = Path(env.get("HOME", "/nonexistent"))
    if not os.access(home, os.W_OK):
        for name in ("HOME", "UV_CACHE_DIR", "PIP_CACHE_DIR", "npm_config_cache"):
            env[name] = str(layout.cache / name.lower())
            (layout.cache / name.lower()).mkdir(parents=True, exist_ok=True)
    return env


def _runs(venv: Path) -> bool:
    """Whether the environment's Python starts, is ours, and was made at this very path."""
    python = python_of(venv)
    if not python.exists():
        return False
    code = "import pip, sys; sys.exit(sys.version_info < (3, 11)); "
    home = capture([python, "-c", code], cwd=venv)
    activate = venv / "bin" / "activate"
    places = {str(venv), str(venv.resolve())}
    return home.code == 0 and (
        not activate.exists() or any(place in activate.read_text() for place in places)
    )


def _base_python() -> str:
    """The Python beneath this one: an environment must not be made from one it replaces."""
    base: str = getattr(sys, "_base_executable", sys.executable)
    return base


def _refuse_full_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < FIRST_SETUP_BYTES:
        raise Trouble(
            f"Setting up takes about {FIRST_SETUP_BYTES / 1e9:.0f} GB and the disk that holds "
            f"{folder} has {free / 1e9:.1f} GB free: free some space and run make again."
        )


def files_digest(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()
