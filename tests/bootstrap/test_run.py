"""`make run` from outside: it serves, it survives, and it leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap.layout import ROOT
from bootstrap.ports import free_port
from bootstrap.processes import wait_until
from tests.bootstrap.places import open_folder, processes_naming

GIVEN = ("DATABASE_URL", "REDIS_URL", "MEDIA_ROOT")


class Overread:
    """One `python -m bootstrap run` with a state folder of its own."""

    def __init__(self, state: Path) -> None:
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if name not in GIVEN}
        told = {"OVERREAD_STATE": str(state), "PORT": str(self.port), "DEMO": "0"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bootstrap", "run"],
            cwd=ROOT,
            env={**kept, **told},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def read_until(self, words: str) -> str:
        """What it says up to the line with these words; fails with all it said without them."""
        assert self.process.stdout
        said = ""
        for line in self.process.stdout:
            said += line
            if words in line:
                return said
        raise AssertionError(said)

    def status(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return int(answer.status)

    def is_ready(self) -> bool:
        try:
            return self.status("/ready") == 200
        except OSError:
            return False

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture
def state() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def test_it_serves_survives_a_dead_worker_and_a_kill_and_stops_without_a_trace(
    state: Path,
) -> None:
    killed = Overread(state)
    killed.read_until("Ctrl-C stops everything")
    for name in ("worker", "valkey", "postgres"):
        record = json.loads((state / "processes" / f"{name}.json").read_text())
        os.kill(record["pid"], signal.SIGKILL)
        said = killed.read_until(f"Starting {name} again.")
        assert f"{name} was ended by SIGKILL" in said
    assert wait_until(killed.is_ready, 60, every=0.2)
    killed.end(signal.SIGKILL)

    again = Overread(state)
    said = again.read_until("Ctrl-C stops everything")
    assert f"Overread is at http://127.0.0.1:{again.port}" in said
    assert "research and education only" in said
    assert (again.status("/ready"), again.status("/")) == (200, 200)
    assert (state / "environment").stat().st_mode & 0o077 == 0
    assert again.end(signal.SIGINT) == 0

    assert processes_naming(str(state)) == []
    assert not (state / "environment").exists()
    assert not list((state / "processes").iterdir())


def test_stop_ends_one_that_runs_in_another_terminal(state: Path) -> None:
    overread = Overread(state)
    overread.read_until("Ctrl-C stops everything")

    stop = subprocess.run(
        [sys.executable, "-m", "bootstrap", "stop"],
        cwd=ROOT,
        env={**os.environ, "OVERREAD_STATE": str(state)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert stop.stdout == "Stopped.\n"
    assert overread.process.wait(60) == 0
    assert processes_naming(str(state)) == []
