"""`python3 -m bootstrap VERB`: what every target of the Makefile calls."""

import errno
import os
import sys
from collections.abc import Callable

from bootstrap import checks, housekeeping, run, tests
from bootstrap.layout import Layout
from bootstrap.setup import ensure_setup
from bootstrap.supervisor import Stopped
from bootstrap.terminal import Trouble, say

Verb = Callable[[Layout, list[str]], int]


def _setup(layout: Layout, arguments: list[str]) -> int:
    ensure_setup(layout)
    say("Ready: `make run` starts Overread.")
    return 0


def _checked(check: Callable[[Layout], bool]) -> Verb:
    def verb(layout: Layout, arguments: list[str]) -> int:
        ensure_setup(layout, development=True)
        return 0 if check(layout) else 1

    return verb


def _help(layout: Layout, arguments: list[str]) -> int:
    say(
        "Overread: an open second-read auditor for chest X-ray drafts. Research and education only."
    )
    for name, (_, line) in VERBS.items():
        say(f"  make {name:<12} {line}")
    return 0


VERBS: dict[str, tuple[Verb, str]] = {
    "run": (
        lambda layout, _: run.run(layout, os.environ),
        "start everything on this machine and print the address (BIND_HOST, PORT; Ctrl-C stops)",
    ),
    "stop": (lambda layout, _: run.stop(layout), "stop what `make run` started elsewhere"),
    "test": (lambda layout, _: tests.test(layout), "run every check and test"),
    "setup": (_setup, "make .venv, install the locked packages, build the page"),
    "lint": (_checked(checks.lint), "check the Python's style"),
    "types": (_checked(checks.types), "check the Python's types"),
    "bench": (
        housekeeping.bench,
        "run the benchmarks that need no data; `make bench-NAME ARGS=...` runs one",
    ),
    "manage": (
        lambda layout, arguments: run.manage(layout, os.environ, arguments),
        'run a Django command: make manage ARGS="import_cases manifest.csv"',
    ),
    "lock": (
        lambda layout, _: housekeeping.lock_requirements(layout),
        "write requirements*.txt anew from the .in files",
    ),
    "clean": (
        lambda layout, _: housekeeping.clean(layout),
        "remove the environments, the built page and ALL state (database, images)",
    ),
    "help": (_help, "show this list"),
}


def main(arguments: list[str]) -> int:
    name = arguments[0] if arguments else "help"
    if name not in VERBS:
        say(f"There is no `{name}`; `make help` lists what there is.")
        return 2
    verb, _ = VERBS[name]
    layout = Layout.of(os.environ)
    try:
        return verb(layout, arguments[1:])
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        place = error.filename or layout.state
        sys.stderr.write(f"{error.strerror} ({place}): see to the disk and run make again.\n")
        return 1
    except (Stopped, KeyboardInterrupt):
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
