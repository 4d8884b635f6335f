"""``python -m inference COMMAND``: the auditor without a platform, a database or a network."""

import argparse
import importlib
import os
import sys

from inference import NOTICE

COMMANDS = (
    "parse",
    "compare",
    "ground",
    "audit",
    "synthesize",
    "evaluate",
    "compare-versions",
    "curate",
    "train-detector",
    "check-release",
    "diff-releases",
    "rebuild-release",
)


def main(argv: list[str] | None = None) -> int:
    """Run one command; its module is imported only when it is named (start-up stays quick)."""
    argv = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(
        prog="python -m inference",
        description=__doc__,
        epilog=NOTICE,
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    named = next((word for word in argv if not word.startswith("-")), None)
    for name in COMMANDS:
        if named in COMMANDS and name != named:
            continue
        module = importlib.import_module(f"inference.commands.{name.replace('-', '_')}")
        command = subparsers.add_parser(name, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    args = parser.parse_args(argv)
    try:
        return int(args.run(args))
    except BrokenPipeError:
        # The reader has gone (`| head`): stop quietly, without a traceback at interpreter exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
