"""Keeping programs running until someone says stop."""

import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from bootstrap.commands import tail
from bootstrap.processes import (
    Program,
    Running,
    ask_to_stop,
    end,
    roll,
    start,
    start_again,
    wait_until,
)
from bootstrap.terminal import Trouble, say

STOP_SECONDS = 5.0
_LOOK_SECONDS = 0.2
_MOST_ENDS = 3
_PAUSE_SECONDS = 1.0
_WITHIN_SECONDS = 60.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Someone asked this process to stop (Ctrl-C, SIGTERM or a closed terminal)."""


@contextmanager
def stop_signals() -> Iterator[None]:
    """Raise Stopped, wherever the block is, at the first signal to stop; later ones are ignored
    while what was started is being stopped."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    if before[signal.SIGHUP] == signal.SIG_IGN:
        # Under nohup: a closed terminal was not to stop it.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Supervisor:
    """Starts programs, starts again what ends by itself, and stops its own programs.

    ``watched`` are services that someone else started and stops. They are started again too: same
    port, same password, same files, so that the programs find them where they were.
    """

    def __init__(self, records: Path, watched: Sequence[Running]) -> None:
        self._records = records
        self._watched = list(watched)
        self._own: list[Running] = []
        self._ends: defaultdict[str, list[float]] = defaultdict(list)

    def start(self, programs: Sequence[Program]) -> None:
        for program in programs:
            self._own.append(start(program, self._records))

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Whether the condition came true in time, with the programs looked after meanwhile."""

        def looked_after() -> bool:
            self.look()
            return condition()

        return wait_until(looked_after, seconds, _LOOK_SECONDS)

    def watch(self) -> None:
        """Look after the programs; only an exception ends it."""
        while True:
            self.look()
            time.sleep(_LOOK_SECONDS)

    def look(self) -> None:
        """Start again what ended; Trouble when it keeps ending. Services come first."""
        for running in (*self._watched, *self._own):
            if running.exit_code is not None:
                self._start_again(running)
            roll(running.program.log)

    def stop(self) -> None:
        """Stop every program at once, and kill what has not stopped within STOP_SECONDS."""
        for running in self._own:
            ask_to_stop(running)
        wait_until(lambda: all(one.exit_code is not None for one in self._own), STOP_SECONDS)
        for running in self._own:
            end(running)
        self._own.clear()

    def _start_again(self, running: Running) -> None:
        name, now = running.program.name, time.monotonic()
        say(_ended(running))
        ends = [then for then in self._ends[name] if now - then < _WITHIN_SECONDS]
        self._ends[name] = [*ends, now]
        if len(self._ends[name]) >= _MOST_ENDS:
            end(running)
            raise Trouble(f"{name} keeps ending; its log is {running.program.log}.")
        say(f"Starting {name} again.")
        # Longer each time: a killed Postgres refuses to start while its orphans still let go.
        time.sleep(_PAUSE_SECONDS * len(ends))
        start_again(running)


def _ended(running: Running) -> str:
    code = running.exit_code or 0
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
    log = running.program.log
    return (
        f"{running.program.name} {how}; the end of {log}:\n{tail(log.read_text(errors='replace'))}"
    )
