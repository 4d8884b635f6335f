"""Long-running child processes: started so that they can always be found and stopped again.

Each is the leader of a session of its own, is asked to stop by the kernel if this process dies
(Linux), and leaves a record, so that the next start finds what a `kill -9` left behind.
"""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bootstrap.accounts import Account, process_options
from bootstrap.terminal import Trouble

_PR_SET_PDEATHSIG = 1
_PROC = Path("/proc")
_LARGEST_LOG = 5_000_000
_KILL_SECONDS = 2.0


@dataclass(frozen=True)
class Program:
    """A program to keep running. `stop_signal` is the one it stops cleanly on."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    account: Account | None = None


@dataclass
class Running:
    program: Program
    process: subprocess.Popen[bytes]
    record: Path

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.poll()

    def stop(self, seconds: float) -> None:
        """Ask it to stop, wait at most `seconds`, then end whatever is left of its session."""
        ask_to_stop(self)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0.01))
        end(self)


def start(program: Program, records: Path) -> Running:
    """Start a program with its output appended to its log; Trouble when it can't be started."""
    roll(program.log)
    with program.log.open("ab") as log:
        try:
            process = subprocess.Popen(  # noqa: S603 - argv is ours, no shell
                program.argv,
                cwd=program.cwd,
                env=dict(program.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_stop_with_parent(program.stop_signal),  # noqa: PLW1509 - no threads here
                **process_options(program.account),
            )
        except OSError as error:
            raise Trouble(f"{program.name} can't be started: {error.strerror or error}.") from error
    record = records / f"{program.name}.json"
    record.write_text(
        json.dumps(
            {
                "pid": process.pid,
                "started": _started(process.pid),
                "boot": _boot(),
                "stop_signal": int(program.stop_signal),
            }
        )
    )
    return Running(program, process, record)


def start_again(running: Running) -> None:
    """Start the program of one that has ended anew, in its place: whoever holds it has the new."""
    end(running)
    running.process = start(running.program, running.record.parent).process


def ask_to_stop(running: Running) -> None:
    if running.exit_code is None:
        running.process.send_signal(running.program.stop_signal)


def end(running: Running) -> None:
    """Kill what is left of the process and its session, and forget its record."""
    if running.exit_code is None:
        running.process.kill()
    _kill(running.process.pid)
    running.process.wait()
    running.record.unlink(missing_ok=True)


def stop_orphans(records: Path, seconds: float = 5.0) -> list[str]:
    """Stop what an earlier start left running, and give the names of what was found.

    A record counts only if the process it names was started when it says, since this boot: a
    number that was given to another program meanwhile is left alone.
    """
    found = []
    for record in sorted(records.glob("*.json")):
        pid, stop_signal = _orphan(record)
        if pid is not None:
            found.append(record.stem)
            _signal_session(pid, stop_signal)
            wait_until(partial(_is_over, pid), seconds)
            _kill(pid)
        record.unlink(missing_ok=True)
    return found


def wait_until(condition: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Whether the condition came true within the time; it is looked at `every` so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def _orphan(record: Path) -> tuple[int | None, signal.Signals]:
    try:
        noted = json.loads(record.read_text())
        pid, started = int(noted["pid"]), noted["started"]
        stop_signal = signal.Signals(noted["stop_signal"])
    except (ValueError, KeyError, TypeError):
        return None, signal.SIGTERM
    if noted.get("boot") != _boot():
        return None, stop_signal
    now = _started(pid)
    if now is not None and now != started:
        return None, stop_signal
    return (pid if _session(pid) else None), stop_signal


def _is_over(leader: int) -> bool:
    return not _session(leader)


def _kill(leader: int) -> None:
    """End a session's processes, and wait until they hold nothing any more."""
    _signal_session(leader, signal.SIGKILL)
    wait_until(partial(_is_over, leader), _KILL_SECONDS)


def _signal_session(leader: int, number: signal.Signals) -> None:
    for member in _session(leader):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(member, number)


def _session(leader: int) -> list[int]:
    """The live processes of a session; without /proc, the leader alone."""
    if not _PROC.is_dir():
        return [leader] if _started(leader) is not None else []
    members = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields and fields[0] != "Z" and int(fields[3]) == leader:
                members.append(int(entry.name))
    return members


def _started(pid: int) -> str | None:
    """When the process was started, in the system's own words; None if there is none."""
    if _PROC.is_dir():
        fields = _stat(pid)
        return fields[19] if fields and fields[0] != "Z" else None
    listed = subprocess.run(  # noqa: S603 - fixed program, no shell
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.strip() or None


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third (state) on; empty if there is no such process."""
    try:
        # The second field is the program's name in brackets and may hold anything.
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (OSError, UnicodeDecodeError):
        return []


def _boot() -> str:
    boot = _PROC / "sys/kernel/random/boot_id"
    return boot.read_text().strip() if boot.exists() else ""


def _stop_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What a child does first: have the kernel send it `number` when this process dies."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def before_exec() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def roll(log: Path) -> None:
    """Keep one older log beside a log that grew large; a program that writes to it goes on."""
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)
