"""What the models really said: the generations of an audit, and the rates of each version."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import (
    Aggregate,
    Avg,
    Case,
    Count,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    TextField,
    When,
)

from audits.models import (
    Audit,
    AuditStep,
    FailedStep,
    Finding,
    Generation,
    LedgerRow,
    Mention,
    ModelVersion,
    StepName,
    StepState,
)

Counts = dict[UUID, dict[str, Any]]


class Percentile95(Aggregate):
    template = "PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "percentile95"
    output_field = FloatField()


def generations_of(audit: Audit) -> QuerySet[Generation]:
    """Every answer of both models, attempt by attempt."""
    return audit.generations.select_related("model").order_by("step", "attempt", "position")


def failures_of(audit: Audit) -> QuerySet[FailedStep]:
    return audit.failures.order_by("-at", "-id")


def model_stats(versions: Iterable[ModelVersion]) -> Counts:
    """Rates of each version over all it did, in a constant number of queries.

    ``schema_valid``, ``repair`` and ``retry`` are shares of its generations, ``drop`` the share
    of what it said that could not be used (the ledger's), ``failure`` the share of its steps that
    failed, attempts that were retried included. A rate without anything to count is null.
    """
    keys = [version.pk for version in versions]
    generations, steps = _generations(keys), _steps(keys)
    ledger, used = _ledger(keys), _used(keys)
    return {
        key: _stats(
            generations.get(key, {}), steps.get(key, {}), ledger.get(key, 0), used.get(key, 0)
        )
        for key in keys
    }


def _stats(
    generations: dict[str, Any], steps: dict[str, Any], ledger: int, used: int
) -> dict[str, Any]:
    counts = {name: generations.get(name, 0) for name in _GENERATIONS}
    total = counts["generations"]
    retries = total - generations.get("calls", 0)
    done, failed = steps.get("done", 0), steps.get("failed", 0)
    mean, p95 = steps.get("mean"), steps.get("p95")
    return {
        **counts,
        "retries": retries,
        "ledger": ledger,
        "emitted": ledger + used,
        "rates": {
            "schema_valid": _share(counts["used"], total),
            "repair": _share(counts["recovered"], total),
            "retry": _share(retries, total),
            "drop": _share(ledger, ledger + used),
            "failure": _share(failed, done + failed),
        },
        "ms": None if mean is None or p95 is None else {"mean": round(mean), "p95": round(p95)},
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


_GENERATIONS = ("generations", "used", "recovered", "failed")


def _generations(keys: list[UUID]) -> Counts:
    call = Func(
        *map(F, ("audit_id", "step", "attempt", "member")),
        template="(%(expressions)s)",
        output_field=TextField(),
    )
    outcomes = {name: Count("id", filter=Q(outcome=name)) for name in _GENERATIONS[1:]}
    rows = Generation.objects.filter(model__in=keys).order_by().values("model_id")
    counted = rows.annotate(generations=Count("id"), calls=Count(call, distinct=True), **outcomes)
    return {row["model_id"]: dict(row) for row in counted}


def _of_step(name: str) -> Case:
    """The version that did a row's step: ``name`` is the column of the step's name."""
    return Case(
        When(**{name: StepName.GROUNDING.value}, then=F("audit__grounder_id")),
        When(**{name: StepName.PARSING.value}, then=F("audit__parser_id")),
    )


def _steps(keys: list[UUID]) -> Counts:
    rows = AuditStep.objects.annotate(model=_of_step("name")).filter(model__in=keys)
    done = Q(state=StepState.DONE.value)
    counted = rows.order_by().values("model").annotate(
        done=Count("id", filter=done),
        mean=Avg("ms", filter=done),
        p95=Percentile95("ms", filter=done),
    )  # fmt: skip
    found: Counts = {row["model"]: dict(row) for row in counted}
    failed = FailedStep.objects.annotate(model=_of_step("step")).filter(model__in=keys)
    for key, n in failed.order_by().values_list("model").annotate(Count("id")):
        found.setdefault(key, {})["failed"] = n
    return found


def _ledger(keys: list[UUID]) -> dict[UUID, int]:
    rows = LedgerRow.objects.annotate(model=_of_step("step")).filter(model__in=keys)
    return dict(rows.order_by().values_list("model").annotate(Count("id")))


def _used(keys: list[UUID]) -> dict[UUID, int]:
    findings = Finding.objects.filter(audit__grounder__in=keys, below=False).order_by()
    mentions = Mention.objects.filter(audit__parser__in=keys).order_by()
    return {
        **dict(findings.values_list("audit__grounder_id").annotate(Count("id"))),
        **dict(mentions.values_list("audit__parser_id").annotate(Count("id"))),
    }
