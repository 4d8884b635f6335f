"""``curate``: what readers settled becomes what the next model learns from."""

import argparse
import json
import sys
from pathlib import Path

from inference.curation.corpus import curate
from inference.curation.selecting import Selection
from inference.curation.targets import Target
from inference.prompts import load_prompt, prompt_names

HELP = "make a fine-tuning corpus from a release or from images.csv and boxes.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, help="a release folder, or one with images.csv")
    parser.add_argument("out", type=Path, help="a new folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--normals", type=_at_least_zero, default=1.0, help="normals for each positive (default 1)"
    )
    parser.add_argument(
        "--most", type=int, default=0, metavar="N", help="at most N positives a split; rare kept"
    )
    parser.add_argument(
        "--keep-near-duplicates",
        action="store_true",
        help="for drawings, which resemble each other",
    )
    parser.add_argument(
        "--prompt",
        choices=prompt_names("findings"),
        default="findings-2",
        help="what the model will be asked, and how it is to answer",
    )


def run(args: argparse.Namespace) -> int:
    """Write the corpus and print the report; 2 if it can't be made."""
    asked = Selection(
        seed=args.seed,
        normals=args.normals,
        most=args.most,
        near_duplicates=args.keep_near_duplicates,
    )
    try:
        report = curate(args.source, args.out, asked, Target(load_prompt(args.prompt, "findings")))
    except (ValueError, OSError) as error:
        sys.stderr.write(f"curate: {error}\n")
        return 2
    shown = {name: report[name] for name in ("images", "boxes", "splits", "chats")}
    sys.stdout.write(json.dumps(shown, indent=1) + "\n")
    return 0


def _at_least_zero(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError("is at least 0")
    return value
