"""The ``diff-releases`` command: what changed between two releases, from their folders."""

import argparse
import sys
from pathlib import Path

from inference.jsonl import write_line

HELP = "count what changed between the folders of two releases"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", type=Path, metavar="OLD")
    parser.add_argument("new", type=Path, metavar="NEW")


def run(args: argparse.Namespace) -> int:
    """One JSON object; 2 if a folder is no release."""
    for folder in (args.old, args.new):
        if not (folder / "data").is_dir():
            sys.stderr.write(f"diff-releases: {folder} holds no data folder\n")
            return 2
    from inference.release.diff import diff  # noqa: PLC0415  (needs duckdb)

    write_line(sys.stdout, diff(args.old, args.new))
    return 0
