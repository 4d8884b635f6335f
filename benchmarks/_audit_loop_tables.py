"""The audit loop's results as Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from inference.metrics.flags import FlagKey, score_flags
from inference.metrics.intervals import Bootstrap, ratio
from inference.vocabulary import LABELS, FlagKind

if TYPE_CHECKING:
    from benchmarks.audit_loop import Outcome

_FALSE = (FlagKind.MISSING, FlagKind.UNSUPPORTED)


def ceiling_table(report: dict[str, Any]) -> str:
    """One row a label, and the macro average."""
    rows = [
        [
            label,
            _told(report["presence"][label]["f1"]),
            _told(report["boxes"][label]["iou30_rate"]),
            _told(report["boxes"][label]["iou50_rate"]),
            _told(report["boxes"][label]["mean_iou"]),
        ]
        for label in (*LABELS, "macro")
    ]
    head = ["label", "presence F1", "IoU@0.3 rate", "IoU@0.5 rate", "mean IoU of matched"]
    return _table(head, rows)


def kinds_table(outcomes: Sequence[Outcome]) -> str:
    """One row a kind: is the corrupted label's flag raised, and is anything raised wrongly?"""
    rows = []
    for kind in dict.fromkeys(each.kind for each in outcomes):
        own = [each for each in outcomes if each.kind == kind]
        bootstrap = Bootstrap([each.trial.image for each in own])
        wanted = np.array([_wanted(each) for each in own], float)
        caught = np.array([_caught(each) for each in own], float)
        clean = np.array([not _false_flags(each) for each in own], float)
        exact = np.array([each.right() for each in own], float)
        everyone, n = np.ones(len(own)), len(own)
        rows.append([
            kind,
            _told(bootstrap.measure(ratio(caught, wanted), int(wanted.sum())).as_dict()),
            _told(bootstrap.measure(ratio(clean, everyone), n).as_dict()),
            _told(bootstrap.measure(ratio(exact, everyone), n).as_dict()),
        ])  # fmt: skip
    rows.sort(key=lambda row: row[0])
    return _table(
        [
            "kind of draft",
            "corruption caught",
            "no false MISSING or UNSUPPORTED",
            "all flags exact",
        ],
        rows,
    )


def flags_table(outcomes: Sequence[Outcome]) -> str:
    """Precision and recall of each kind of flag, over all drafts."""
    expected = [[FlagKey(flag.kind, flag.label) for flag in each.expected] for each in outcomes]
    raised = [[FlagKey(flag.kind, flag.label) for flag in each.judged] for each in outcomes]
    scores = score_flags(expected, raised, [each.trial.image for each in outcomes])
    rows = [
        [kind, _told(score.precision.as_dict()), _told(score.recall.as_dict())]
        for kind, score in scores.items()
    ]
    controls = [each for each in outcomes if each.kind == "control"]
    clean = np.array([not _false_flags(each) for each in controls], float)
    share = Bootstrap([each.trial.image for each in controls]).measure(
        ratio(clean, np.ones(len(controls))), len(controls)
    )
    left_out = sum(len(each.raised) - len(each.judged) for each in outcomes)
    told = f"Controls without a MISSING or UNSUPPORTED: {_told(share.as_dict())}."
    if left_out:
        told += f" Left out: {left_out} flags on labels that the other two readers disagree on."
    return _table(["flag", "precision", "recall"], rows) + "\n\n" + told


def _wanted(each: Outcome) -> bool:
    return any(flag.kind in _FALSE for flag in each.expected)


def _caught(each: Outcome) -> bool:
    raised = {(flag.kind, flag.label, flag.reason) for flag in each.judged}
    wanted = {(x.kind, x.label, x.reason) for x in each.expected if x.kind in _FALSE}
    return bool(wanted) and wanted <= raised


def _false_flags(each: Outcome) -> set[FlagKey]:
    right = {FlagKey(flag.kind, flag.label) for flag in each.expected}
    raised = {FlagKey(flag.kind, flag.label) for flag in each.judged if flag.kind in _FALSE}
    return raised - right


def _told(measure: dict[str, Any]) -> str:
    """``.912 [.900, .924] (n 345)``, or a dash where there is nothing to measure."""
    value, low, high, n = (measure[key] for key in ("value", "low", "high", "n"))
    if value is None:
        return "-"
    between = f" [{_short(low)}, {_short(high)}]" if low is not None else ""
    return f"{_short(value)}{between} (n {n:,})"


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
