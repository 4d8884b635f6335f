"""``compare-versions``: two runs of ``ground`` over the same truth."""

import argparse
import sys

from inference.commands.evaluate import read_by_id
from inference.jsonl import open_out, write_line
from inference.metrics.records import read_prediction, read_truth
from inference.metrics.versions import compare_versions

HELP = "compare two versions' predictions on one truth: who answered, who was right, where"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="JSON lines of the version in use")
    parser.add_argument("b", metavar="B", help="JSON lines of the version that may follow")
    parser.add_argument("--truth", required=True, metavar="T", help="JSON lines, as for evaluate")
    parser.add_argument("--seed", type=int, default=0, help="of the bootstrap (default 0)")
    parser.add_argument("--out", metavar="FILE", help="one JSON object; - or nothing means stdout")


def run(args: argparse.Namespace) -> int:
    """Write one JSON object; 1 if a version left an image unanswered or a line was bad, 2 if a
    file can't be opened. A prediction that can't be read leaves its image unanswered."""
    try:
        truths, bad_truths = read_by_id(args.truth, read_truth)
        a, bad_a = read_by_id(args.a, read_prediction)
        b, bad_b = read_by_id(args.b, read_prediction)
        report = compare_versions(list(truths.values()), a, b, seed=args.seed)
        report["accounting"]["bad_lines"] = {"truth": bad_truths, "a": bad_a, "b": bad_b}
        with open_out(args.out) as out:
            write_line(out, report)
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stderr.write(f"compare-versions: {error}\n")
        return 2
    sides = [report["accounting"][name] for name in ("a", "b")]
    for name, side in zip(("A", "B"), sides, strict=True):
        unread = side["failed"] + side["missing"]
        if unread:
            sys.stderr.write(
                f"{name} left {unread} of {side['images']} images without a usable answer; "
                "each counts against it\n"
            )
    complete = not any(side["failed"] + side["missing"] for side in sides)
    return 0 if complete and not (bad_truths or bad_a or bad_b) else 1
