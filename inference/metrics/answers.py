"""How often a model's raw answers can be used as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inference.metrics.intervals import Bootstrap, Measure, ratio
from inference.recovery import FindingRecovery, MentionRecovery


@dataclass(frozen=True, slots=True)
class AnswerRates:
    """``schema_valid``: answers that were valid JSON and used without any repair (n: answers).

    ``repaired``: of all statements, the share that needed a repair; ``dropped``: the share that
    became a ledger row (n: statements). Repaired output never counts as valid.
    """

    schema_valid: Measure
    repaired: Measure
    dropped: Measure


def answer_rates(
    recoveries: Sequence[FindingRecovery | MentionRecovery],
    patients: Sequence[str],
    *,
    seed: int = 0,
) -> AnswerRates:
    """Rates over answers [answers], one patient's name each."""
    bootstrap = Bootstrap(patients, seed)
    valid = np.array([each.schema_valid for each in recoveries], np.float64)
    emitted = np.array([each.account.emitted for each in recoveries], np.float64)
    repaired = np.array([each.account.recovered for each in recoveries], np.float64)
    dropped = np.array([each.account.ledger for each in recoveries], np.float64)
    statements = int(emitted.sum())
    return AnswerRates(
        bootstrap.measure(ratio(valid, np.ones(len(valid))), len(valid)),
        bootstrap.measure(ratio(repaired, emitted), statements),
        bootstrap.measure(ratio(dropped, emitted), statements),
    )
