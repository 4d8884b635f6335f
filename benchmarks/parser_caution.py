"""What the rules parser's caution costs: denials on real reports, with and without it.

``python -m benchmarks.parser_caution`` reads the Open-i reports twice, with the steps "ellipsis"
and "caution" (docs/parser.md) and without, and prints how many denied mentions and labels became
something else, and the numbers of their reports.
"""

import sys
from unittest import mock

from benchmarks.parser_openi import read_reports
from benchmarks.parser_peers import fetch_wheel
from inference.parsers import get_parser
from inference.parsers.rules import reader
from inference.vocabulary import State


def main() -> int:
    reports = read_reports(fetch_wheel())
    parser = get_parser("rules")
    cautious = [parser.parse(report.text) for report in reports]
    with (
        mock.patch.object(reader, "doubt_odd_denials", lambda *_: None),
        mock.patch.object(reader, "doubt_strange_denials", lambda *_: None),
        mock.patch.object(reader.Ellipsis, "told_again", lambda *_: []),
    ):
        plain = [parser.parse(report.text) for report in reports]
    mentions = labels = 0
    changed: list[str] = []
    for report, now, without in zip(reports, cautious, plain, strict=True):
        labels += sum(state is State.ABSENT for state in without.labels.values())
        states = {(m.start, m.end, m.label): m.state for m in now.mentions}
        for mention in without.mentions:
            if mention.state is not State.ABSENT:
                continue
            mentions += 1
            state = states.get((mention.start, mention.end, mention.label))
            if state is not State.ABSENT:
                changed.append(f"{report.number} ({mention.label}: {state})")
        for label, state in without.labels.items():
            if state is State.ABSENT and now.labels[label] is not State.ABSENT:
                changed.append(f"{report.number} (the label {label}: {now.labels[label]})")
    print(f"{mentions} denied mentions, {labels} denied labels in {len(reports)} reports.")
    print(f"No longer denied with caution: {len(changed)}.", *changed, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
