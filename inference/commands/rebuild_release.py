"""The ``rebuild-release`` command: a release with the pixels that its terms kept back."""

import argparse
import sys
from pathlib import Path

from inference.jsonl import write_line

HELP = "put your own download of the original images into a release that may not hold them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="the unpacked release")
    parser.add_argument(
        "originals", type=Path, nargs="+", metavar="ORIGINALS", help="folders with their images"
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="the new folder; must not exist")


def run(args: argparse.Namespace) -> int:
    """One JSON object; 0 if every case has its picture, 1 if some are missing, 2 if it can't."""
    if not (args.folder / "data").is_dir():
        return _refused(f"{args.folder} holds no data folder: unpack the release first")
    for folder in args.originals:
        if not folder.is_dir():
            return _refused(f"{folder} is no folder of images")
    if args.out.exists():
        return _refused(f"{args.out} exists: name a new folder")
    from inference.release.rebuild import rebuild  # noqa: PLC0415  (needs pyarrow, duckdb)

    counted = rebuild(args.folder, args.originals, args.out)
    write_line(sys.stdout, counted.as_dict())
    return 1 if counted.missing else 0


def _refused(why: str) -> int:
    sys.stderr.write(f"rebuild-release: {why}\n")
    return 2
