"""Child processes: found again, stopped, started again."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from bootstrap.layout import ROOT
from bootstrap.processes import Program, Running, start, stop_orphans
from bootstrap.supervisor import Supervisor
from bootstrap.terminal import Trouble

SLEEPER = "import time; print('began', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    f"child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}], stdout=subprocess.DEVNULL);"
    "print(child.pid, flush=True); time.sleep(600)"
)


def program(folder: Path, code: str, name: str = "sleeper") -> Program:
    return Program(name, (sys.executable, "-c", code), dict(os.environ), folder, folder / "log")


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def first_line(running: Running) -> str:
    log = running.program.log
    while not log.read_text().endswith("\n"):
        assert running.exit_code is None
    return log.read_text().strip()


def test_what_was_left_running_is_stopped_and_forgotten(tmp_path: Path) -> None:
    left = start(program(tmp_path, SLEEPER), tmp_path)

    assert stop_orphans(tmp_path) == ["sleeper"]

    assert left.process.wait(60) == -signal.SIGTERM
    assert stop_orphans(tmp_path) == []


def test_what_a_killed_leader_left_behind_is_stopped_too(tmp_path: Path) -> None:
    leader = start(program(tmp_path, STUBBORN), tmp_path)
    child = int(first_line(leader))
    leader.process.kill()
    leader.process.wait()
    assert is_alive(child)

    assert stop_orphans(tmp_path, seconds=0.1) == ["sleeper"]

    assert not is_alive(child)


def test_a_number_that_another_program_has_now_is_left_alone(tmp_path: Path) -> None:
    other = start(program(tmp_path, SLEEPER), tmp_path)
    record = json.loads(other.record.read_text())
    other.record.write_text(json.dumps({**record, "started": "1"}))

    assert stop_orphans(tmp_path) == []

    assert other.exit_code is None
    other.stop(5)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"pid": "x"}'])
def test_a_damaged_record_is_forgotten(tmp_path: Path, content: str) -> None:
    (tmp_path / "web.json").write_text(content)

    assert stop_orphans(tmp_path) == []
    assert not list(tmp_path.glob("*.json"))


def test_one_that_will_not_stop_is_killed_with_its_children(tmp_path: Path) -> None:
    stubborn = start(program(tmp_path, STUBBORN), tmp_path)
    child = int(first_line(stubborn))

    stubborn.stop(0.1)

    assert stubborn.exit_code == -signal.SIGKILL
    assert not is_alive(child)


def test_children_are_asked_to_stop_when_their_parent_is_killed(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r});"
        "from tests.bootstrap.test_processes import *;"
        f"folder = Path({str(tmp_path)!r});"
        "print(start(program(folder, SLEEPER), folder).process.pid, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    parent = start(program(tmp_path, code, "parent"), tmp_path)
    assert parent.process.wait(60) == -signal.SIGKILL
    child = int((tmp_path / "log").read_text().splitlines()[-1])
    stop_orphans(tmp_path, seconds=5)

    assert not is_alive(child)


def test_a_program_that_is_not_there_is_trouble(tmp_path: Path) -> None:
    missing = Program("web", ("/nowhere/web",), {}, tmp_path, tmp_path / "log")

    with pytest.raises(Trouble, match="web can't be started: No such file or directory"):
        start(missing, tmp_path)


def test_one_that_ends_is_started_again_with_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(tmp_path, [])
    supervisor.start([program(tmp_path, SLEEPER, "worker")])
    try:
        first = json.loads((tmp_path / "worker.json").read_text())["pid"]
        os.kill(first, signal.SIGKILL)
        assert supervisor.wait_for(lambda: "again" in capsys.readouterr().out, 10)
        second = json.loads((tmp_path / "worker.json").read_text())["pid"]
        assert second != first
        assert is_alive(second)
    finally:
        supervisor.stop()
    assert not is_alive(second)


def test_one_that_keeps_ending_stops_everything_and_shows_its_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(tmp_path, [])
    supervisor.start([program(tmp_path, "raise SystemExit('no such table')", "worker")])

    with pytest.raises(Trouble, match="worker keeps ending"):
        supervisor.watch()

    said = capsys.readouterr().out
    assert "worker ended with code 1" in said
    assert "no such table" in said
    supervisor.stop()


def test_a_service_that_ends_is_started_again_where_its_owner_finds_it(tmp_path: Path) -> None:
    service = start(program(tmp_path, SLEEPER, "postgres"), tmp_path)
    first = service.process.pid
    os.kill(first, signal.SIGKILL)
    supervisor = Supervisor(tmp_path, [service])
    assert supervisor.wait_for(lambda: service.process.pid != first, 10)
    supervisor.stop()
    assert service.exit_code is None
    service.stop(1)
    assert not is_alive(service.process.pid)


def test_a_service_that_keeps_ending_is_trouble(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = start(program(tmp_path, "raise SystemExit('out of memory')", "postgres"), tmp_path)

    with pytest.raises(Trouble, match="postgres keeps ending"):
        Supervisor(tmp_path, [service]).watch()
    assert "postgres ended with code 1" in (said := capsys.readouterr().out)
    assert "out of memory" in said
