"""What can't work is said in one sentence that names the way out."""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.configuration import site_from
from bootstrap.environments import ensure_venv
from bootstrap.layout import ROOT
from bootstrap.locks import held
from bootstrap.terminal import Trouble
from tests.bootstrap.places import layout_at

# Below the ports that Linux hands out by itself, so that no other test gets a neighbour of ours.
FREE_OF_OTHERS = range(20_001, 30_000, 7)


def listener_on(port: int) -> socket.socket | None:
    holder = socket.socket()
    try:
        holder.bind(("127.0.0.1", port))
    except OSError:
        holder.close()
        return None
    holder.listen()
    return holder


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that is taken, while the one before it is free."""
    for port in FREE_OF_OTHERS:
        before, holder = listener_on(port - 1), listener_on(port)
        if before and holder:
            before.close()
            with holder:
                yield port
            return
        for held_port in (before, holder):
            if held_port:
                held_port.close()
    raise AssertionError("every port of this range is taken")


def bootstrap(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bootstrap", *arguments],
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port(tmp_path: Path, taken_port: int) -> None:
    done = bootstrap("run", OVERREAD_STATE=str(tmp_path), PORT=str(taken_port))

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"Port {taken_port} is taken by another program: stop it, "
        f"or choose another port, such as make run PORT={taken_port + 10}.\n"
    )


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8000.5"])
def test_what_is_no_port(port: str) -> None:
    with pytest.raises(Trouble, match=f"PORT={port} is not a port: give a number"):
        site_from({"PORT": port})


def test_a_taken_port_for_events_is_named_only_if_asked_for(taken_port: int) -> None:
    with pytest.raises(Trouble, match=f"Port {taken_port} for events is taken"):
        site_from({"PORT": "0" * 4 + "18123", "EVENTS_PORT": str(taken_port)})

    beside = site_from({"PORT": str(taken_port - 1)})
    assert beside.port == taken_port - 1
    assert beside.events_port not in (taken_port, taken_port - 1)


def test_a_second_one_with_the_same_state(tmp_path: Path) -> None:
    layout_at(tmp_path)
    with held(tmp_path / "run.lock", refusal=""):
        done = bootstrap("run", OVERREAD_STATE=str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.startswith(f"Overread already runs with the state in {tmp_path}: stop it")
    assert done.stderr.count("\n") == 1


def test_a_command_while_it_still_starts(tmp_path: Path) -> None:
    layout_at(tmp_path)
    with held(tmp_path / "run.lock", refusal=""):
        done = bootstrap("manage", "check", OVERREAD_STATE=str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.startswith("Overread is starting here, or another command runs")
    assert done.stderr.count("\n") == 1


def test_a_state_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = bootstrap("run", OVERREAD_STATE=str(tmp_path / "file" / "state"))

    assert done.returncode == 1
    assert "can't be written (not a directory)" in done.stderr
    assert "OVERREAD_STATE" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unknown_verb() -> None:
    done = bootstrap("fly")

    assert done.returncode == 2
    assert done.stdout == "There is no `fly`; `make help` lists what there is.\n"


def test_a_python_without_venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(Trouble, match=r"has no venv module: .*apt install python3-venv"):
        ensure_venv(tmp_path / ".venv", cwd=tmp_path)


def test_a_disk_without_room_for_the_first_setup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=100_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)

    with pytest.raises(Trouble, match=r"takes about 2 GB .* has 0\.1 GB free: free some space"):
        ensure_venv(tmp_path / ".venv", cwd=tmp_path)


def test_what_a_link_points_at_is_never_emptied(tmp_path: Path) -> None:
    """Two checkouts may share an environment: one that is broken is for its own to make anew."""
    shared, link = tmp_path / "shared", tmp_path / ".venv"
    shared.mkdir()
    (shared / "kept").touch()
    link.symlink_to(shared)

    with pytest.raises(Trouble, match=r"is a link to .*shared, which does not run"):
        ensure_venv(link, cwd=tmp_path)

    assert (shared / "kept").exists()


def test_a_link_to_an_environment_that_runs_is_used(tmp_path: Path) -> None:
    shared, link = tmp_path / "shared", tmp_path / ".venv"
    ensure_venv(shared, cwd=tmp_path)
    made = (shared / "pyvenv.cfg").stat().st_mtime_ns
    link.symlink_to(shared)

    ensure_venv(link, cwd=tmp_path)

    assert (shared / "pyvenv.cfg").stat().st_mtime_ns == made


class Pythons:
    """A checkout with nothing but bootstrap/start, and a PATH of pretended Pythons."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.path = folder / "checkout", folder / "bin"
        (self.checkout / "bootstrap").mkdir(parents=True)
        self.path.mkdir()
        shutil.copy(ROOT / "bootstrap" / "start", self.checkout / "bootstrap" / "start")
        for tool in ("dirname", "sh"):
            found = shutil.which(tool)
            assert found
            (self.path / tool).symlink_to(found)

    def add(self, name: str, minor: int, *, has_venv: bool = True) -> None:
        """A program that answers like Python 3.`minor` to what the script may ask of it."""
        script = self.path / name
        script.write_text(
            "#!/bin/sh\n"
            f'case "$1" in --version) echo "Python 3.{minor}.0"; exit 0;;\n'
            f'-m) echo "{name} runs $2 $3"; exit 0;; esac\n'
            f'case "$2" in *ensurepip*) [ {int(has_venv)} = 1 ] || exit 1;; esac\n'
            f"[ {minor} -ge 11 ]\n"
        )
        script.chmod(0o755)

    def run(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "bootstrap/start", "setup"],
            check=False,
            cwd=self.checkout,
            env={"PATH": str(self.path)},
            capture_output=True,
            text=True,
            timeout=20,
        )


def test_no_python_that_is_new_enough(tmp_path: Path) -> None:
    pythons = Pythons(tmp_path)
    pythons.add("python3", 9)

    done = pythons.run()

    assert done.returncode == 1
    assert "needs Python 3.11 or later and found Python 3.9.0: install one" in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_python_at_all(tmp_path: Path) -> None:
    done = Pythons(tmp_path).run()

    assert done.returncode == 1
    assert "found no python3 that runs" in done.stderr


def test_the_newest_whole_python_is_taken(tmp_path: Path) -> None:
    pythons = Pythons(tmp_path)
    pythons.add("python3", 11)
    pythons.add("python3.12", 12)
    pythons.add("python3.13", 13, has_venv=False)
    pythons.add("python3.14", 10)

    assert pythons.run().stdout == "python3.12 runs bootstrap setup\n"


def test_a_python_without_venv_is_asked_for_its_sentence(tmp_path: Path) -> None:
    pythons = Pythons(tmp_path)
    pythons.add("python3", 11, has_venv=False)

    assert pythons.run().stdout == "python3 runs bootstrap setup\n"
