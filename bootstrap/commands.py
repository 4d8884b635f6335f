"""Commands that are run to their end."""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bootstrap.accounts import Account, process_options
from bootstrap.terminal import Trouble

_TAIL_LINES = 15
_FAILURE_LINES = 60  # some tools name the reason first, and then explain themselves
_FULL_DISK = ("No space left on device", "ENOSPC", "Disk quota exceeded")


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit code and all it wrote, both streams in order."""

    code: int
    output: str


def capture(
    argv: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
) -> Outcome:
    """Run a command with its output kept; Trouble when the program itself can't be started."""
    try:
        done = subprocess.run(  # noqa: S603 - argv is ours, no shell
            [str(part) for part in argv],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **process_options(account),
        )
    except OSError as error:
        raise Trouble(f"{argv[0]} can't be started: {error.strerror or error}.") from error
    return Outcome(done.returncode, done.stdout)


def show(argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> int:
    """Run a command on this terminal and give its exit code."""
    try:
        done = subprocess.run(  # noqa: S603 - argv is ours, no shell
            [str(part) for part in argv], cwd=cwd, env=env, stdin=subprocess.DEVNULL, check=False
        )
    except OSError as error:
        raise Trouble(f"{argv[0]} can't be started: {error.strerror or error}.") from error
    return done.returncode


@contextmanager
def beside(
    argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], log: Path
) -> Iterator[Callable[[], Outcome]]:
    """Run a command while the block goes on; what is given waits for its end.

    Its output goes to ``log``. If the block is left early, the command is ended too.
    """
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - argv is ours, no shell
            [str(part) for part in argv],
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield lambda: Outcome(process.wait(), log.read_text(errors="replace"))
    finally:
        process.kill()
        process.wait()


def require(outcome: Outcome, sentence: str) -> str:
    """The command's output, or Trouble: the sentence and the end of what the command wrote."""
    if outcome.code == 0:
        return outcome.output
    if any(sign in outcome.output for sign in _FULL_DISK):
        raise Trouble(f"The disk is full: free some space and run make again. ({sentence})")
    raise Trouble(f"{sentence}\n{tail(outcome.output, _FAILURE_LINES)}")


def tail(text: str, lines: int = _TAIL_LINES) -> str:
    """The last lines of a text, indented, to be shown below a sentence."""
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines()[-lines:])


def inherited_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """This process's environment without what would point a child at another Python or keep it
    from keeping compiled modules, and with telemetry off."""
    foreign = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}
    # Without its caches every web server, worker and command compiles all of Django anew.
    foreign |= {"PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in environ.items() if name not in foreign}
    # onnxruntime's wheels send traces to their maker unless told so before they are loaded.
    return {**kept, "ORT_DISABLE_TELEMETRY": "1"}
