"""The learning loop's numbers as the tables of docs/learning.md."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._learning_films import Film

START, END = "<!-- learning-loop:start -->", "<!-- learning-loop:end -->"
MEASURES = {
    "presence_f1": "presence F1, mean of the labels",
    "accuracy": "labels right",
    "urgent_recall": "urgent recall (pneumothorax, nodule)",
    "iou50_rate": "true boxes met at IoU .5",
}
Parts = Mapping[str, Sequence[tuple[str, Film]]]


def write_tables(
    page: Path,
    compared: Mapping[str, Any],
    said: Mapping[str, int],
    seconds: Mapping[str, float],
    parts: Parts,
) -> None:
    """Print the tables and put them between the markers of the page."""
    text = "\n\n".join([
        "Made by `make bench-learning-loop`: " + _films(parts),
        "The reader: " + ", ".join(f"{n} {what}" for what, n in said.items()) + ".",
        _differences(compared["all"]),
        _nodules(compared),
        _accounting(compared["all"]),
        f"Seconds on two cores that others used too: {_seconds(seconds)}.",
    ])  # fmt: skip
    print(text)
    whole = page.read_text(encoding="utf-8")
    before, after = whole.split(START)[0], whole.split(END)[1]
    page.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def _films(parts: Parts) -> str:
    told = {
        "first": "films of the first version, {small} with a small nodule",
        "later": "reviewed, {small} with one",
        "held": "held back, {small} with one.",
    }
    counts = {name: sum(film.small for _, film in part) for name, part in parts.items()}
    return ", ".join(
        f"{len(parts[name])} {words.format(small=counts[name])}" for name, words in told.items()
    )


def _differences(report: Mapping[str, Any]) -> str:
    scores = report["differences"]
    rows = [f"| {words} | {_measure(scores[name])} | {_sure(scores[name])} |"
            for name, words in MEASURES.items()]  # fmt: skip
    n = next(iter(scores.values()))["n"]
    return "\n".join([
        f"| {n} held-back films | second minus first (95%) | differs from 0 |", "|---|---|---|",
        *rows,
    ])  # fmt: skip


def _nodules(compared: Mapping[str, Any]) -> str:
    rows = []
    for name, words in (("all", "nodule or not, all films"), ("small", "small nodule found")):
        row = compared[name]["mcnemar"]["nodule_mass"]
        right = [row["both"] + row[only] for only in ("only_a", "only_b")]
        rows.append(
            f"| {words} | {row['n']} | {right[0]} | {right[1]} | {row['only_a']} | "
            f"{row['only_b']} | {row['p']:.2g} |"
        )
    return "\n".join([
        "| | n | first right | second right | only first | only second | McNemar's p |",
        "|---|---|---|---|---|---|---|", *rows,
    ])  # fmt: skip


def _accounting(report: Mapping[str, Any]) -> str:
    told = [
        f"the {words} version answered {side['used'] + side['partial']} of {side['images']} "
        f"({side['failed']} failed, {side['missing']} missing)"
        for words, side in (
            ("first", report["accounting"]["a"]),
            ("second", report["accounting"]["b"]),
        )
    ]
    return "Accounting: " + "; ".join(told) + "."


def _measure(row: Mapping[str, Any]) -> str:
    return f"{row['value']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"


def _sure(row: Mapping[str, Any]) -> str:
    return "yes" if row["sure"] else "no"


def _seconds(seconds: Mapping[str, float]) -> str:
    steps = ", ".join(f"{name} {value:.0f}" for name, value in seconds.items())
    return f"{steps}; together {sum(seconds.values()):.0f}"
