"""The rules parser on phrasings that it has never met: rounds written blind, read once.

A round is a table in ``benchmarks/parser_unseen/`` (text, tab, codes, as in the trap tables),
committed before the parser is run on it and never edited afterwards.
``python -m benchmarks.parser_unseen --record ROUND`` reads it once and keeps what was read in
``first_runs.json``, with the hashes of the engine and of the table; a round that is recorded
already is refused. Without ``--record`` it prints the first-run scores from that file and what
the parser of today reads otherwise: after a round its errors are mended, so only the first run
says anything of new text. ``--peer medspacy`` scores that peer on all rounds, too, our lexicon of
today as its targets, and writes the table into docs/parser.md. ``--pool 14 17`` prints one row
for several rounds together. Intervals are 95%, bootstrapped
by text.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.parser_peers import NAMES, PEERS, write_doc
from benchmarks.parser_scores import accuracy_row
from benchmarks.parser_traps import (
    States,
    codes_of,
    read_by_peer,
    read_by_rules,
    read_table,
    states_of,
)
from inference.parsers.rules.lexicon import content_hash
from inference.vocabulary import LABELS

ROUNDS = Path(__file__).with_name("parser_unseen")
RECORD = ROUNDS / "first_runs.json"
Pairs = list[tuple[dict[str, str | None], States]]


def recorded(record: Path = RECORD) -> dict[str, dict[str, Any]]:
    """Return each round's first run: ``engine``, ``table`` (hashes), ``read`` (codes a text)."""
    runs: dict[str, dict[str, Any]] = json.loads(record.read_text()) if record.exists() else {}
    return runs


def record_first_run(name: str, rounds: Path = ROUNDS) -> None:
    """Read a round for the first time; refuse one that was read before."""
    record = rounds / RECORD.name
    runs = recorded(record)
    if name in runs:
        raise SystemExit(f"{name} has had its first run: write a new round.")
    table = rounds / f"{name}.tsv"
    texts = [text for text, _ in read_table(table)]
    runs[name] = {
        "engine": content_hash(),
        "table": _sha256(table),
        "read": [codes_of(said) for said in read_by_rules(texts)],
    }
    record.write_text(json.dumps(runs, indent=1) + "\n")


def first_run(name: str, rounds: Path = ROUNDS) -> Pairs:
    """Return (meant, read at the first run) for each text; refuse a table edited since."""
    run, table = recorded(rounds / RECORD.name)[name], rounds / f"{name}.tsv"
    if run["table"] != _sha256(table):
        raise SystemExit(f"{table.name} was edited after its first run: the score is void.")
    meant = [states for _, states in read_table(table)]
    return _pairs(meant, map(states_of, run["read"]))


def _pairs(meant: Iterable[States], read: Iterable[States]) -> Pairs:
    """Pair them, silent labels named: what is read where nothing was meant counts, too."""
    full = ({str(label): states.get(label) for label in LABELS} for states in meant)
    return list(zip(full, read, strict=True))


def in_order(names: Iterable[str]) -> list[str]:
    """Return the rounds' names by their number."""
    return sorted(names, key=lambda name: int(name.rpartition("_")[2]))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _row(name: str, pairs: Pairs) -> str:
    return f"| {name} | {accuracy_row(pairs)} |"


def pooled_line(numbers: Iterable[int], rounds: Path = ROUNDS) -> str:
    """Return one row for the first runs of several rounds together."""
    numbers = list(numbers)
    pairs = [pair for number in numbers for pair in first_run(f"round_{number}", rounds)]
    return _row("rounds " + ", ".join(map(str, numbers)), pairs)


def score_lines(rounds: Path = ROUNDS) -> list[str]:
    """Return the table of first-run scores, a row a round, then all rounds pooled."""
    lines = ["| round | mentions right (95%) | texts right | false denials | false assertions |"]
    lines += ["|---|---|---|---|---|"]
    pooled: Pairs = []
    for name in in_order(recorded(rounds / RECORD.name)):
        pairs = first_run(name, rounds)
        pooled += pairs
        lines.append(_row(name, pairs))
    return [*lines, _row("all", pooled)]


def misread_today(names: list[str]) -> list[str]:
    lines = ["meant\tread\ttext"]
    for name in names:
        rows = list(read_table(ROUNDS / f"{name}.tsv"))
        for (text, meant), said in zip(rows, read_by_rules([t for t, _ in rows]), strict=True):
            if said != meant:
                lines.append(f"{codes_of(meant)}\t{codes_of(said)}\t{text!r}")
    return lines


def peer_rows(tool: str, names: list[str]) -> list[str]:
    """Return a peer's rows on the same rounds, our lexicon as its targets."""
    rounds = {name: list(read_table(ROUNDS / f"{name}.tsv")) for name in names}
    said = iter(read_by_peer(tool, [text for rows in rounds.values() for text, _ in rows]))
    lines: list[str] = []
    pooled: Pairs = []
    for name, rows in rounds.items():
        pairs = _pairs([meant for _, meant in rows], [next(said) for _ in rows])
        pooled += pairs
        lines.append(_row(f"{name}, {NAMES[tool]}", pairs))
    return [*lines, _row(f"all, {NAMES[tool]}", pooled)]


def main(argv: list[str] | None = None) -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--record", metavar="ROUND", help="read this round for the first time")
    arguments.add_argument("--peer", choices=sorted(PEERS), help="score this tool as well")
    arguments.add_argument("--pool", type=int, nargs="+", metavar="N", help="pool these rounds")
    args = arguments.parse_args(argv)
    if args.pool:
        print(pooled_line(args.pool))
        return 0
    if args.record:
        record_first_run(args.record)
    lines = score_lines()
    if args.peer:
        lines += peer_rows(args.peer, in_order(recorded()))
        write_doc(lines, "parser_unseen")
    print(*lines, sep="\n")
    names = [args.record] if args.record else in_order(recorded())
    print("\nMisread by the parser as it is:", *misread_today(names), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
