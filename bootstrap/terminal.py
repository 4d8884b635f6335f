"""What a person at the terminal reads."""

import contextlib
import sys


class Trouble(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do about it."""


def say(line: str = "") -> None:
    """Write one line at once, so that it keeps its place among the lines of child processes.

    A terminal that was closed is no reason to fail: there are still programs to be stopped.
    """
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
