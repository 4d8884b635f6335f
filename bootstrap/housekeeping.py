"""Benchmarks, locks of requirements, and removing what was made."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from bootstrap.commands import capture, inherited_environment, require, show
from bootstrap.environments import DEVELOPMENT_LOCKS, PLATFORM_LOCKS
from bootstrap.layout import Layout, python_of
from bootstrap.locks import held
from bootstrap.setup import ensure_setup
from bootstrap.terminal import Trouble, say
from bootstrap.training import MODELS_LOCK, TRAINING_LOCK, ensure_training_packages

# The benchmarks by their short names. The first ones fetch what they need themselves; the others
# ask for a folder of images: make bench-detector ARGS="--data DIR".
BENCHMARKS = {
    "comparator": "comparator",
    "audit": "audit_loop",
    "parser": "parser_peers",
    "scrubbing": "scrubbing",
    "chaos": "chaos",
    "overhead": "overhead",
    "release-size": "release_size",
    "release-loads": "release_loads",
    "page": "page",
    "thirty-cases": "thirty_cases",
    "screenshots": "screenshots",
    "lists": "lists",
    "shift": "shift",
    "claims": "claims",
    "readers": "readers",
    "learning-loop": "learning_loop",
    "batching": "batching",
    "detector": "detector_card",
    "anatomy": "anatomy_card",
    "burned-in": "burned_in",
    "experiments": "detector_experiments",
    "gallery": "detector_gallery",
}
ALONE = (
    "comparator",
    "audit",
    "parser",
    "scrubbing",
    "chaos",
    "overhead",
    "release-size",
    "lists",
    "shift",
    "claims",
)

# Those that need torch, which the platform's environment has not.
WITH_TORCH = ("batching",)


def bench(layout: Layout, arguments: Sequence[str]) -> int:
    """Run one benchmark by its name, or all that need no data of yours; 1 if any failed."""
    ensure_setup(layout, development=True)
    names = [_known(arguments[0])] if arguments else list(ALONE)
    failed = []
    for name in names:
        say(f"== {name}")
        module = f"benchmarks.{BENCHMARKS[name]}"
        python = ensure_training_packages(layout) if name in WITH_TORCH else python_of(layout.venv)
        command: list[str | Path] = [python, "-m", module, *arguments[1:]]
        if show(command, cwd=layout.root, env=inherited_environment()) != 0:
            failed.append(name)
    if failed:
        say(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def lock_requirements(layout: Layout) -> int:
    """Write every requirements*.txt of ours anew from its .in file."""
    ensure_setup(layout)
    for name in (*PLATFORM_LOCKS, *DEVELOPMENT_LOCKS):
        _lock(layout, name)
    # They list what they need themselves, at the versions of those they are installed beside.
    beside: tuple[str, ...] = (PLATFORM_LOCKS[0], *DEVELOPMENT_LOCKS)
    for name in (MODELS_LOCK, TRAINING_LOCK):
        _lock(layout, name, "--no-deps", *(part for lock in beside for part in ("-c", lock)))
        beside = (*beside, name)
    return 0


def _lock(layout: Layout, name: str, *more: str) -> None:
    compiled = [str(python_of(layout.venv)), "-m", "uv", "--quiet", "pip", "compile", "--universal"]
    options = ["--python-version", "3.11", "--generate-hashes", "--no-header", "--upgrade", *more]
    source = Path(name).with_suffix(".in")
    written = capture([*compiled, *options, source, "-o", name], cwd=layout.root)
    require(written, f"{name} could not be written.")
    say(f"Wrote {name}.")


def clean(layout: Layout) -> int:
    """Remove the environments, the built page and all state: the database and images with it."""
    layout.create_state()
    running = "Overread is running: stop it first (`make stop`)."
    with held(layout.state / "run.lock", refusal=running):
        database = layout.state / "postgres" / "elsewhere"
        made = [
            *([database.resolve()] if database.is_symlink() else []),
            layout.venv,
            layout.training_venv,
            layout.frontend / "node_modules",
            layout.frontend / "dist",
            layout.state,
        ]
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
            if folder.exists():
                raise Trouble(f"{folder} could not be removed: it belongs to another user.")
    say("Removed the environments, the built page and all state.")
    return 0


def _known(name: str) -> str:
    if name not in BENCHMARKS:
        raise Trouble(f"There is no benchmark {name}; there are: {', '.join(BENCHMARKS)}.")
    return name
