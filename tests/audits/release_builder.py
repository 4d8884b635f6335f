"""Builds releases in processes of their own that end themselves by SIGKILL at a chosen event.

Events are: a statement to the database, a file half written, a file that is whole and of
which no row says so yet, the end of a step. ``python -m tests.audits.release_builder`` reads lines
``RELEASE EVENT`` and forks a process for each, which saves the seconds of starting one.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
import uuid
from pathlib import Path
from types import TracebackType
from typing import Any

NEVER = -1


class Builder:
    """The process that forks builders, on the database and files that ``environment`` names."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.audits.release_builder"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def build(self, release_id: uuid.UUID, event: int = NEVER) -> tuple[int, list[int]]:
        """How the process ended, as `os.waitstatus_to_exitcode` has it, and the number of the
        first event after each step; a builder that was killed says none."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{release_id} {event}\n")
        self._process.stdin.flush()
        ends: list[int] = []
        for line in self._process.stdout:
            said = json.loads(line)
            if "exit" in said:
                return said["exit"], ends
            ends = said["ends"]
        raise AssertionError("the builders' parent ended")

    def __enter__(self) -> "Builder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _main() -> None:
    import django  # noqa: PLC0415 - only this process has settings to set up

    django.setup()
    # Once for all forks; pandas is what Arrow looks for at its first array, where it is installed.
    import pandas  # noqa: F401, PLC0415

    from audits.services.releases import build  # noqa: F401, PLC0415

    for line in sys.stdin:
        release, event = line.split()
        child = os.fork()
        if not child:
            _forked(uuid.UUID(release), int(event))
        _, status = os.waitpid(child, 0)
        _say({"exit": os.waitstatus_to_exitcode(status)})


def _forked(release_id: uuid.UUID, event: int) -> None:
    try:
        _say({"ends": _build(release_id, event)})
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _build(release_id: uuid.UUID, event: int) -> list[int]:
    from django.core.files.storage import FileSystemStorage  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from audits.services.releases import shards  # noqa: PLC0415
    from audits.services.releases.build import build_release  # noqa: PLC0415

    events = 0
    ends: list[int] = []
    save = FileSystemStorage._save

    def tick(half: Path | None = None) -> None:
        nonlocal events
        if events == event:
            if half is not None:
                half.parent.mkdir(parents=True, exist_ok=True)
                half.write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
        events += 1

    def saving(self: Any, name: str, content: Any) -> str:
        tick(Path(self.path(name)))
        stored = save(self, name, content)
        tick()
        return stored

    def asking(execute: Any, *asked: Any) -> Any:
        tick()
        return execute(*asked)

    def told(done: int, step: str) -> None:
        tick()
        ends.append(events)

    shards.SHARD_ROWS = 2
    FileSystemStorage._save = saving  # type: ignore[method-assign]
    with connection.execute_wrapper(asking):
        build_release(release_id=release_id, tell=told)
    return [*ends, events]


if __name__ == "__main__":
    _main()
