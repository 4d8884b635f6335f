"""The ``check-release`` command: what a stranger can check of a release with its folder alone."""

import argparse
import sys
from pathlib import Path

from inference.jsonl import write_line

HELP = "check a release's folder: hashes, columns, references, terms, the comparator's flags"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="the unpacked release")


def run(args: argparse.Namespace) -> int:
    """One JSON line a check; 0 if all hold, 1 if one does not, 2 if there is no release."""
    if not (args.folder / "data").is_dir():
        sys.stderr.write(f"check-release: {args.folder} holds no data folder: unpack it first\n")
        return 2
    from inference.release.checks import check_release  # noqa: PLC0415  (needs pyarrow, duckdb)

    outcomes = check_release(args.folder)
    for outcome in outcomes:
        write_line(sys.stdout, outcome.as_dict())
    return 1 if any(outcome.count for outcome in outcomes) else 0
