"""The learning loop's numbers as the tables of docs/learning.md."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._learning_films import Film

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
        "The reader: " + ", ".join(f"{said[what]} {what}" for what in sorted(said)) + ".",
        _differences(compared["all"]),
        _nodules(compared),
        _accounting(compared["all"]),
        f"Seconds on two cores that others used too: {_seconds(seconds)}.",
    ])  # fmt: skip
    _put(page, "learning-loop", text)


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
    if row["value"] is None:
        return "not defined"
    return f"{row['value']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"


def _sure(row: Mapping[str, Any]) -> str:
    return "yes" if row["sure"] else "no"


def _seconds(seconds: Mapping[str, float]) -> str:
    steps = ", ".join(f"{name} {value:.0f}" for name, value in seconds.items())
    return f"{steps}; together {sum(seconds.values()):.0f}"


def write_patients(page: Path, told: Mapping[str, Any], seconds: Mapping[str, float]) -> None:
    """The same for the films of patients, between markers of its own."""
    effort = told["effort"]
    text = "\n\n".join([
        "Made by `make bench-learning-loop ARGS=\"--data NIH\"`: " + "; ".join(
            f"half {number} is {half['pictures']} films of {half['patients']} patients"
            for number, half in enumerate(told["reviewed"], 1)
        ) + f". Each network went on for {effort['epochs']} epochs at {effort['rate']} of the "
        f"usual rate, beside {effort['replay']} films that it had learnt from before.",
        _reviews(told["halves"]),
        _sides(told["comparison"], told["auc"]),
        _labels(told["comparison"]),
        _accounting(told["comparison"]),
        f"Seconds of a machine that others used too: {_seconds(seconds)}.",
    ])  # fmt: skip
    _put(page, "learning-loop-patients", text)


def _put(page: Path, name: str, text: str) -> None:
    print(text)
    start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    whole = page.read_text(encoding="utf-8")
    before, after = whole.split(start)[0], whole.split(end)[1]
    page.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def _reviews(halves: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for number, half in enumerate(halves, 1):
        corpus, said = half["corpus"], half["said"]
        learnt = corpus["splits"]["train"]
        dropped = ", ".join(
            f"{count} {reason.replace('_', ' ')}"
            for reason, count in corpus["images"]["dropped"].items()
        )
        answers = ", ".join(f"{count} {what}" for what, count in said.items() if what != "items")
        rows.append(
            f"| {number} | {answers} | {corpus['images']['kept']} of {corpus['images']['read']}"
            f" ({dropped or 'none'} dropped) | {learnt['images']}, {learnt['normal']} normal |"
        )
    return "\n".join([
        "| half | what the reader answered | films in the corpus | learnt from |",
        "|---|---|---|---|", *rows,
    ])  # fmt: skip


def _sides(report: Mapping[str, Any], auc: Mapping[str, Mapping[str, Any]]) -> str:
    a, b = report["scores"]["a"], report["scores"]["b"]
    where = {
        "presence_f1": ("presence", "macro", "f1"),
        "urgent_recall": ("urgent_recall",),
    }
    rows = [
        f"| mean AUC against normal films | {_plain(auc['a'])} | {_plain(auc['b'])} | "
        f"{_measure(auc['difference'])} | {_sure(auc['difference'])} |"
    ]
    for name, words in MEASURES.items():
        change = report["differences"][name]
        sides = [_plain(_at(side, where[name])) if name in where else "" for side in (a, b)]
        rows.append(f"| {words} | {' | '.join(sides)} | {_measure(change)} | {_sure(change)} |")
    false = [_plain(side["normals"]["false_findings"]["all"]) for side in (a, b)]
    rows.append(f"| false findings a normal film | {' | '.join(false)} | | |")
    n = next(iter(report["differences"].values()))["n"]
    return "\n".join([
        f"| {n} films, each held back from the second version that looks | first | second | "
        "second minus first (95%) | differs from 0 |",
        "|---|---|---|---|---|", *rows,
    ])  # fmt: skip


def _labels(report: Mapping[str, Any]) -> str:
    rows = [
        f"| {label.replace('_', ' ')} | {row['n']} | {row['both'] + row['only_a']} | "
        f"{row['both'] + row['only_b']} | {row['only_a']} | {row['only_b']} | {row['p']:.2g} |"
        for label, row in report["mcnemar"].items()
    ]
    return "\n".join([
        "| there or not | n | first right | second right | only first | only second | "
        "McNemar's p |", "|---|---|---|---|---|---|---|", *rows,
    ])  # fmt: skip


def _at(tree: Mapping[str, Any], path: Sequence[str]) -> Mapping[str, Any]:
    for name in path:
        tree = tree[name]
    return tree


def _plain(row: Mapping[str, Any]) -> str:
    if row["value"] is None:
        return "not defined"
    return f"{row['value']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
