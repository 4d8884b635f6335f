"""Two versions weighed on what is settled. Accounting comes first; nothing leaves a denominator."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from audits.errors import InvalidInput
from audits.models import BackendKind, Comparison, ModelVersion, User
from audits.selectors.comparing import CaseSet, Side, settled_set, side_of
from audits.selectors.truth import SettledCase
from audits.services.log import record
from inference.comparator import compare
from inference.metrics.flags import FlagKey, compare_flags
from inference.metrics.intervals import Bootstrap
from inference.metrics.versions import compare_versions, paired
from inference.parsers import get_parser
from inference.schema import Finding
from inference.vocabulary import LABELS, ImageState, State

_RULES = "rules"
"""Reads the drafts for both sides, so that the flags to expect depend on neither version."""


def comparison_create(
    *,
    a: ModelVersion,
    b: ModelVersion,
    wanted: CaseSet,
    actor: User | None,
    seed: int = 0,
) -> Comparison:
    """Compare two grounders on the settled cases of a set, and keep what came of it.

    Raises ``InvalidInput`` for versions that can't be compared and a set without a settled case.
    """
    _check(a, b)
    cases, left_out = settled_set(wanted, actor)
    if not cases:
        raise InvalidInput("queue", "No case of this set has a settled label: nothing to compare.")
    report = _report(cases, side_of(a, cases), side_of(b, cases), seed)
    warnings = _warnings(report["accounting"])
    with transaction.atomic():
        made = Comparison.objects.create(
            a=a,
            b=b,
            queue=wanted.queue,
            source=wanted.source,
            seed=seed,
            cases=len(cases),
            left_out=left_out,
            red=bool(warnings),
            warnings=warnings,
            report=report,
            created_by=actor,
        )
        data = {"a": str(a.pk), "b": str(b.pk), "cases": len(cases), "red": made.red}
        record(actor=actor, action="comparison.created", target=made, data=data)
    return made


def _check(a: ModelVersion, b: ModelVersion) -> None:
    for field, version in (("a", a), ("b", b)):
        if version.kind != BackendKind.GROUNDER:
            raise InvalidInput(field, "Only grounders can be compared: a parser's truth is not "
                               "what readers settle.")  # fmt: skip
    if a.pk == b.pk:
        raise InvalidInput("b", "Choose another version: this one is A already.")


def _report(cases: Sequence[SettledCase], a: Side, b: Side, seed: int) -> dict[str, Any]:
    truths = [case.truth for case in cases]
    report = compare_versions(truths, a.predictions, b.predictions, seed=seed)
    for name, side in (("a", a), ("b", b)):
        report["accounting"][name]["generations"] = side.generations
    patients = [truth.patient for truth in truths]
    expected = [_expected(case) for case in cases]
    one, other = ([_judged(side, case) for case in cases] for side in (a, b))
    report["flags"], differences = compare_flags(expected, one, other, patients, seed=seed)
    bootstrap = Bootstrap(patients, seed)
    report["differences"] |= {
        name: paired(bootstrap, statistic, len(cases)) for name, statistic in differences.items()
    }
    codes = {case.truth.id: case.code for case in cases}
    for row in report["cases"]:
        row["code"] = codes[row["id"]]
        row["audits"] = {
            name: str(side.audits[row["id"]]) if row["id"] in side.audits else None
            for name, side in (("a", a), ("b", b))
        }
    return report


def _expected(case: SettledCase) -> Collection[FlagKey]:
    """The flags that an audit with perfect eyes raises, by the comparator itself."""
    truth = case.truth
    found = [
        Finding(label, box)
        for label in LABELS
        if truth.states[label] is State.PRESENT
        for box in truth.boxes[label] or (None,)
    ]
    parsing = get_parser(_RULES).parse(case.draft)
    judged = compare(
        image_state=ImageState.GROUNDED,
        image_labels=truth.states,
        findings=found,
        draft_state=parsing.draft_state,
        mentions=parsing.mentions,
    )
    return {FlagKey(flag.kind, flag.label) for flag in judged.flags}


def _judged(side: Side, case: SettledCase) -> set[FlagKey]:
    """What the side raised on labels whose truth is known."""
    raised = side.flags.get(case.truth.id, set())
    return {key for key in raised if case.truth.states[key.label] is not None}


def _warnings(accounting: dict[str, Any]) -> list[str]:
    told = []
    for name in ("a", "b"):
        side = accounting[name]
        lost = side["failed"] + side["missing"]
        if lost:
            told.append(
                f"{name.upper()} left {lost} of {side['images']} cases without a usable answer "
                f"({side['failed']} failed, {side['missing']} never audited or still at it); "
                "each counts against it."
            )
    return told
