"""``parse``: drafts in, states and phrases out."""

import argparse
import sys
from dataclasses import asdict

from inference.grounders import BackendUnavailable
from inference.jsonl import Record, run_lines
from inference.parsers import PARSER_NAMES, get_parser
from inference.parsers.base import Parser

HELP = 'read drafts, JSON lines {"id","text"}, into states and phrases'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--parser", default="rules", choices=PARSER_NAMES, help="default: rules")
    parser.add_argument("source", nargs="?", metavar="IN", help="file, or - for standard input")
    parser.add_argument("out", nargs="?", metavar="OUT", help="file, or - for standard output")


def run(args: argparse.Namespace) -> int:
    try:
        parser = get_parser(args.parser)
    except BackendUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return run_lines(lambda record: answer(parser, record), args.source, args.out)


def answer(parser: Parser, record: Record) -> Record:
    """Parse one record. Raises ``ValueError`` if it has no text or an id of the wrong type."""
    identity = record.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int | None):
        raise ValueError("id must be a string or a whole number")
    text = record["text"]
    if not isinstance(text, str):
        raise ValueError("text must be a string")
    parsing = parser.parse(text)
    result: Record = {
        "id": identity,
        "draft_state": parsing.draft_state,
        "labels": parsing.labels,
        "mentions": [asdict(mention) for mention in parsing.mentions],
        "parser": {"name": parser.version.name, "version": parser.version.version},
    }
    if parsing.reason:
        result["reason"] = parsing.reason
    if parsing.notes:
        result["notes"] = parsing.notes
    return result
