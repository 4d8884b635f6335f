"""First-pass accuracy of the rules parser on trap tables, by mention.

``python -m benchmarks.parser_traps TABLE [TABLE ...]``: a row of a table is text, tab, then a code
a label (see ``tests/inference/parsers/test_traps.py``). Prints, a table, texts right, mentions
right (an expected label with its state), false denials and false assertions, then each text that
was misread. Run it once on a table that the parser has never met, before mending anything.
``--peer medspacy`` scores medspaCy instead, in its own environment, with our lexicon as its
targets: how hard a table is, measured on a reader that was not mended by it.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.parser_peers import BENCH, PEERS, run_tool
from benchmarks.parser_targets import peer_targets
from inference.parsers import get_parser
from inference.vocabulary import LABELS

CODES = dict(zip("EXONC", map(str, LABELS), strict=True))
STATES = {"+": "present", "-": "absent", "?": "uncertain"}
_SIGNS = {state: sign for sign, state in STATES.items()}
_LETTERS = {label: letter for letter, label in CODES.items()}
States = dict[str, str]


@dataclass(slots=True)
class Tally:
    """What a table's texts came to."""

    texts: int = 0
    texts_right: int = 0
    mentions: int = 0
    mentions_right: int = 0
    denials: int = 0
    assertions: int = 0

    def add(self, expected: States, said: States) -> None:
        self.texts += 1
        self.texts_right += expected == said
        self.mentions += len(expected)
        self.mentions_right += sum(said.get(k) == state for k, state in expected.items())
        self.denials += sum(s != "absent" and said.get(k) == "absent" for k, s in expected.items())
        self.assertions += sum(
            s == "present" and expected.get(k) != "present" for k, s in said.items()
        )

    def row(self, name: str) -> str:
        share = self.mentions_right / max(1, self.mentions)
        return (
            f"| {name} | {self.texts_right} of {self.texts} | {self.mentions_right} of "
            f"{self.mentions} = {share:.3f} | {self.denials} | {self.assertions} |"
        )


def read_table(table: Path) -> Iterator[tuple[str, States]]:
    """Yield each row's text and the states it should be read with."""
    for line in table.read_text(encoding="utf-8").splitlines():
        text, _, codes = line.partition("\t")
        yield text.replace("\\n", "\n"), states_of(codes)


def states_of(codes: str) -> States:
    """Return what ``E+ X-`` stands for: label to state."""
    return {CODES[code[0]]: STATES[code[1]] for code in codes.split()}


def codes_of(states: States) -> str:
    return " ".join(f"{_LETTERS[label]}{_SIGNS[state]}" for label, state in states.items())


def read_by_rules(texts: list[str]) -> list[States]:
    """Read each text with the rules parser: label to state, silent labels left out."""
    parser = get_parser("rules")
    read = (parser.parse(text).labels for text in texts)
    return [{str(label): str(state) for label, state in said.items() if state} for said in read]


def read_by_peer(tool: str, texts: list[str]) -> list[States]:
    """Read each text with a peer (``parser_peers.PEERS``), installed on first use."""
    BENCH.mkdir(parents=True, exist_ok=True)
    job = BENCH / "traps-job.json"
    job.write_text(json.dumps({"texts": texts, "timed": 1, **peer_targets()}))
    return [
        {label: state for label, state in said.items() if state}
        for said in run_tool(tool, job)["states"]
    ]


def main(argv: list[str] | None = None) -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("tables", nargs="+", type=Path)
    arguments.add_argument("--peer", choices=sorted(PEERS), help="score this tool instead")
    args = arguments.parse_args(argv)
    tables = {table.stem: list(read_table(table)) for table in args.tables}
    texts = [text for rows in tables.values() for text, _ in rows]
    read = iter(read_by_peer(args.peer, texts) if args.peer else read_by_rules(texts))
    misread = []
    print("| table | texts right | mentions right | false denials | false assertions |")
    print("|---|---|---|---|---|")
    for name, rows in tables.items():
        tally = Tally()
        for text, expected in rows:
            said = next(read)
            tally.add(expected, said)
            if said != expected:
                misread.append(f"{codes_of(expected)}\t{codes_of(said)}\t{text!r}")
        print(tally.row(name))
    print("\nmeant\tread\ttext", *misread, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
