"""The ``evaluate`` command: a grounder's predictions against the truth."""

import argparse
import io
import json
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from inference.jsonl import Record, map_lines, open_in, open_out, write_line
from inference.metrics.evaluation import evaluate
from inference.metrics.records import Prediction, Truth, read_prediction, read_truth

HELP = "score predictions (as ground writes them) against true labels and boxes"

_Line = TypeVar("_Line", Truth, Prediction)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--truth", required=True, metavar="T", help="JSON lines; - is stdin")
    parser.add_argument("--predictions", required=True, metavar="P", help="JSON lines; - is stdin")
    parser.add_argument("--seed", type=int, default=0, help="of the bootstrap (default 0)")
    parser.add_argument("out", nargs="?", metavar="OUT", help="one JSON object (default: stdout)")


def run(args: argparse.Namespace) -> int:
    """Write one JSON object; 0, 1 if a line was bad (they are listed in it), 2 if not opened.

    A bad truth line is left out, having no truth to score. A bad prediction line leaves its image
    without a prediction, which counts against the model.
    """
    if args.truth == args.predictions == "-":
        sys.stderr.write("evaluate: only one of the two can be standard input\n")
        return 2
    try:
        truths, bad_truths = read_by_id(args.truth, read_truth)
        predictions, bad_predictions = read_by_id(args.predictions, read_prediction)
        report = evaluate(list(truths.values()), predictions, seed=args.seed)
        report["bad_lines"] = {"truth": bad_truths, "predictions": bad_predictions}
        with open_out(args.out) as out:
            write_line(out, report)
    except BrokenPipeError:
        raise
    except OSError as error:
        sys.stderr.write(f"evaluate: {error}\n")
        return 2
    return 1 if bad_truths or bad_predictions else 0


def read_by_id(path: str, read: Callable[[Record], _Line]) -> tuple[dict[str, _Line], list[Any]]:
    """The lines of a file by id, and the bad ones with their number and reason."""
    lines: dict[str, _Line] = {}

    def keep(record: Record) -> Record:
        line = read(record)
        if line.id in lines:
            raise ValueError(f"the id {line.id!r} is given twice: the first line counts")
        lines[line.id] = line
        return {}

    answers = io.StringIO()
    with open_in(path) as source:
        map_lines(keep, source, answers)
    bad = [
        {"line": number, **json.loads(answer)}
        for number, answer in enumerate(answers.getvalue().splitlines(), 1)
        if answer != "{}"
    ]
    return lines, bad
