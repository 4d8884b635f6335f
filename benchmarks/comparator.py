"""How fast the comparator judges, beside the cost of merely writing its answer down.

``python benchmarks/comparator.py`` prints one JSON object: audits a second of one core's own time
(median of the rounds, without claims), the raw floor (``json.dumps`` of the same answers), their
ratio, and how much memory ``compare`` gains between a tenth and all of its input lines.
"""

import argparse
import json
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from itertools import cycle, islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from inference.commands.compare import compare_line
from inference.comparator import compare
from inference.jsonl import map_lines
from inference.schema import Finding, Mention, Side
from inference.states import image_labels
from inference.vocabulary import LABELS, DraftState, ImageState, State

Audit = dict[str, Any]
TEXT = "Small left effusion. No pneumothorax. Possible nodule, heart enlarged, no opacity. " * 2


def typical_audits(n: int, seed: int) -> list[Audit]:
    """Audits with 2 or 3 findings and 5 mentions each."""
    chance = random.Random(seed)
    return [_audit(chance) for _ in range(n)]


def _audit(chance: random.Random) -> Audit:
    findings = [_finding(chance) for _ in range(chance.choice((2, 3)))]
    return {
        "image_state": ImageState.GROUNDED,
        "image_labels": image_labels(findings),
        "findings": findings,
        "draft_state": DraftState.PARSED,
        "mentions": [_mention(chance, place * 20) for place in range(5)],
    }


def _finding(chance: random.Random) -> Finding:
    y, x = chance.uniform(0, 0.6), chance.uniform(0, 0.6)
    return Finding(chance.choice(LABELS), (y, x, y + 0.3, x + 0.3), chance.random())


def _mention(chance: random.Random, start: int) -> Mention:
    sides: tuple[Side | None, ...] = (None, None, "left", "right")
    label, state = chance.choice(LABELS), chance.choice(tuple(State))
    return Mention(label, state, start, start + 12, side=chance.choice(sides))


def rate(work: Callable[[], object], count: int) -> float:
    """Items a second of one core's own time, of ``work``, which handles ``count`` of them."""
    began = time.process_time()
    work()
    return count / (time.process_time() - began)


def speed(n: int, rounds: int, seed: int) -> dict[str, Any]:
    """Rates over ``n`` audits; the slowest and the fastest of 7 rounds hold the median at 98%."""
    audits = typical_audits(n, seed)
    answers = [asdict(compare(**audit)) for audit in audits]
    judged, written = [], []
    for _ in range(rounds):
        judged.append(rate(lambda: [compare(**audit) for audit in audits], n))
        written.append(rate(lambda: [json.dumps(answer) for answer in answers], n))
    return {
        "audits": n,
        "audits_per_second": _middle(judged),
        "json_dumps_per_second": _middle(written),
        "times_the_floor": round(statistics.median(written) / statistics.median(judged), 2),
    }


def _middle(rates: list[float]) -> dict[str, int]:
    value, low, high = statistics.median(rates), min(rates), max(rates)
    return {"value": round(value), "n": len(rates), "low": round(low), "high": round(high)}


def peak_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def memory(count: int, seed: int) -> dict[str, int]:
    lines = [json.dumps(_line(audit, i)) for i, audit in enumerate(typical_audits(500, seed))]
    began = time.process_time()
    with Path(os.devnull).open("w") as nowhere:
        map_lines(compare_line, islice(cycle(lines), count // 10), nowhere)
        early = peak_kib()
        map_lines(compare_line, islice(cycle(lines), count - count // 10), nowhere)
    return {
        "lines": count,
        "lines_per_second": round(count / (time.process_time() - began)),
        "peak_kib_at_a_tenth": early,
        "growth_kib": peak_kib() - early,
    }


def _line(audit: Audit, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "text": TEXT,
        **audit,
        "findings": [asdict(finding) for finding in audit["findings"]],
        "mentions": [{**asdict(mention), "text": None} for mention in audit["mentions"]],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--audits", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    report = {
        "comparator": speed(args.audits, args.rounds, args.seed),
        "compare_command": memory(args.lines, args.seed),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
